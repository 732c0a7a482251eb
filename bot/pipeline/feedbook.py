"""A feed after a visit: saved together with what its chats have to know of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot import say
from bot.core.alerts.channels import chooser
from bot.core.visits import checking, health
from bot.model import Asked, Delivery, Feed, content_id
from bot.ports import ChannelStore, ChoiceStore, FeedStore, Outbox, PaceStore, Transactions
from bot.zones import zone_named


class VisitStore(Transactions, FeedStore, PaceStore, ChannelStore, ChoiceStore, Outbox, Protocol):
    """What visits read and write."""


def save_visited(store: VisitStore, before: Feed, after: Feed, now: datetime) -> int:
    """Write the feed back; tell the chats that hold it of a pause, a silence or its end, once each; how many."""
    queued = 0
    with store.atomic():
        there = store.feed(after.id)
        if there is not None and after.cursor == before.cursor != there.cursor:
            after = replace(after, cursor=there.cursor)  # something was pushed while the visit was under way
        asked = there.health.asked if there is not None else ()
        after = replace(after, health=replace(after.health, asked=()))
        store.save_feed(after)
        queued += _tell(store, asked, before, after, now)
        if health.news(before, after, 1, now) is None:
            return queued
        for channel_id in sorted(store.feed_channels(after.id)):
            channel = store.channel(channel_id)
            numbers = [feed.id for feed in store.feeds(channel_id)]
            notice = health.news(before, after, numbers.index(after.id) + 1, now)
            if channel is None or notice is None:
                continue
            store.put(
                Delivery(
                    id=content_id("feed", after.id, channel_id, notice[0]),
                    destination=channel.home,
                    message=notice[1],
                    created_at=now,
                )
            )
            queued += 1
    return queued


def put_back(store: VisitStore, feed: Feed, later: datetime) -> None:
    """A claimed feed that was not visited is due later; who asked for it meanwhile still waits."""
    with store.atomic():
        store.save_feed(replace(store.feed(feed.id) or feed, next_poll_at=later))


def _tell(store: VisitStore, asked: Sequence[Asked], before: Feed, after: Feed, now: datetime) -> int:
    """What the visit brought, to those who asked for it; how many."""
    newest = store.newest_document(after.id) if asked else None
    for number, who in enumerate(asked):
        zone = zone_named(store.preferences(chooser(who.destination)).zone)
        store.put(
            Delivery(
                id=content_id("check", after.id, who.destination.key, who.reply_to, now.isoformat(), str(number)),
                destination=who.destination,
                message=say.in_zone(checking.result(before, after, newest), zone),
                reply_to=who.reply_to,
                created_at=now,
            )
        )
    return len(asked)
