"""The store as a command sees it: what the command replaces is noted first, so that it can be taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from bot.core import audit
from bot.model import (
    AuditEntry,
    Channel,
    Command,
    Destination,
    Feed,
    Follow,
    Mute,
    Preferences,
    Subscription,
    User,
    Was,
    WatchRule,
    WordList,
)
from bot.ports.stores import Store
from bot.reading import verbs


class Recording:
    """Every write of what people own goes through here; everything else goes straight to the store.

    A chat's own channel, which comes into being with its first rule or source, is no change that anybody asked for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before: dict[tuple[str, tuple[str, ...]], Was] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @property
    def as_store(self) -> Store:
        """This, as what it stands for."""
        return cast(Store, self)

    def entry(self, command: Command, what: str) -> AuditEntry | None:
        """What was changed until now, as an entry of the audit log that is not kept yet; None when nothing was."""
        noted = list(self._before.values())
        before, after = audit.changes(noted, [as_it_is(self._store, was) for was in noted])
        if not before:
            return None
        return AuditEntry(
            destination=command.destination,
            user=command.user,
            at=command.received_at,
            what=what,
            takes_back=verbs.split(command.text)[0] == "undo",
            shared=audit.is_shared((*before, *after)),
            before=before,
            after=after,
        )

    def _note(self, thing: Was) -> None:
        """`thing` says what it is, whether or not it is there."""
        if (thing.kind, thing.key) not in self._before:
            self._before[thing.kind, thing.key] = as_it_is(self._store, thing)

    # -------------------------------------------------------------------------------------------------- what is noted

    def add_rule(self, rule: WatchRule) -> WatchRule:
        """See the port."""
        self._note(Was(kind="rule", key=(rule.id,)))
        return self._store.add_rule(rule)

    def save_rule(self, rule: WatchRule) -> None:
        """See the port."""
        self._note(Was(kind="rule", key=(rule.id,)))
        self._store.save_rule(rule)

    def restore_rule(self, rule: WatchRule) -> None:
        """See the port."""
        self._note(Was(kind="rule", key=(rule.id,)))
        self._store.restore_rule(rule)

    def remove_rule(self, rule_id: str) -> bool:
        """See the port."""
        self._note(Was(kind="rule", key=(rule_id,)))
        return self._store.remove_rule(rule_id)

    def save_list(self, word_list: WordList) -> None:
        """See the port."""
        self._note(Was(kind="list", key=(word_list.channel_id, word_list.name.casefold())))
        self._store.save_list(word_list)

    def remove_list(self, channel_id: str, name: str) -> bool:
        """See the port."""
        self._note(Was(kind="list", key=(channel_id, name.casefold())))
        return self._store.remove_list(channel_id, name)

    def save_channel(self, channel: Channel) -> None:
        """See the port."""
        if self._store.channel(channel.id) is not None:
            self._note(Was(kind="channel", key=(channel.id,)))
        self._store.save_channel(channel)

    def subscribe(self, subscription: Subscription) -> bool:
        """See the port."""
        self._note_subscription(subscription)
        return self._store.subscribe(subscription)

    def unsubscribe(self, subscription: Subscription) -> bool:
        """See the port."""
        self._note_subscription(subscription)
        return self._store.unsubscribe(subscription)

    def _note_subscription(self, subscription: Subscription) -> None:
        channel = self._store.channel(subscription.channel_id)
        if channel is None or channel.home.key != subscription.destination.key:
            key = (subscription.destination.key, subscription.channel_id)
            self._note(Was(kind="subscription", key=key, subscription=subscription))

    def add_feed(self, feed: Feed, channel_id: str) -> Feed:
        """See the port."""
        self._note(Was(kind="source", key=(channel_id, feed.id), feed=_plain(feed)))
        return self._store.add_feed(feed, channel_id)

    def remove_feed(self, feed_id: str, channel_id: str) -> bool:
        """See the port."""
        feed = self._store.feed(feed_id)
        if feed is not None:
            self._note(Was(kind="source", key=(channel_id, feed_id), feed=_plain(feed)))
        return self._store.remove_feed(feed_id, channel_id)

    def set_pace(self, channel_id: str, feed_id: str, every: timedelta | None) -> None:
        """See the port."""
        feed = self._store.feed(feed_id)
        if feed is not None:
            self._note(Was(kind="source", key=(channel_id, feed_id), feed=_plain(feed)))
        self._store.set_pace(channel_id, feed_id, every)

    def save_mute(self, mute: Mute) -> None:
        """See the port."""
        self._note(Was(kind="mute", key=(mute.id,)))
        self._store.save_mute(mute)

    def remove_mute(self, mute_id: str) -> bool:
        """See the port."""
        self._note(Was(kind="mute", key=(mute_id,)))
        return self._store.remove_mute(mute_id)

    def follow(self, follow: Follow) -> bool:
        """See the port."""
        self._note(_of_follow(follow))
        return self._store.follow(follow)

    def unfollow(self, follow: Follow) -> bool:
        """See the port."""
        self._note(_of_follow(follow))
        return self._store.unfollow(follow)

    def save_preferences(self, whose: Destination | User, chosen: Preferences) -> None:
        """See the port."""
        chat = whose if isinstance(whose, Destination) else None
        person = None if isinstance(whose, Destination) else whose
        key = ("chat" if chat else "user", whose.key)
        self._note(Was(kind="preferences", key=key, chat=chat, person=person))
        self._store.save_preferences(whose, chosen)


def put_back(store: Store, was: Was) -> None:
    """Make the thing again what it was; one that was not there goes."""
    if was.kind == "rule":
        store.restore_rule(was.rule) if was.rule else store.remove_rule(was.key[0])
    elif was.kind == "list":
        store.save_list(was.word_list) if was.word_list else store.remove_list(*was.key)
    elif was.kind == "channel" and was.channel:
        store.save_channel(was.channel)
    elif was.kind == "source" and was.feed:
        _put_back_source(store, was, was.feed)
    elif was.kind == "subscription" and was.subscription:
        store.subscribe(was.subscription) if was.there else store.unsubscribe(was.subscription)
    elif was.kind == "mute":
        store.save_mute(was.mute) if was.mute else store.remove_mute(was.key[0])
    elif was.kind == "follow" and was.follow:
        store.follow(was.follow) if was.there else store.unfollow(was.follow)
    elif was.preferences and (whose := was.chat or was.person):
        store.save_preferences(whose, was.preferences)


def _put_back_source(store: Store, was: Was, feed: Feed) -> None:
    channel_id, feed_id = was.key
    if was.there:
        store.add_feed(feed, channel_id)
        store.set_pace(channel_id, feed_id, was.every)
    else:
        store.remove_feed(feed_id, channel_id)


def as_it_is(store: Store, was: Was) -> Was:
    """That thing as it is now."""
    there: object
    if was.kind == "rule":
        there = rule = store.rule(was.key[0])
        now = replace(was, rule=rule)
    elif was.kind == "list":
        channel_id, name = was.key
        there = words = next((each for each in store.lists(channel_id) if each.name.casefold() == name), None)
        now = replace(was, word_list=words)
    elif was.kind == "channel":
        there = channel = store.channel(was.key[0])
        now = replace(was, channel=channel)
    elif was.kind == "source":
        there, now = store.holds(was.key[0], was.key[1]), replace(was, every=store.pace(was.key[0], was.key[1]))
    elif was.kind == "subscription" and was.subscription:
        subscribed = store.subscriptions(was.subscription.destination)
        there, now = any(channel.id == was.key[1] for channel in subscribed), was
    elif was.kind == "mute":
        there = mute = store.mute(was.key[0])
        now = replace(was, mute=mute)
    elif was.kind == "follow" and was.follow:
        there, now = was.follow in store.follows(was.follow.destination), was
    else:
        whose = was.chat or was.person
        there, now = True, replace(was, preferences=store.preferences(whose) if whose else None)
    return replace(now, there=bool(there))


def _plain(feed: Feed) -> Feed:
    """What makes it that source, without what is read of it."""
    return Feed(id=feed.id, kind=feed.kind, url=feed.url, title=feed.title, next_poll_at=feed.next_poll_at)


def _of_follow(follow: Follow) -> Was:
    key = (follow.user.key, follow.destination.key, follow.topic, follow.story)
    return Was(kind="follow", key=key, follow=follow)
