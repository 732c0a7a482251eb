"""What a fresh database begins with: the sample newsroom, one rule on it, and the local chat that gets it."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.core.alerts.channels import new_channel_id
from bot.model import Channel, Feed, Subscription, WatchRule, content_id
from bot.ports import LocalChat, Store

RULE = '"troop deployment" AND Ukraine'
CHANNEL = "newsroom"


def prepare(store: Store, chat: LocalChat, seed_dir: Path | None, now: datetime) -> bool:
    """Fill an empty database; False when this was done before (the local chat has its channel)."""
    channel_id = new_channel_id(chat.here)
    with store.atomic():
        if store.channel(channel_id) is not None:
            return False
        store.save_channel(Channel(id=channel_id, name=CHANNEL, owner=chat.you, home=chat.here, public=True))
        store.subscribe(Subscription(destination=chat.here, channel_id=channel_id))
        store.add_rule(
            WatchRule(
                id=content_id("rule", channel_id, "first run"),
                number=0,
                channel_id=channel_id,
                owner=chat.you,
                topic="troops",
                text=RULE,
                created_at=now,
            )
        )
        if seed_dir is not None:
            url = str(seed_dir)
            feed = Feed(
                id=content_id("feed", "directory", url),
                kind="directory",
                url=url,
                title="Sample newsroom",
                interval=timedelta(seconds=2),
                next_poll_at=now,
                alert_first_poll=True,
            )
            store.add_feed(feed, channel_id)
    return True
