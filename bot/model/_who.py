"""The nouns of who is told what: destinations, people, channels, rules, mutes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A chat, thread or person that gets messages. `user_id` is set when this is that person's direct chat."""

    platform: str
    workspace: str = ""
    chat_id: str
    thread_id: str = ""
    user_id: str = ""

    @property
    def key(self) -> str:
        """The identity, as stored: the person behind a direct chat is not part of it."""
        return "/".join((self.platform, self.workspace, self.chat_id, self.thread_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person on one platform; `name` is for showing only."""

    platform: str
    workspace: str = ""
    user_id: str
    name: str = ""

    @property
    def key(self) -> str:
        """The identity, as stored."""
        return "/".join((self.platform, self.workspace, self.user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A named bundle of feeds and rules. Every chat has its own (`id` = content_id of the destination's key)."""

    id: str
    name: str = ""  # empty until published
    owner: User
    home: Destination
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A destination gets what a channel alerts."""

    destination: Destination
    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule:
    """A stored query. `number` counts within its channel and is what people type; `topic` is what they mute."""

    id: str
    number: int
    channel_id: str
    owner: User
    topic: str
    text: str
    lang: str = "en"
    enabled: bool = True  # False: paused, it alerts nothing
    paused_until: datetime | None = None  # of a paused one; None: until somebody resumes it
    urgent: bool = False  # alerts in quiet hours that let the urgent through
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """What `@name` stands for in a channel's rules: a rule, or words and phrases separated by commas or lines."""

    channel_id: str
    name: str
    text: str


class MuteKind(StrEnum):
    """What a mute silences."""

    TOPIC = "topic"
    RULE = "rule"  # `what` is a rule text: any document it matches
    STORY = "story"
    SITE = "site"
    ALL = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Silence for one user (`user` set) or for a whole destination (`destination` set); `until` None is for good."""

    id: str
    kind: MuteKind
    what: str
    user: User | None = None
    destination: Destination | None = None
    until: datetime | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A person who is mentioned in a shared chat when a topic alerts, or when a story (its id) goes on."""

    user: User
    destination: Destination
    topic: str = ""
    story: str = ""
