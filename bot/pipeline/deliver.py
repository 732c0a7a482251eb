"""Send what is queued: claim (committed), send, mark - so that a death in between costs a repeat, never a loss."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.alerts import retry
from bot.core.alerts.alerting import alert_key, ledger_line
from bot.core.clock import planned_anew
from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError
from bot.model import UNWRITTEN, Alert, Delivery, Reason, State, User
from bot.pipeline.losing import LossStore, put_notices, reachable, tell_of_loss
from bot.pipeline.render import Renderer
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import AlertStore, Chat, Clock, KeepsSecrets, Source, Transactions
from bot.ports.meter import SILENT, Meter
from bot.writing.notices import as_repeat, not_delivered, with_secrets

log = structlog.get_logger(__name__)

MOST_AWAITED = 60.0  # seconds for which a timer is set; the tick sees to what opens later
BEHIND = 0.005  # seconds after a lane opens, so that it is open by any clock
AT_ONCE = 32  # chats; each platform has its own pace besides
LEASE = timedelta(seconds=90)  # longer than any platform call may take
MOST_LOOKUPS = 5  # attempts in which a chat may put off whether an earlier one arrived
MARK_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # between tries to note what was sent, within the lease


@dataclass(frozen=True, slots=True)
class _Sent:
    """A delivery that arrived, with the platform's id for its message."""

    delivery: Delivery
    message_id: str
    at: datetime
    lane_opens: datetime


class DeliveryStore(Transactions, AlertStore, LossStore, Protocol):
    """What sending reads and writes."""


class Deliver:
    """Claims due deliveries, one per destination at a time, and hands each to its platform."""

    def __init__(
        self,
        store: DeliveryStore,
        renderer: Renderer,
        chats: Mapping[str, Chat],
        sources: Mapping[str, Source],
        write: Write,
        clock: Clock,
        meter: Meter = SILENT,
        opened: Callable[[], None] = lambda: None,
    ) -> None:
        """`opened` is called when a lane has opened that was closed by its pace."""
        self._open = opened
        self._under_way: set[str] = set()  # deliveries
        self._meter = meter
        self._published: dict[str, datetime] = {}  # of alerts under way, by delivery
        self._store = store
        self._renderer = renderer
        self._chats = chats
        self._sources = sources
        self._write = write
        self._clock = clock
        self._next_turn: dict[str, datetime] = {}
        self._took_at: dict[str, datetime] = {}  # when each platform last took a message
        self._arrived: list[_Sent] = []  # sent, and not yet marked
        self._marking = asyncio.Lock()
        self.slots = Slots(AT_ONCE, self._claim, self._send)

    async def _claim(self, free: int) -> list[Delivery]:
        """What is due. A clock that is set ends the lease of what we are sending: that is not sent beside itself."""
        claimed = await self._write(self._written, free, self._clock())
        own = [delivery for delivery in claimed if delivery.id not in self._under_way]
        self._under_way.update(delivery.id for delivery in own)
        return own

    def _written(self, free: int, now: datetime) -> list[Delivery]:
        """Due deliveries under a lease, each alert in the words that are true of it now. In the writer thread."""
        with self._store.atomic():
            claimed = self._store.claim(now, limit=free, lease=LEASE, platforms=sorted(self._chats))
            return [written for delivery in claimed if (written := self._in_words(delivery, now)) is not None]

    def _in_words(self, delivery: Delivery, now: datetime) -> Delivery | None:
        alert = self._store.alert(delivery.alert_key) if delivery.alert_key else None
        if alert is not None and delivery.kind == "send" and alert.folded:
            self._store.dead(delivery.id, error="another alert tells its story")
            return None
        if alert is not None:
            message = delivery.message if delivery.kind == "reply" else self._renderer.message(alert, now)
            if delivery.kind == "send" and (published := alert.reports[0].published_at) is not None:
                self._published[delivery.id] = published
            return replace(delivery, message=message, reply_to=self._thread_of(alert, delivery))
        if delivery.message == UNWRITTEN:
            self._store.dead(delivery.id, error="its alert is not kept any more")
            return None
        return delivery

    def _thread_of(self, alert: Alert, delivery: Delivery) -> str:
        """The message in whose thread a message of the alert stands, "" when it stands for itself."""
        above = self._store.alert(alert_key(alert.destination, alert.under)) if alert.under else None
        if above is not None and above.message_id:
            return above.message_id
        return alert.message_id if delivery.kind == "reply" else ""

    def _measure(self, sent: _Sent) -> None:
        delivery = sent.delivery
        self._meter.count("deliveries", platform=delivery.destination.platform, outcome="sent")
        waited = (sent.at - delivery.created_at).total_seconds()
        self._meter.took("queued_to_receipt", waited, platform=delivery.destination.platform)
        if delivery.kind == "send" and delivery.id in self._published:
            age = (sent.at - self._published.pop(delivery.id)).total_seconds()
            self._meter.took("publication_to_receipt", age, platform=delivery.destination.platform)

    def _unsent(self, delivery: Delivery, outcome: str) -> None:
        self._published.pop(delivery.id, None)
        self._meter.count("deliveries", platform=delivery.destination.platform, outcome=outcome)

    async def _send(self, delivery: Delivery) -> None:
        try:
            await self._try(delivery)
        finally:
            self._under_way.discard(delivery.id)

    async def _try(self, delivery: Delivery) -> None:
        chat = self._chats[delivery.destination.platform]
        await self._turn(chat)
        began = self._clock()
        try:
            if delivery.kind == "edit":
                await chat.edit(delivery)
                message_id = delivery.message_id
            else:
                message_id = await self._posted(chat, delivery)
        except TransientError as error:
            await self._again(delivery, str(error), error.retry_after)
        except UnknownOutcome as error:
            await self._unknown(delivery, str(error))
        except PermanentError as error:
            await self._refused(delivery, error)
        except Exception as error:  # an adapter's bug is a poison message: it must not stop its lane for ever
            log.exception("sending failed", delivery=delivery.id)
            await self._again(delivery, f"internal error ({type(error).__name__})", None, ours=True)
        else:
            # The platform counts from when it got the message; a little later than when we began.
            opens = began + _pace(chat, delivery)
            self._took_at[delivery.destination.platform] = began
            await self._mark(_Sent(delivery, message_id, self._clock(), opens))
            self._fill_at(opens)

    def _fill_at(self, opens: datetime) -> None:
        """Look for work when the lane opens, not at the next tick: else a backlog drains at half the legal rate."""
        seconds = (opens - self._clock()).total_seconds()
        if 0 < seconds < MOST_AWAITED:
            asyncio.get_running_loop().call_later(seconds + BEHIND, self._open)

    async def _posted(self, chat: Chat, delivery: Delivery) -> str:
        """The id of the message: of the one that an earlier try left there, else of one that is sent now.

        Its words may be those of the earlier try: what an alert learnt since is an edit of its own in the outbox.
        """
        there = await self._there(chat, delivery) if delivery.state is State.UNKNOWN else ""
        if there:
            log.info("it had arrived", delivery=delivery.id)
            return there
        return await chat.send(with_secrets(as_repeat(delivery) if there is None else delivery, self._secret))

    async def _there(self, chat: Chat, delivery: Delivery) -> str | None:
        """What the chat says of it. One that goes on saying "later" is not asked for ever: None, nobody can say."""
        try:
            return await chat.lookup(delivery)
        except TransientError:
            if delivery.attempts <= MOST_LOOKUPS:
                raise
        except PermanentError:
            pass  # sending it will say what is wrong
        return None

    def _secret(self, kind: str, address: str) -> str:
        source = self._sources.get(kind)
        if not isinstance(source, KeepsSecrets):
            raise PermanentError(f"There is no source of the kind “{kind}” any more.")
        return source.secret(address)

    async def _mark(self, sent: _Sent) -> None:
        """Note that it arrived. What arrives while notes are written is noted together, with one sync to disk."""
        self._measure(sent)
        self._arrived.append(sent)
        async with self._marking:
            for pause in (*MARK_PAUSES, None):
                arrived, self._arrived = self._arrived, []
                try:
                    if arrived:
                        await self._write(self._note, arrived)
                    return
                except WatchwordError as error:  # it has arrived all the same; only who forgets that sends it again
                    log.warning("what was sent cannot be noted", error=str(error), messages=len(arrived))
                    if pause is None:
                        raise
                self._arrived = [*arrived, *self._arrived]
                await asyncio.sleep(pause)

    def _note(self, arrived: Sequence[_Sent]) -> None:
        with self._store.atomic():
            for sent in arrived:
                self._store.sent(
                    sent.delivery.id,
                    message=sent.delivery.message,
                    message_id=sent.message_id,
                    at=sent.at,
                    lane_opens=sent.lane_opens,
                )

    async def _turn(self, chat: Chat) -> None:
        """Hold the platform's overall rate: each send takes the next free turn."""
        now, step = self._clock(), timedelta(seconds=1) / chat.limits.per_second
        # No more than AT_ONCE wait: a turn that is later was given out by a clock that was ahead.
        turn = max(now, planned_anew(self._next_turn.get(chat.platform, now), now, longest=AT_ONCE * step))
        self._next_turn[chat.platform] = turn + step
        if turn > now:
            await asyncio.sleep((turn - now).total_seconds())

    def _is_hopeless(self, delivery: Delivery, retry_after: timedelta | None, *, ours: bool = False) -> bool:
        """`ours`: the fault is a bug of ours, not the platform's."""
        now = self._clock()
        took = self._took_at.get(delivery.destination.platform)
        others_pass = ours or (took is not None and timedelta() <= now - took < 2 * retry.LONGEST)
        waited = now - delivery.created_at
        return retry.give_up(delivery.attempts, retry_after, waited=waited, others_pass=others_pass)

    async def _again(
        self, delivery: Delivery, error: str, retry_after: timedelta | None, *, ours: bool = False
    ) -> None:
        if self._is_hopeless(delivery, retry_after, ours=ours):
            await self._write(self._bury, delivery, error, False)
            return
        self._unsent(delivery, "again")
        not_before = self._clock() + retry.pause(delivery.attempts, retry_after)
        await self._write(
            self._store.retry, delivery.id, not_before=not_before, error=error, close_lane=True, plain=delivery.plain
        )
        self._fill_at(not_before)

    async def _unknown(self, delivery: Delivery, error: str) -> None:
        if self._is_hopeless(delivery, None):
            await self._write(self._bury, delivery, error, False)
            return
        self._unsent(delivery, "unknown")
        not_before = self._clock() + retry.pause(delivery.attempts, None)
        await self._write(self._store.unknown, delivery.id, not_before=not_before, error=error)

    async def _refused(self, delivery: Delivery, error: PermanentError) -> None:
        if error.missing or delivery.plain:  # there is nobody, or nothing to edit: no plainer form helps
            await self._write(self._bury, delivery, str(error), error.gone)
            return
        self._unsent(delivery, "refused")
        log.warning("refused, trying the plain form", delivery=delivery.id, error=str(error))
        await self._write(
            self._store.retry, delivery.id, not_before=self._clock(), error=str(error), close_lane=False, plain=True
        )

    def _bury(self, delivery: Delivery, error: str, gone: bool) -> None:
        """Give up on it, and tell those whose rules raised it. In the writer thread."""
        now = self._clock()
        self._unsent(delivery, "dead")
        with self._store.atomic():
            if not self._store.dead(delivery.id, error=error):
                return  # sent by another process, or forgotten with its chat
            alert = self._store.alert(delivery.alert_key) if delivery.alert_key else None
            if gone:
                self._lose(delivery, error, self._owners(alert.rule_ids) if alert is not None else [], now)
            if alert is None:
                return
            self._store.record(ledger_line(alert, Reason.FAILED, now, error))
            if not gone:
                people = reachable(self._owners(alert.rule_ids), delivery.destination)
                notice = not_delivered(delivery, error, title=self._store.title_of(delivery.destination))
                put_notices(self._store, people, notice, now, key=delivery.id)

    def _lose(self, delivery: Delivery, error: str, authors: Sequence[User], now: datetime) -> None:
        """Nothing more goes there. What was lost with it is named; it is told once a day, whatever is tried there."""
        place = delivery.destination
        if not self._store.paused(place):
            gist = delivery.message.gist if delivery.alert_key else ""
            key = f"lost:{replace(place, thread_id='').key}:{now:%Y-%m-%d}"
            tell_of_loss(self._store, place, error, now, key=key, gist=gist, authors=authors)
        self._store.pause_destination(place, error)

    def _owners(self, rule_ids: tuple[str, ...]) -> list[User]:
        rules = [rule for rule_id in rule_ids if (rule := self._store.rule(rule_id)) is not None]
        return list({rule.owner.key: rule.owner for rule in rules}.values())


def _pace(chat: Chat, delivery: Delivery) -> timedelta:
    """How long the lane rests: some platforms give groups a rate per minute; an answer by its own way has none."""
    if delivery.reply_handle:
        return timedelta(0)
    if chat.limits.group_per_minute and not delivery.destination.user_id:
        return max(chat.limits.pace, timedelta(minutes=1) / chat.limits.group_per_minute)
    return chat.limits.pace
