"""What was held comes: together as a digest, or by itself where it is alone. Blocking; lives in the writer thread."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from bot.core.alerts.alerting import ledger_line
from bot.core.alerts.channels import chooser
from bot.core.alerts.holding import AWAY
from bot.model import Alert, Delivery, Destination, Reason, State, WatchRule, content_id
from bot.pipeline.writer import Write
from bot.ports import AlertStore, ChoiceStore, Clock, Outbox, RuleStore, Transactions
from bot.writing.notices import digest_message, held_offer
from bot.zones import zone_named

AT_ONCE = 50  # chats of one transaction
IN_ONE = 15  # stories of one message: what a phone shows in a few screens
MOST_MESSAGES = 4  # of one digest; what is left is in the ledger


class DigestStore(Transactions, Outbox, AlertStore, RuleStore, ChoiceStore, Protocol):
    """What a digest is made of."""


class Digests:
    """Looks at each tick for chats whose held alerts are due."""

    def __init__(self, store: DigestStore, write: Write, clock: Clock) -> None:
        self._store = store
        self._write = write
        self._clock = clock

    async def tick(self) -> None:
        """Release what is due; the messages are queued."""
        while await self._write(self._some, self._clock()) == AT_ONCE:
            pass

    def _some(self, now: datetime) -> int:
        places = self._store.due_holds(now, limit=AT_ONCE)
        for place in places:
            with self._store.atomic():
                self._release(place, now)
        return len(places)

    def _release(self, destination: Destination, now: datetime) -> None:
        due = [each for each in self._store.held(destination) if each.not_before is not None and each.not_before <= now]
        alerts = {each.id: self._store.alert(each.alert_key) for each in due if each.kind == "send"}
        shown = {name: alert for name, alert in alerts.items() if alert is not None and not alert.folded}
        replies = [each.id for each in due if each.id not in alerts]
        if len(shown) == 1:
            self._store.release([*shown, *replies], state=State.PENDING)
            self._note(shown.values(), Reason.NEW_STORY, now)
        elif shown:
            self._put_digest(destination, [*shown.values()], due[0], now)
            self._store.release(shown, state=State.SENT, error="in a digest")
            self._store.release(replies, state=State.PENDING)
        self._store.release([each.id for each in due], state=State.DEAD, error="another alert tells its story")

    def _put_digest(self, destination: Destination, alerts: Sequence[Alert], first: Delivery, now: datetime) -> None:
        zone = self._zone(destination)
        rows = [(alert, self._topics(alert)) for alert in alerts]
        rows.sort(key=lambda row: (row[1], row[0].raised_at))
        room = IN_ONE * MOST_MESSAGES
        self._note([alert for alert, _ in rows[:room]], Reason.IN_DIGEST, now)
        self._note([alert for alert, _ in rows[room:]], Reason.LIMITED, now, f"a digest has room for {room}")
        parts = [rows[at : at + IN_ONE] for at in range(0, min(len(rows), room), IN_ONE)]
        for number, part in enumerate(parts):
            self._store.put(
                Delivery(
                    id=content_id("digest", first.id, str(number)),
                    destination=destination,
                    message=digest_message(
                        part,
                        why=first.error,
                        total=len(rows),
                        page=(number + 1, len(parts)),
                        left=len(rows) - room if part is parts[-1] else 0,
                        now=now,
                        zone=zone,
                    ),
                    created_at=now,
                )
            )

    def _zone(self, destination: Destination) -> tzinfo:
        return zone_named(self._store.preferences(chooser(destination)).zone)

    def _topics(self, alert: Alert) -> str:
        rules: list[WatchRule] = self._store.rules_by_id(alert.rule_ids)
        return ", ".join(dict.fromkeys(rule.topic for rule in rules))

    def _note(self, alerts: Iterable[Alert], reason: Reason, now: datetime, detail: str = "") -> None:
        for alert in alerts:
            self._store.record(ledger_line(alert, reason, now, detail))


def offer_held(store: DigestStore, destination: Destination, now: datetime) -> None:
    """A chat is back: ask what shall become of what matched while it was away. Inside a transaction."""
    waiting = [each for each in store.held(destination) if each.error == AWAY]
    if waiting:
        store.put(
            Delivery(
                id=content_id("offer", waiting[-1].id),
                destination=destination,
                message=held_offer(len(waiting)),
                created_at=now,
            )
        )
