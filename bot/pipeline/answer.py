"""Commands in, answers out: kept on disk first, then carried out once, with the answer queued in that transaction."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import tzinfo
from types import ModuleType

import structlog

from bot import registry, say
from bot.core.alerts.channels import chooser
from bot.core.crowd import EVERYBODY, ROOM, Chats, Crowd, Pace
from bot.core.quotas import USUAL, Quotas
from bot.core.turns import Turns
from bot.core.visits.pauses import Pauses
from bot.errors import UserError
from bot.model import Command, Delivery, Message, content_id
from bot.pipeline import events
from bot.pipeline.digests import offer_held
from bot.pipeline.discover import inquire
from bot.pipeline.questions import completed
from bot.pipeline.slots import Slots
from bot.pipeline.writer import Write
from bot.ports import ChannelStore, Clock, Desk, Inquiry, Source, Steady, Store, Worker, exports, pauses
from bot.ports.meter import SILENT, Meter
from bot.ports.recording import Recording
from bot.reading import verbs
from bot.writing.answers import broken, held_back, looking, refusal, undoable, unknown_command, without_button
from bot.zones import zone_named
from rules import RuleError

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 2.0  # then a chat reads that an address is being looked at
_ON_SOURCES = frozenset(
    {"source", "sources", "export", "publish", "subscribe", "unsubscribe", "undo", "changes", "forgetme"}
)
SEARCHED = 60  # messages, the newest, among which is that of a pressed button
MOST_WAITING = 200  # people whose next command is looked at


class Answer:
    """Takes commands from the inbox, everybody in turn, one at a time per chat. What a person sends to a chat keeps its
    order, but for what need not wait until an address was looked at.
    """

    def __init__(
        self,
        store: Store,
        sources: Mapping[str, Source],
        write: Write,
        clock: Clock,
        worker: Worker,
        queued: Callable[[], None],
        steady: Steady,
        quotas: Quotas = USUAL,
        meter: Meter = SILENT,
    ) -> None:
        """`quotas`: of commands, the others wait; of what is kept, the others are refused."""
        self._quotas = quotas
        self._meter = meter
        self._store = store
        self._sources = sources
        self._worker = worker
        self._write = write
        self._clock = clock
        self._chats = Chats()
        self._asking: set[str] = set()  # commands under way whose address is looked at: the next overtake them
        self._pauses = Pauses(steady)
        self._steady = steady
        self._turns = Turns(quotas.commands_per_minute)
        self._queued = queued  # called whenever an answer was queued
        self._crowd = Crowd()
        self._thinkers = ThreadPoolExecutor(ROOM[Pace.THINKS], thread_name_prefix="think")
        self.slots = Slots(EVERYBODY, self._take, self._carry_out)

    async def receive(self, command: Command) -> None:
        """The chats' `Handle`: returns once the command is on disk."""
        if await self._write(self._received, command):
            await self.slots.fill()

    def _received(self, command: Command) -> bool:
        with self._store.atomic():
            if command.title and command.title != self._store.title_of(command.destination):
                self._store.note_title(command.destination, command.title)
            return self._store.receive(replace(completed(self._store, command), title=""))

    async def _take(self, free: int) -> list[Command]:
        taken: list[Command] = []
        waiting = await self._write(self._store.waiting, limit=MOST_WAITING, besides=tuple(self._asking))
        for command in self._turns.order(waiting):
            if len(taken) == free:
                break
            pace, chat = _pace(command), command.destination.key
            if not self._chats.is_free(chat, pace, depends=_depends(command)):
                continue
            if not self._crowd.has_room(command.user.key, pace):
                continue
            now = self._steady()
            if self._turns.is_free(command, now):
                self._turns.take(command, now)
                self._chats.enter(chat, pace)
                if pace is Pace.ASKS:
                    self._asking.add(command.id)
                self._crowd.enter(command.user.key, pace)
                taken.append(command)
            elif self._turns.is_to_be_notified(command, now):
                await self._write(self._store.put, held_back(command, self._turns.per_minute, self._clock()))
                self._queued()
        return taken

    async def _carry_out(self, command: Command) -> None:
        try:
            inquiry = await self._inquire(command)
            prepared = await self._prepare(command)
            await self._write(self._apply, command, inquiry, prepared)
        except Exception as error:  # a bug in one verb: told, kept in the log, and never tried in a loop
            log.exception("a command failed", text=command.text)
            await self._write(self._refuse, command, broken(command, error))
        finally:
            self._asking.discard(command.id)
            self._chats.leave(command.destination.key, _pace(command))
            self._crowd.leave(command.user.key, _pace(command))
            self._queued()
        if not command.event:
            verb = verbs.split(command.text)[0]
            self._meter.count("commands", verb=verb if _module(verb) is not None else "other")
            self._meter.took("command", (self._clock() - command.received_at).total_seconds())

    async def _inquire(self, command: Command) -> Inquiry:
        """What the network says about an address that the command names; only a few verbs ask."""
        verb, argument = verbs.split(command.text)
        module = None if command.event else _module(verb)
        address = module.address(argument) if module is not None and hasattr(module, "address") else ""
        if not address:
            return Inquiry()
        pauses.set(self._pauses)
        asking = asyncio.create_task(inquire(self._sources, self._worker, address))
        try:
            if not (await asyncio.wait({asking}, timeout=PATIENCE_SECONDS))[0]:
                await self._write(self._store.put, looking(command, address, self._clock()))
                self._queued()
            return await asking
        finally:
            asking.cancel()  # at the end of the program; when it is done already this does nothing

    async def _prepare(self, command: Command) -> object:
        """What a verb makes of the command before its transaction, in a thread that holds up nobody.

        For what takes long and writes nothing. A message is the answer; an error is told like one of `run`.
        """
        verb, argument = verbs.split(command.text)
        module = None if command.event else _module(verb)
        if module is None or not hasattr(module, "prepare"):
            return None
        reader = await self._write(self._store.reader)  # closed by the thread: at the end it may outlive this task
        desk = Desk(
            store=reader,
            command=_for_its_chat(command, reader),
            now=self._clock(),
            quotas=self._quotas,
            typed_in=command.destination,
        )
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thinkers, _think, module, desk, argument)
        except (UserError, RuleError) as error:
            return error

    def _apply(self, command: Command, inquiry: Inquiry, prepared: object) -> None:
        """In the writer thread: the command's effects, its answer and its end are one transaction."""
        if not self._store.is_waiting(command.id):
            return
        along, recording = exports(self._sources), Recording(self._store)
        desk = Desk(
            store=recording.as_store,
            command=_for_its_chat(command, self._store),
            now=self._clock(),
            quotas=self._quotas,
            typed_in=command.destination,
            inquiry=inquiry,
            exports=along,
            prepared=prepared,
        )
        try:
            with self._store.atomic():
                if not command.event:
                    self._is_back(command)
                answer = events.run(desk) if command.event else self._audited(_run(desk), recording, desk)
                self._finish(command, answer)
        except (UserError, RuleError) as error:
            self._refuse(command, refusal(command, error))

    def _is_back(self, command: Command) -> None:
        """Whoever speaks can be spoken to again."""
        if self._store.resume_destination(command.destination):
            offer_held(self._store, command.destination, self._clock())

    def _audited(self, answer: Message, recording: Recording, desk: Desk) -> Message:
        """The answer, with a button that takes back what the command changed, which is kept with its author."""
        entry = recording.entry(desk.command, answer.gist)
        if entry is None:
            return answer
        if desk.command.reply_to:  # typing what a button of the answered message types is the same as pressing it
            self._use_up(replace(desk.command, destination=desk.typed_in or desk.command.destination))
        return undoable(answer, self._store.add_audit_entry(entry))

    def _zone(self, command: Command) -> tzinfo:
        """In which the answer shows its times: the asker's, else the chat's."""
        own = self._store.preferences(command.user).zone
        return zone_named(own or self._store.preferences(chooser(command.destination)).zone)

    def _use_up(self, press: Command) -> None:
        """A button that changed something goes from its message. An alert keeps its own, which can be pressed again."""
        for delivery in reversed(self._store.deliveries(press.destination, limit=SEARCHED)):
            here = delivery.message_id == press.reply_to or delivery.message_id.startswith("response:")
            if not here or delivery.alert_key or not delivery.message_id:
                continue
            left = without_button(delivery.message, press)
            if left is not None:
                self._store.put(
                    Delivery(
                        id=content_id("used", delivery.id, press.id),
                        destination=press.destination,
                        kind="edit",
                        message=left,
                        message_id=delivery.message_id,
                        reply_handle=press.reply_handle,
                        created_at=self._clock(),
                    )
                )
                return

    def _refuse(self, command: Command, answer: Message) -> None:
        """It changed nothing; who was forgotten meanwhile is not answered, and so not kept again."""
        if self._store.is_waiting(command.id):
            self._finish(command, answer)

    def _finish(self, command: Command, answer: Message | None) -> None:
        with self._store.atomic():
            if answer is not None:
                answer = say.in_zone(answer, self._zone(command))
                self._store.put(
                    Delivery(
                        id=content_id("answer", command.id),
                        destination=command.destination,
                        message=answer,
                        reply_to=command.message_id or command.reply_to,
                        reply_handle=command.reply_handle,
                        created_at=self._clock(),
                    )
                )
            self._store.done(command.id)


def _for_its_chat(command: Command, store: ChannelStore) -> Command:
    """The command as the chat's: a thread is a place to talk, not another chat, unless it gets channels of its own."""
    place = command.destination
    if not place.thread_id or command.event or store.subscriptions(place):
        return command
    return replace(command, destination=replace(place, thread_id=""))


def _depends(command: Command) -> bool:
    """Whether a command shall not overtake one that adds sources; what a platform reports overtakes nothing."""
    return bool(command.event) or verbs.split(command.text)[0] in _ON_SOURCES


def _module(verb: str) -> ModuleType | None:
    try:
        return registry.module("bot.commands", verb) if verb else None
    except KeyError:
        return None


def _think(module: ModuleType, desk: Desk, argument: str) -> object:
    """In a thread. A reader that another thread closes while this one asks it takes the whole process down."""
    try:
        return module.prepare(desk, argument)
    finally:
        desk.store.close()


def _pace(command: Command) -> Pace:
    verb, argument = verbs.split(command.text)
    try:
        module = None if command.event else _module(verb)
        if module is not None and hasattr(module, "address") and module.address(argument):
            return Pace.ASKS
    except Exception:  # a bug of that verb: told when the command is carried out, and it must not stop the others
        return Pace.QUICK
    return Pace.THINKS if module is not None and hasattr(module, "prepare") else Pace.QUICK


def _meant(verb: str, argument: str) -> list[str]:
    """The commands that somebody can mean who types that, by its meaning, else by its letters."""
    near = verbs.nearest(verb, registry.names("bot.commands")) if verb else ""
    return verbs.meant(verb, argument) or ([f"{near} {argument}".strip()] if near else [])


def _run(desk: Desk) -> Message:
    verb, argument = verbs.split(desk.command.text)
    module = _module(verb)
    if module is None:
        return unknown_command(desk.command.text, verb, _meant(verb, argument))
    if isinstance(desk.prepared, UserError | RuleError):
        raise desk.prepared
    answer = desk.prepared if isinstance(desk.prepared, Message) else module.run(desk, argument)
    assert isinstance(answer, Message), f"{verb} must answer"
    return answer
