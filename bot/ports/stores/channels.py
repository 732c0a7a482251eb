"""Channels, who is subscribed to them, and chats that are gone for us."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.model import Channel, Destination, Subscription


class ChannelStore(Protocol):
    """Channels, who is subscribed to them, and chats that are gone for us."""

    def save_channel(self, channel: Channel) -> None:
        """Insert or replace by id. Raises UserError when another channel has that name (case-insensitive)."""
        ...

    def channel(self, channel_id: str) -> Channel | None:
        """By id."""
        ...

    def channel_named(self, name: str) -> Channel | None:
        """By name, case-insensitive."""
        ...

    def public_channels(self) -> list[Channel]:
        """Published ones, by name."""
        ...

    def channels(self) -> list[Channel]:
        """All of them, by id."""
        ...

    def subscribe(self, subscription: Subscription) -> bool:
        """False when it was there already."""
        ...

    def unsubscribe(self, subscription: Subscription) -> bool:
        """False when there was none."""
        ...

    def subscriptions(self, destination: Destination) -> list[Channel]:
        """The channels that a destination gets, own one included if it has one, in order of subscribing."""
        ...

    def subscribers(self, channel_ids: Iterable[str]) -> list[Destination]:
        """Every destination that gets at least one of these channels, paused ones too."""
        ...

    def listening(self, destinations: Iterable[Destination], channel_ids: Iterable[str]) -> list[Destination]:
        """Those of `destinations` that get at least one of these channels, paused ones too, by key."""
        ...

    def readers(self, destinations: Iterable[Destination], feed_id: str) -> list[Destination]:
        """Those of `destinations` that get at least one channel that holds the feed, paused ones too, by key."""
        ...

    def pause_destination(self, destination: Destination, why: str, *, removed_at: datetime | None = None) -> None:
        """Send nothing there until `resume_destination`: the chat is gone for us. Its subscriptions stay.

        A chat (no thread) stands for all of its threads, here and in `resume_destination`. `removed_at`: somebody
        there removed us then; see `PersonStore.removed_before`.
        """
        ...

    def paused(self, destination: Destination) -> str:
        """Why nothing is sent there; empty when it is not paused."""
        ...

    def resume_destination(self, destination: Destination) -> bool:
        """Undo a pause; False when it was not paused."""
        ...

    def note_title(self, destination: Destination, title: str) -> None:
        """The platform calls the chat (with all of its threads) so from now on."""
        ...

    def title_of(self, destination: Destination) -> str:
        """What the platform calls the chat; empty when it never said so."""
        ...

    def move_destination(self, old: Destination, new: Destination) -> None:
        """The platform gave a chat another id: rewrite every row that names it."""
        ...
