"""What the application asks of the world. A port *is* its conformance suite in `tests/contracts/`.

Async only at the network's edge. A `Store` method blocks and is one transaction (or part of the `atomic` one around
it); it is called through the application's one writer thread.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.config import Settings
from bot.core.quotas import USUAL, Quotas
from bot.errors import UserError
from bot.model import Command, Destination, Discovery
from bot.ports.chats import Chat, Handle, HttpPages, HttpReceiver, LocalChat, Peek, Peeking, Vault
from bot.ports.sources import (
    MOST_REQUESTS,
    Export,
    Http,
    Inspection,
    KeepsPace,
    KeepsSecrets,
    KnownByName,
    Meaning,
    Pushed,
    PushedSource,
    Pushing,
    Reach,
    Source,
    Worker,
    asker,
    exports,
    inspection,
    pauses,
)
from bot.ports.stores import (
    AlertStore,
    Archive,
    ChannelStore,
    ChoiceStore,
    CorrectionStore,
    FeedStore,
    Inbox,
    MuteStore,
    Outbox,
    PaceStore,
    PlanStore,
    RuleStore,
    Store,
    StoryStore,
    Transactions,
)

__all__ = [
    "MOST_REQUESTS",
    "AlertStore",
    "Archive",
    "ChannelStore",
    "Chat",
    "ChoiceStore",
    "Clock",
    "CorrectionStore",
    "Desk",
    "Export",
    "FeedStore",
    "Handle",
    "Http",
    "HttpPages",
    "HttpReceiver",
    "Inbox",
    "Inquiry",
    "Inspection",
    "KeepsPace",
    "KeepsSecrets",
    "Kit",
    "KnownByName",
    "LocalChat",
    "Lookup",
    "Meaning",
    "MuteStore",
    "Outbox",
    "PaceStore",
    "Peek",
    "Peeking",
    "PlanStore",
    "Pushed",
    "PushedSource",
    "Pushing",
    "Reach",
    "RuleStore",
    "Source",
    "Steady",
    "Store",
    "StoryStore",
    "Transactions",
    "Vault",
    "Worker",
    "asker",
    "exports",
    "inspection",
    "pauses",
]

Clock = Callable[[], datetime]
Steady = Callable[[], float]  # seconds since some moment, on a clock that nobody sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What an adapter may use. Each adapter module ends with a typed `connect(kit)`.

    `bot.sources.*`: `def connect(kit: Kit) -> Source`; `bot.chats.*`: `def connect(kit: Kit) -> Chat | str` (a string
    says in one line why the platform is off and how to turn it on); `bot.stores.*`: `def connect(kit: Kit) -> Store`.
    """

    settings: Settings
    clock: Clock
    http: Http | None = None
    worker: Worker | None = None
    vault: Callable[[str], Vault] | None = None  # for chats, by platform; raises PermanentError without a key


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One pasted address, and what discovery found there, or why it found nothing. `name` is what a list calls it."""

    address: str
    name: str = ""
    discoveries: Sequence[Discovery] = ()
    failure: UserError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What became of a pasted text. Of a long list only a part was looked at, from number `first` on."""

    lookups: Sequence[Lookup] = ()
    first: int = 1
    total: int = 0  # addresses in it
    note: str = ""  # what of a list could not be read
    name: str = ""  # one without a place, "@harbour"
    meanings: Sequence[Meaning] = ()  # what that name can mean; `lookups` says what was found at each
    pick: str = ""  # of several finds, the one that was chosen before


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a chat command works with, inside one transaction: everything read and written happens or nothing does."""

    store: Store
    command: Command
    now: datetime
    quotas: Quotas = USUAL
    typed_in: Destination | None = None  # the thread, where `command.destination` is the chat that it speaks for
    inquiry: Inquiry = Inquiry()  # what discovery found, for commands that asked for it
    prepared: object = None  # what the command's own `prepare` made of it, outside the writer thread
    exports: Mapping[str, Export] = field(default_factory=dict)  # by kind of source; kinds that are not in it: never
