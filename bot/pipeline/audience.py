"""Who is concerned by what a feed gives: from the rules that matched to chats, never through everybody who listens."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from bot.core.alerts.channels import chooser, direct
from bot.core.alerts.holding import AWAY, Hold, hold
from bot.model import Alert, Channel, Destination, Feed, Follow, Mute, User, WatchRule
from bot.ports import ChannelStore, ChoiceStore, FeedStore, MuteStore
from bot.zones import zone_named


class AudienceStore(FeedStore, ChannelStore, MuteStore, ChoiceStore, Protocol):
    """What is asked to find the chats."""


class Audience:
    """The chats of one feed, for one batch of its documents. Each question is asked once, and only when it comes up."""

    def __init__(self, store: AudienceStore, feed: Feed, now: datetime) -> None:
        self._store = store
        self._now = now
        self._feed_id = feed.id
        self._channel = cache(store.channel)
        self._paused = cache(store.paused)
        self._hold = cache(self._ask_hold)
        self._follows: dict[str, list[Follow]] = {}
        self._mutes: dict[str, list[Mute]] = {}
        self._subscribers: dict[str, list[Destination]] = {}

    def concerned(
        self, rules: Iterable[WatchRule], alerts: Iterable[Alert]
    ) -> list[tuple[Destination, tuple[WatchRule, ...]]]:
        """The chats that get something of a document, by key, each with those of `rules` that are its own or its
        channels'. `alerts` are those that the document's story has already: their chats may get an update.

        A chat gets the rules of the subscribed channels that hold this feed, and its own rules on all of their feeds.
        """
        places: dict[str, Destination] = {}
        rules_there: dict[str, list[WatchRule]] = {}
        for rule in rules:
            for place in self._chats_of(rule.channel_id):
                places[place.key] = place
                rules_there.setdefault(place.key, []).append(rule)
        shown_at = {alert.destination.key: alert.destination for alert in alerts}
        unseen = [place for key, place in shown_at.items() if key not in places]
        if unseen:
            places |= {place.key: place for place in self._store.readers(unseen, self._feed_id)}
        return [(places[key], tuple(rules_there.get(key, ()))) for key in sorted(places)]

    def _chats_of(self, channel_id: str) -> Sequence[Destination]:
        """The chats for which a rule of that channel counts."""
        if channel_id not in self._subscribers:
            self._subscribers[channel_id] = self._ask(channel_id)
        return self._subscribers[channel_id]

    def _ask(self, channel_id: str) -> list[Destination]:
        if self._store.holds(channel_id, self._feed_id):
            return self._store.subscribers([channel_id])
        channel = self._channel(channel_id)  # its own chat may get this feed by another channel
        if channel is None or not self._store.listening([channel.home], [channel_id]):
            return []
        return self._store.readers([channel.home], self._feed_id)

    def channel(self, channel_id: str) -> Channel | None:
        """As the store has it."""
        return self._channel(channel_id)

    def hold(self, destination: Destination, *, urgent: bool) -> Hold | None:
        """Whether an alert for a chat waits, by what the chat chose, or because it is gone for us."""
        if self._paused(destination):
            return Hold(AWAY, None)
        return self._hold(chooser(destination), urgent)

    def _rests(self, user: User) -> bool:
        """Whether somebody wants to be left alone now: no alert mentions them."""
        return self._hold(user, False) is not None

    def _ask_hold(self, whose: Destination | User, urgent: bool) -> Hold | None:
        chosen = self._store.preferences(whose)
        return hold(chosen, self._now, zone_named(chosen.zone), urgent=urgent)

    def follows(self, destination: Destination) -> list[Follow]:
        """Who follows what there."""
        if destination.key not in self._follows:
            follows = self._store.follows(destination)
            self._follows[destination.key] = [each for each in follows if not self._rests(each.user)]
        return self._follows[destination.key]

    def mutes(self, destination: Destination) -> list[Mute]:
        """Those that can silence something there, or keep somebody from being mentioned."""
        if destination.key not in self._mutes:
            person = User(platform=destination.platform, workspace=destination.workspace, user_id=destination.user_id)
            people = [follow.user for follow in self.follows(destination)]
            people += [person] if direct(person).chat_id else []
            self._mutes[destination.key] = self._store.mutes_of(destination, people, self._now)
        return self._mutes[destination.key]
