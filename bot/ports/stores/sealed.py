"""What workspaces trusted us with."""

from collections.abc import Mapping
from typing import Protocol


class SealedStore(Protocol):
    """A secret for each workspace, as `ports.Vault` sealed it: the store cannot read it. See `forget_workspace`."""

    def keep_sealed(self, platform: str, workspace: str, value: str) -> None:
        """In place of the one before."""
        ...

    def sealed(self, platform: str) -> Mapping[str, str]:
        """All of a platform, by workspace."""
        ...

    def drop_sealed(self, platform: str) -> int:
        """Delete those of a platform; how many."""
        ...
