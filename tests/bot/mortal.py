"""A process that is meant to be killed: it archives, queues, sends and records, and keeps a diary that outlives it.

`python -m tests.bot.mortal FOLDER` works until it is killed; with `--drain` it sends what is left, and ends.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from bot import say
from bot.core.alerts.alerting import alert_key
from bot.model import Alert, Command, Delivery, Destination
from bot.ports import Store
from tests.fakes import ANNA, NOON, document
from tests.house import open_store

CHATS = [Destination(platform="fake", chat_id=f"chat{number}") for number in range(8)]
LEASE = timedelta(seconds=90)


def write(diary: BinaryIO, line: str) -> None:
    """On disk when it returns, as a message that reached a platform is out of our hands."""
    diary.write(f"{line}\n".encode())
    diary.flush()
    os.fsync(diary.fileno())


def ingest(store: Store) -> None:
    """The next document with its alerts and deliveries: all or nothing."""
    number = store.count_documents() + 1
    story = f"s{number}"
    with store.atomic():
        store.add_document(document(number), feed_id="f", story_id=story, seen_at=NOON)
        for chat in CHATS:
            key = alert_key(chat, story)
            store.save_alert(
                Alert(key=key, destination=chat, story_id=story, rule_ids=("r",), reports=(), raised_at=NOON)
            )
            message = say.message(say.text(f"d{number}"))
            store.put(
                Delivery(
                    id=f"d{number}@{chat.chat_id}", destination=chat, message=message, alert_key=key, created_at=NOON
                )
            )


def send(store: Store, diary: BinaryIO, limit: int) -> int:
    """Claim, send, record; how many."""
    claimed = store.claim(NOON, limit=limit, lease=LEASE, platforms=["fake"])
    for one in claimed:
        write(diary, f"{one.destination.chat_id} {one.id}")
        store.sent(one.id, message=one.message, message_id=f"m-{one.id}", at=NOON, lane_opens=NOON)
    return len(claimed)


def hear(store: Store, diary: BinaryIO, number: int) -> None:
    """A command: acknowledged only once it is received."""
    name = f"{os.getpid()}-{number}"
    store.receive(Command(id=name, user=ANNA, destination=CHATS[0], text="rules", received_at=NOON))
    write(diary, name)


def main(folder: Path, drain: bool) -> None:
    """Live."""
    store = open_store("sqlite", folder)
    store.end_leases()
    with (folder / "platform").open("ab") as platform, (folder / "acknowledged").open("ab") as acknowledged:
        print("alive", flush=True)
        number = 0
        while not drain:
            number += 1
            ingest(store)
            hear(store, acknowledged, number)
            send(store, platform, 8)
        while send(store, platform, 100):
            pass
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--drain" in sys.argv)
