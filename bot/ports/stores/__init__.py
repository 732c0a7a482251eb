"""What keeps everything: one database behind a part for each subject.

A stage or a command asks for the parts that it uses, joined with `Transactions` where several writes belong together.
A new method goes to the part of its subject, with its promise; it owes an implementation in every store, and a test in
`tests/contracts/`, which runs on each of them.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.ports.stores.alerts import AlertStore
from bot.ports.stores.archive import Archive
from bot.ports.stores.belongings import BelongingStore
from bot.ports.stores.channels import ChannelStore
from bot.ports.stores.choices import ChoiceStore
from bot.ports.stores.condition import ConditionStore
from bot.ports.stores.corrections import CorrectionStore
from bot.ports.stores.feeds import FeedStore
from bot.ports.stores.inbox import Inbox
from bot.ports.stores.mutes import MuteStore
from bot.ports.stores.outbox import Outbox
from bot.ports.stores.paces import PaceStore
from bot.ports.stores.people import PersonStore
from bot.ports.stores.plans import PlanStore
from bot.ports.stores.rules import RuleStore
from bot.ports.stores.sealed import SealedStore
from bot.ports.stores.stories import StoryStore

__all__ = [
    "AlertStore",
    "Archive",
    "BelongingStore",
    "ChannelStore",
    "ChoiceStore",
    "ConditionStore",
    "CorrectionStore",
    "FeedStore",
    "Inbox",
    "MuteStore",
    "Outbox",
    "PaceStore",
    "PersonStore",
    "PlanStore",
    "RuleStore",
    "SealedStore",
    "Store",
    "StoryStore",
    "Transactions",
]


class Transactions(Protocol):
    """Writes that happen together or not at all."""

    def atomic(self) -> AbstractContextManager[None]:
        """One transaction around several calls; may be nested; undone on any exception."""
        ...


class Store(
    Transactions,
    FeedStore,
    PaceStore,
    Archive,
    ChannelStore,
    RuleStore,
    MuteStore,
    ChoiceStore,
    AlertStore,
    Outbox,
    Inbox,
    CorrectionStore,
    StoryStore,
    PlanStore,
    PersonStore,
    SealedStore,
    ConditionStore,
    BelongingStore,
    Protocol,
):
    """One database."""

    def migrate(self) -> list[str]:
        """Bring the schema up to date; names of the steps applied. Raises StoreError (damaged, newer than us)."""
        ...

    def reader(self) -> "Store":
        """What is committed, to be read from another thread without waiting for this one; nothing is written by it.

        Made in the thread of the store, closed by whoever asked for it.
        """
        ...

    def end_leases(self) -> None:
        """No other process is at work here, so every lease is a dead one's: feeds are free, `sending` is `unknown`."""
        ...

    def backup(self, file: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Write all that is committed to one file, while others go on writing. `progress`: parts done, parts in all.

        Raises StoreError, OSError.
        """
        ...

    def after_restore(self, now: datetime) -> int:
        """What is here is a backup: what was queued then is not sent (it was, since), and each source's next visit
        finds what was published meanwhile without alerting it. How many messages were given up.
        """
        ...

    def check(self) -> list[str]:
        """What is wrong with it, in words; empty when sound."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
