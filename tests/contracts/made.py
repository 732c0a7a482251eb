"""What the contract tests put into a store."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot import say
from bot.core.alerts.alerting import alert_key, report_of
from bot.model import Alert, Delivery, Destination, Feed
from bot.ports import Store
from tests.fakes import ANNA, NOON, ROOM, document

LEASE = timedelta(seconds=90)
SECOND = timedelta(seconds=1)
SAID = say.message(say.text("as it was sent"))


def feed(number: int, due: datetime | None = NOON) -> Feed:
    return Feed(id=f"f{number}", kind="feed", url=f"https://f{number}.example/", next_poll_at=due)


def delivery(name: str, to: Destination = ROOM, **more: object) -> Delivery:
    made = Delivery(id=name, destination=to, message=say.message(say.text(name)), created_at=NOON)
    return replace(made, **more)  # type: ignore[arg-type]


def unwritten(name: str, alert_key: str, to: Destination = ROOM, **more: object) -> Delivery:
    made = Delivery(id=name, destination=to, alert_key=alert_key, created_at=NOON)
    return replace(made, **more)  # type: ignore[arg-type]


def alert(to: Destination = ROOM, story: str = "s") -> Alert:
    return Alert(
        key=alert_key(to, story),
        destination=to,
        story_id=story,
        rule_ids=("r1",),
        reports=(report_of(document(1, "Title", published_at=NOON)),),
        mentions=(ANNA,),
        raised_at=NOON,
    )


def claimed(store: Store, now: datetime = NOON, limit: int = 10) -> list[str]:
    return [one.id for one in store.claim(now, limit=limit, lease=LEASE, platforms=["fake"])]


def text(one: Delivery) -> str:
    return one.message.blocks[0].runs[0].text
