"""The one key of this installation from which the secrets of webhooks and WebSub are derived.

So the database holds no secret, and a copy of it forges nothing. Who loses the file must add webhooks anew.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

import structlog

from bot.errors import PermanentError

log = structlog.get_logger(__name__)

NAME = "push.key"


def secret_for(folder: Path, *words: str) -> str:
    """40 hexadecimal digits for what `words` name. Makes the key when there is none; raises PermanentError."""
    try:
        key = _key(folder / NAME)
    except OSError as error:
        log.error("the key of webhooks cannot be read or made", file=str(folder / NAME), error=error.strerror)
        raise PermanentError("The key of this installation cannot be read; the operator's log says why.") from None
    return hmac.new(key, "\x1f".join(words).encode(), hashlib.sha256).hexdigest()[:40]


def _key(path: Path) -> bytes:
    if not path.exists():
        draft = path.with_name(f"{NAME}.{secrets.token_hex(4)}")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, secrets.token_hex(32).encode())
            os.fsync(file)
        finally:
            os.close(file)
        with contextlib.suppress(FileExistsError):  # another process was quicker: its key counts
            os.link(draft, path)
        draft.unlink()
    key = path.read_bytes().strip()
    if len(key) < 32:
        log.error("the key of webhooks is damaged: it must hold the 64 digits made with it", file=str(path))
        raise PermanentError("The key of this installation is damaged; the operator's log says more.")
    return key
