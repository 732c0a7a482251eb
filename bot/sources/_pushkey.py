"""The one key of this installation from which the secrets of webhooks and WebSub are derived.

So the database holds no secret, and a copy of it forges nothing. Who loses the file must add webhooks anew.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.errors import PermanentError

NAME = "push.key"


def secret_for(folder: Path, *words: str) -> str:
    """40 hexadecimal digits for what `words` name. Makes the key when there is none; raises PermanentError."""
    try:
        key = _key(folder / NAME)
    except OSError as error:
        raise PermanentError(f"The file {folder / NAME} cannot be read or made: {error.strerror}.") from None
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
        raise PermanentError(f"{path} is damaged: it must hold the 64 digits that were made with it.")
    return key
