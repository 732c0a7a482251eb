"""Who gets a channel that is forgotten with its chat is told: alerts that just stay away look like no news."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.model import Delivery, Destination, content_id
from bot.ports.stores import ChannelStore, Outbox
from bot.writing.notices import channel_gone


class FarewellStore(ChannelStore, Outbox, Protocol):
    """What telling it reads and writes."""


def tell_subscribers(store: FarewellStore, leaving: Callable[[Destination], bool], now: datetime) -> None:
    """Tell the chats that stay of each channel of those that are `leaving`. Inside a transaction, before they go."""
    for channel in store.channels():
        if not leaving(channel.home):
            continue
        for place in store.subscribers([channel.id]):
            if not leaving(place):
                notice = content_id("channel gone", channel.id, place.key, now.isoformat())
                store.put(Delivery(id=notice, destination=place, message=channel_gone(channel.name), created_at=now))
