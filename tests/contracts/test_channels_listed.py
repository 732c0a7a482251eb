"""All channels, on every store."""

from bot.model import Channel
from bot.ports import Store
from tests.fakes import ANNA, ROOM


def test_channels_are_listed_whether_published_or_not(store: Store) -> None:
    assert store.channels() == []
    named = Channel(id="b", name="news", owner=ANNA, home=ROOM, public=True)
    own = Channel(id="a", owner=ANNA, home=ROOM)
    for channel in (named, own):
        store.save_channel(channel)
    assert store.channels() == [own, named]
