"""Reading beside the writer, on every store."""

import threading
from contextlib import suppress

from bot.errors import StoreError
from bot.model import Channel, Subscription
from bot.ports import Store
from tests.fakes import ANNA, HALL, ROOM


def test_a_reader_sees_what_is_committed_and_writes_nothing(store: Store) -> None:
    store.save_channel(Channel(id="a", owner=ANNA, home=ROOM))
    store.subscribe(Subscription(destination=ROOM, channel_id="a"))
    reader = store.reader()
    try:
        assert [channel.id for channel in reader.subscriptions(ROOM)] == ["a"]
        with suppress(StoreError):
            reader.subscribe(Subscription(destination=HALL, channel_id="a"))
        assert store.subscriptions(HALL) == []
    finally:
        reader.close()


def test_a_reader_in_another_thread_waits_for_no_transaction(store: Store) -> None:
    reader, seen = store.reader(), []
    with store.atomic():
        store.save_channel(Channel(id="b", owner=ANNA, home=ROOM))
        thread = threading.Thread(target=lambda: seen.append([channel.id for channel in reader.channels()]))
        thread.start()
        thread.join()
    reader.close()
    assert seen == [[]], "what is not committed is not seen"
