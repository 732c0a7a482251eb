"""The Telegram adapter itself."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot import registry, say
from bot.chats._telegram_errors import Discreet, has_no_topic, is_about_reply, is_unchanged, translated
from bot.chats._telegram_inbound import PLATFORM, Me, command_of
from bot.chats._telegram_menu import announce
from bot.chats._telegram_people import SECONDS, Admins, is_stale
from bot.chats._telegram_polling import poll
from bot.chats._telegram_shown import Place, Shown
from bot.errors import PermanentError, TransientError, UnknownOutcome
from bot.model import Command, Delivery, Limits, User
from bot.ports import Clock, Handle
from bot.writing.telegram import format_message

MOST_QUESTIONS = 500  # of ours whose answers are waited for

log = structlog.get_logger(__name__)

T = TypeVar("T")

STALE = "This button is out of date. The message below it, or /help, has the newer ones."
NOT_YOURS = "Only this channel's admins can use its buttons."
NO_TOPIC = say.meta("(The topic that this belongs to is closed or gone.)")


class Telegram:
    """See `ports.Chat`."""

    platform = PLATFORM
    limits = Limits(pace=timedelta(seconds=1), per_second=30, group_per_minute=20)

    def __init__(self, token: str, base_url: str, clock: Clock, *, proxy: str | None = None) -> None:
        self._token = token
        self._clock = clock
        self._discreet = Discreet(token)
        self._discreet.watch()
        self._bot = Bot(
            token,
            base_url=base_url.rstrip("/") + "/bot",
            request=HTTPXRequest(
                connection_pool_size=16, read_timeout=20, connect_timeout=10, pool_timeout=10, proxy=proxy
            ),
            get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=10, connect_timeout=10, proxy=proxy),
        )
        self._admins = Admins(self._bot, clock)
        self._shown = Shown()
        self._questions: deque[Place] = deque(maxlen=MOST_QUESTIONS)  # an answer to such a message is for us
        self._me = Me(0, "")
        self._handle: Handle | None = None
        self._ready = asyncio.Lock()

    async def _initialize(self) -> None:
        """Ask who we are, once. Raises PermanentError for a refused token, TransientError for a bad link."""
        async with self._ready:
            if self._me.id:
                return
            try:
                await self._bot.initialize()
            except TelegramError as error:
                meant = translated(error, self._token)
                raise (TransientError(str(meant)) if isinstance(meant, UnknownOutcome) else meant) from None
            self._me = Me(self._bot.id, self._bot.username, frozenset(registry.names("bot.commands")))

    # --------------------------------------------------------------------------------------------------------- in

    async def listen(self, handle: Handle) -> None:
        """See the port."""
        await self._initialize()
        self._handle = handle
        announcing = asyncio.create_task(announce(self._bot, self._token))  # some thirty questions: nobody waits for it
        try:
            await poll(self._bot, self._token, self._take)
        finally:
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)

    async def _take(self, update: Update) -> None:
        """One update: kept on disk, then answered where Telegram waits for it. Raises what the handler raises."""
        assert self._handle is not None
        command = self._understood(update)
        if update.callback_query is not None:
            await self._take_press(update, update.callback_query, command)
        elif command is not None:
            admin = command.event or await self._admins.has(update, command.user.user_id)
            await self._handle(replace(command, admin=admin))

    def _understood(self, update: Update) -> Command | None:
        """An update that trips us up is logged and passed over: fetched again, it would hold up all others for ever."""
        try:
            return command_of(update, self._me, self._clock(), self._questions)
        except Exception:
            log.exception("an update was not understood", update=update.update_id)
            return None

    async def _take_press(self, update: Update, query: CallbackQuery, command: Command | None) -> None:
        """A pressed button: the command is kept, then the button stops spinning. Readers of a channel may only read."""
        assert self._handle is not None
        if command is None or is_stale(query):
            await self._answer(query, STALE)
            return
        admin = await self._admins.has(update, str(query.from_user.id))
        if not admin and query.message is not None and query.message.chat.type == ChatType.CHANNEL:
            await self._answer(query, NOT_YOURS)
            return
        await self._handle(replace(command, admin=admin))
        await self._answer(query)

    async def _answer(self, query: CallbackQuery, words: str = "") -> None:
        with contextlib.suppress(TelegramError):  # too late to answer: the button stops spinning by itself
            await self._bot.answer_callback_query(
                query.id, words or None, show_alert=bool(words), read_timeout=SECONDS, connect_timeout=SECONDS
            )

    # -------------------------------------------------------------------------------------------------------- out

    async def send(self, delivery: Delivery) -> str:
        """See the port. What a closed or lost topic should have got goes to the group's General topic, and says so."""
        try:
            return await self._post(delivery)
        except PermanentError as error:
            if not delivery.destination.thread_id or not has_no_topic(error):
                raise
        general = replace(delivery.destination, thread_id="")
        message = replace(delivery.message, blocks=(*delivery.message.blocks, NO_TOPIC))
        return await self._post(replace(delivery, destination=general, message=message, reply_to=""))

    async def _post(self, delivery: Delivery) -> str:
        payload = _payload(delivery)
        arguments = _arguments(payload)
        # A plain message is the second try. Where the refusal was about what it answers, it answers nothing.
        if delivery.reply_to.isdecimal() and not (delivery.plain and is_about_reply(delivery.error)):
            arguments["reply_parameters"] = ReplyParameters(int(delivery.reply_to), allow_sending_without_reply=True)
        if delivery.destination.thread_id.isdecimal():
            arguments["message_thread_id"] = int(delivery.destination.thread_id)
        sent = await self._call(delivery, self._bot.send_message(_chat(delivery), **arguments))
        place = (delivery.destination.chat_id, str(sent.message_id))
        self._shown.note(place, payload)
        if delivery.message.ask:
            self._questions.append(place)
        return str(sent.message_id)

    async def lookup(self, delivery: Delivery) -> str | None:
        """A bot cannot read what is in a chat, its own messages neither."""
        return None

    async def edit(self, delivery: Delivery) -> None:
        """See the port."""
        if not delivery.message_id.isdecimal():
            raise PermanentError(f"“{delivery.message_id}” is no message of Telegram's")
        place, payload = (delivery.destination.chat_id, delivery.message_id), _payload(delivery)
        if self._shown.is_so(place, payload):
            return
        arguments = _arguments(payload)
        del arguments["disable_notification"]
        self._shown.forget(place)
        await self._call(delivery, self._edited(_chat(delivery), int(delivery.message_id), arguments))
        self._shown.note(place, payload)

    async def _edited(self, chat: int | str, message_id: int, arguments: dict[str, Any]) -> None:
        try:
            await self._bot.edit_message_text(chat_id=chat, message_id=message_id, **arguments)
        except BadRequest as error:
            if not is_unchanged(error):
                raise

    async def _call(self, delivery: Delivery, call: Coroutine[Any, Any, T]) -> T:
        """The call's result, its errors as ours. No message is to blame for a refused token: it waits for another."""
        try:
            await self._initialize()
            return await call
        except PermanentError as error:  # of asking who we are
            raise TransientError(str(error)) from None
        except ChatMigrated as error:
            await self._moved(delivery, error.new_chat_id)
            raise TransientError("the group became a supergroup; its new id is known now") from None
        except TelegramError as error:
            meant = translated(error, self._token)
            raise (TransientError(str(meant)) if isinstance(error, InvalidToken) else meant) from None
        finally:
            call.close()

    async def _moved(self, delivery: Delivery, new_id: int) -> None:
        """Tell ourselves what Telegram says only now: a group has another id."""
        if self._handle is None:
            return
        where = replace(delivery.destination, thread_id="")
        command = Command(
            id=f"telegram:{self._me.id}:moved:{where.chat_id}:{new_id}",
            user=User(platform=PLATFORM, user_id=where.chat_id),
            destination=where,
            text=f"chat-moved {new_id}",
            received_at=self._clock(),
            event=True,
        )
        await self._handle(command)

    async def close(self) -> None:
        """See the port."""
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()
        self._discreet.leave()


def _chat(delivery: Delivery) -> int | str:
    chat_id = delivery.destination.chat_id
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else chat_id


def _payload(delivery: Delivery) -> dict[str, Any]:
    """The formatted message. What cannot be carried is refused as by Telegram, so that the plain form comes next."""
    try:
        return format_message(delivery.message, plain=delivery.plain)
    except ValueError as error:
        raise PermanentError(f"Telegram cannot carry it: {error}") from error


def _arguments(payload: dict[str, Any]) -> dict[str, Any]:
    """The formatted message as python-telegram-bot takes it."""
    arguments: dict[str, Any] = {
        "text": payload["text"],
        "link_preview_options": LinkPreviewOptions(**payload["link_preview_options"]),
        "disable_notification": payload["disable_notification"],
    }
    if payload.get("entities"):
        arguments["entities"] = [MessageEntity.de_json(entity, None) for entity in payload["entities"]]
    if "force_reply" in payload.get("reply_markup", {}):
        arguments["reply_markup"] = ForceReply(selective=payload["reply_markup"]["selective"])
    elif payload.get("reply_markup"):
        arguments["reply_markup"] = InlineKeyboardMarkup.de_json(payload["reply_markup"], None)
    return arguments
