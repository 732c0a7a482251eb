"""A feed after a visit: saved together with what its chats have to know of it."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.core.visits import health
from bot.model import Delivery, Feed, content_id
from bot.ports import ChannelStore, FeedStore, Outbox, Transactions


class VisitStore(Transactions, FeedStore, ChannelStore, Outbox, Protocol):
    """What visits read and write."""


def save_visited(store: VisitStore, before: Feed, after: Feed, now: datetime) -> int:
    """Write the feed back; tell the chats that hold it of a pause, a silence or its end, once each; how many."""
    queued = 0
    with store.atomic():
        there = store.feed(after.id)
        if there is not None and after.cursor == before.cursor != there.cursor:
            after = replace(after, cursor=there.cursor)  # something was pushed while the visit was under way
        store.save_feed(after)
        if health.news(before, after, 1, now) is None:
            return 0
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
