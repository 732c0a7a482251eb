"""The nouns, in the order in which the flow meets them.

Frozen, slots, keyword-only. Times are aware UTC `datetime`, durations `timedelta`, offsets half-open code points,
ids strings derived from content, so that repeating a step is harmless on any machine.
"""

from bot.model._coming_in import (
    Entry,
    Feed,
    Found,
    Health,
    Poll,
    Reread,
    Response,
    SilentEdit,
)
from bot.model._going_out import (
    Alert,
    Block,
    Button,
    Command,
    Delivery,
    Excerpt,
    LedgerLine,
    Limits,
    Message,
    Reason,
    Report,
    Run,
    State,
    StoredDocument,
    Style,
)
from bot.model._ids import (
    content_id,
)
from bot.model._who import (
    Channel,
    Destination,
    Follow,
    Mute,
    MuteKind,
    Subscription,
    User,
    WatchRule,
    WordList,
)

__all__ = [
    "Alert",
    "Block",
    "Button",
    "Channel",
    "Command",
    "Delivery",
    "Destination",
    "Entry",
    "Excerpt",
    "Feed",
    "Follow",
    "Found",
    "Health",
    "LedgerLine",
    "Limits",
    "Message",
    "Mute",
    "MuteKind",
    "Poll",
    "Reason",
    "Report",
    "Reread",
    "Response",
    "Run",
    "SilentEdit",
    "State",
    "StoredDocument",
    "Style",
    "Subscription",
    "User",
    "WatchRule",
    "WordList",
    "content_id",
]
