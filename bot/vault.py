"""Keeps the secrets of workspaces in the database, unreadable without the key, which is not in there.

Sealed with Fernet (AES and a signature): whoever has the database or a backup of it has no token, and a row that was
changed, or put in another workspace's place, is noticed.
"""

import json
from collections.abc import Callable

from bot.config import Settings
from bot.errors import PermanentError
from bot.pipeline.writer import Writing
from bot.ports import Store

NO_KEY = (
    "off: WATCHWORD_SECRET_KEY is missing, and without it the workspaces' tokens would lie open in the database. "
    "`watchword make-key FILE` makes one; name it in WATCHWORD_SECRET_KEY_FILE."
)
NOT_A_KEY = "off: WATCHWORD_SECRET_KEY is no key; `watchword make-key FILE` makes one."
ANOTHER_KEY = (
    "WATCHWORD_SECRET_KEY is not the key that the tokens in the database were sealed with. Put that one back. If it is "
    "lost, `watchword drop-tokens {platform}` deletes them, and the app is installed again in each workspace."
)


def new_key() -> str:
    """A key for WATCHWORD_SECRET_KEY."""
    from cryptography.fernet import Fernet  # 0.1 s to import: only where something is sealed

    return Fernet.generate_key().decode()


class Vault:
    """See `ports.Vault`: the secrets of one platform's workspaces."""

    def __init__(self, platform: str, key: str, store: Store, write: Writing) -> None:
        """Raises PermanentError for what is no key."""
        from cryptography.fernet import Fernet

        try:
            self._fernet = Fernet(key.encode())
        except ValueError:
            raise PermanentError(NOT_A_KEY) from None
        self._platform = platform
        self._store = store
        self._write = write.urgent

    async def keep(self, workspace: str, secret: str) -> None:
        """Seal it, in place of the one before."""
        sealed = self._fernet.encrypt(json.dumps([self._platform, workspace, secret]).encode()).decode()
        await self._write(self._store.keep_sealed, self._platform, workspace, sealed)

    async def secrets(self) -> dict[str, str]:
        """All of them, by workspace."""
        rows = await self._write(self._store.sealed, self._platform)
        return {workspace: self._opened(workspace, sealed) for workspace, sealed in rows.items()}

    def _opened(self, workspace: str, sealed: str) -> str:
        from cryptography.fernet import InvalidToken

        try:
            *place, secret = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise PermanentError(ANOTHER_KEY.format(platform=self._platform)) from None
        if place != [self._platform, workspace]:
            raise PermanentError(f"The token of {workspace} in the database is another workspace's: restore a backup.")
        return str(secret)


def vaults(settings: Settings, store: Store, write: Writing) -> Callable[[str], Vault]:
    """For `Kit.vault`."""

    def vault(platform: str) -> Vault:
        if settings.secret_key is None:
            raise PermanentError(NO_KEY)
        return Vault(platform, settings.secret_key.get_secret_value(), store, write)

    return vault
