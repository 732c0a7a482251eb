"""What an empty database begins with: a sample to look at, in a channel of its own, and how to go on."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Settings
from bot.errors import UserError
from bot.model import Channel, Delivery, Destination, Feed, Subscription, WatchRule, content_id
from bot.ports import LocalChat, Store
from bot.writing.answers import first_steps

RULE = '"troop deployment" AND Ukraine'
CHANNEL = "sample"
HOME = Destination(platform="local", chat_id="sample")  # nobody is there: those who subscribe get it


def seeds_of(settings: Settings) -> Path | None:
    """The folder of sample documents. Raises UserError when the one that was asked for is not there."""
    asked = settings.seed_dir
    if asked is not None:
        if not asked.is_dir():
            raise UserError(
                f"WATCHWORD_SEED_DIR is {asked}, which is no folder.",
                cure="Make the folder, or leave the setting out.",
            )
        return asked.resolve()
    usual = (Path("seeds"), Path(__file__).parent.parent / "seeds")  # here, or beside the code
    return next((folder.resolve() for folder in usual if folder.is_dir()), None)


def prepare(store: Store, chat: LocalChat, seeds: Path | None, now: datetime) -> bool:
    """Fill an empty database with the sample, and subscribe the local chat to it; False when there is something.

    Without `seeds` there is no sample.
    """
    with store.atomic():
        if store.channels() or store.deliveries(chat.here, limit=1):
            return False
        if seeds is not None:
            _add_sample(store, chat, str(seeds), now)
    return True


def greet(store: Store, chat: LocalChat, seeds: Path | None, now: datetime) -> None:
    """After the sample's alert, if there is one: how to get alerts of one's own."""
    store.put(
        Delivery(
            id=content_id("first steps", chat.here.key),
            destination=chat.here,
            message=first_steps(CHANNEL if seeds is not None else ""),
            created_at=now,
        )
    )


def _add_sample(store: Store, chat: LocalChat, url: str, now: datetime) -> None:
    channel_id = content_id("channel", HOME.key)
    store.save_channel(Channel(id=channel_id, name=CHANNEL, owner=chat.you, home=HOME, public=True))
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
