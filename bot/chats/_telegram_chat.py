"""The Telegram adapter itself."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot, BotCommand, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from bot import registry
from bot.chats._telegram_errors import WRONG_TOKEN, told
from bot.chats._telegram_inbound import PLATFORM, Me, command_of
from bot.core.telegram_format import format_message
from bot.errors import PermanentError, TransientError
from bot.model import Command, Delivery, Limits, User
from bot.ports import Clock, Handle

log = structlog.get_logger(__name__)

ADMIN_SECONDS = 60.0
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_UPDATES = [Update.MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic closed")


class Telegram:
    """See `ports.Chat`."""

    platform = PLATFORM
    limits = Limits(text_units=4096, pace=timedelta(seconds=1), per_second=30, group_per_minute=20)

    def __init__(self, token: str, base_url: str, clock: Clock) -> None:
        self._token = token
        self._clock = clock
        try:
            self._bot = Bot(
                token,
                base_url=base_url.rstrip("/") + "/bot",
                request=HTTPXRequest(connection_pool_size=16, read_timeout=20, connect_timeout=10, pool_timeout=10),
                get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=20, connect_timeout=10),
            )
        except InvalidToken:
            raise PermanentError(WRONG_TOKEN) from None
        self._me = Me(0, "")
        self._handle: Handle | None = None
        self._admins: dict[tuple[str, str], tuple[float, bool]] = {}
        self._ready = asyncio.Lock()

    async def _initialize(self) -> None:
        """Ask who we are, once. Raises PermanentError for a refused token, TransientError for a bad link."""
        async with self._ready:
            if self._me.id:
                return
            try:
                await self._bot.initialize()
            except TelegramError as error:
                raise told(error, self._token) from None
            self._me = Me(self._bot.id, self._bot.username)

    # --------------------------------------------------------------------------------------------------------- in

    async def listen(self, handle: Handle) -> None:
        """See the port. The queue that the updater fills writes to disk, and only then is an update confirmed."""
        await self._initialize()
        self._handle = handle
        refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_error(error: TelegramError) -> None:
            if isinstance(error, InvalidToken) and not refused.done():
                refused.set_exception(PermanentError(WRONG_TOKEN))
            log.warning("asking Telegram for updates failed", error=str(told(error, self._token)))

        await self._announce()
        updater = Updater(self._bot, update_queue=_Durable(self))
        async with updater:
            await updater.start_polling(
                timeout=10, allowed_updates=_UPDATES, bootstrap_retries=-1, error_callback=on_error
            )
            try:
                await refused
            finally:
                await updater.stop()

    async def _announce(self) -> None:
        """Put the commands into Telegram's menu; without it everything works all the same."""
        commands = [
            BotCommand(name, str(summary)[:256])
            for name, module in registry.modules("bot.commands")
            if (summary := getattr(module, "SUMMARY", ""))
        ]
        with contextlib.suppress(TelegramError):
            await self._bot.set_my_commands(commands)

    async def take(self, update: Update) -> None:
        """One update: kept on disk, then answered where Telegram waits for it. Raises what the handler raises."""
        assert self._handle is not None
        command = command_of(update, self._me, self._clock())
        if command is not None:
            await self._handle(
                command if command.event else replace(command, admin=await self._is_admin(update, command))
            )
        if update.callback_query is not None:
            with contextlib.suppress(TelegramError):  # too late to answer: the button only stops spinning by itself
                await self._bot.answer_callback_query(update.callback_query.id)

    async def _is_admin(self, update: Update, command: Command) -> bool:
        chat = update.effective_chat
        if chat is None or chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
            return True
        message = update.message
        if message is not None and message.sender_chat is not None and message.sender_chat.id == chat.id:
            return True  # an anonymous admin
        key = (str(chat.id), command.user.user_id)
        now = asyncio.get_running_loop().time()
        known = self._admins.get(key)
        if known is not None and now - known[0] < ADMIN_SECONDS:
            return known[1]
        try:
            member = await self._bot.get_chat_member(chat.id, int(command.user.user_id))
        except (TelegramError, ValueError):
            return False
        self._admins[key] = (now, member.status in _ADMINS)
        return self._admins[key][1]

    # -------------------------------------------------------------------------------------------------------- out

    async def send(self, delivery: Delivery) -> str:
        """See the port."""
        await self._initialize()
        destination = delivery.destination
        arguments = _arguments(delivery)
        if delivery.reply_to.isdecimal():
            arguments["reply_parameters"] = ReplyParameters(int(delivery.reply_to), allow_sending_without_reply=True)
        if destination.thread_id:
            arguments["message_thread_id"] = int(destination.thread_id)
        try:
            return await self._post(destination.chat_id, arguments)
        except BadRequest as error:
            if destination.thread_id and any(one in str(error).lower() for one in _NO_TOPIC):
                del arguments["message_thread_id"]
                arguments["text"] += "\n\n(The topic that this belongs to is closed or gone.)"
                return await self._told(self._post(destination.chat_id, arguments))
            raise told(error, self._token) from None
        except ChatMigrated as error:
            await self._moved(delivery, error.new_chat_id)
            raise TransientError("the group became a supergroup; its new id is known now") from None
        except TelegramError as error:
            raise told(error, self._token) from None

    async def _told(self, call: Coroutine[Any, Any, str]) -> str:
        try:
            return await call
        except TelegramError as error:
            raise told(error, self._token) from None

    async def _post(self, chat_id: str, arguments: dict[str, Any]) -> str:
        message = await self._bot.send_message(_chat(chat_id), **arguments)
        return str(message.message_id)

    async def edit(self, delivery: Delivery) -> None:
        """See the port."""
        await self._initialize()
        arguments = _arguments(delivery)
        arguments.pop("disable_notification")
        try:
            await self._bot.edit_message_text(
                chat_id=_chat(delivery.destination.chat_id), message_id=int(delivery.message_id), **arguments
            )
        except BadRequest as error:
            if "message is not modified" not in str(error).lower():
                raise told(error, self._token) from None
        except ChatMigrated as error:
            await self._moved(delivery, error.new_chat_id)
            raise TransientError("the group became a supergroup; its new id is known now") from None
        except TelegramError as error:
            raise told(error, self._token) from None

    async def _moved(self, delivery: Delivery, new_id: int) -> None:
        """Tell ourselves what Telegram told us only now: a group has another id."""
        if self._handle is None:
            return
        where = replace(delivery.destination, thread_id="")
        command = Command(
            id=f"telegram:{self._me.id}:moved:{where.chat_id}:{new_id}",
            user=_nobody(where.chat_id),
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


class _Durable(asyncio.Queue[object]):
    """What the updater takes for a queue: an update that was put is on disk. Nobody reads it."""

    def __init__(self, chat: Telegram) -> None:
        super().__init__()
        self._chat = chat

    async def put(self, item: object) -> None:
        """Keep the update. Failing means: not confirmed, fetched again."""
        assert isinstance(item, Update)
        try:
            await self._chat.take(item)
        except Exception as error:
            raise NetworkError(f"an update could not be kept: {type(error).__name__}") from error


def _nobody(chat_id: str) -> User:
    return User(platform=PLATFORM, user_id=chat_id)


def _chat(chat_id: str) -> int | str:
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else chat_id


def _arguments(delivery: Delivery) -> dict[str, Any]:
    """The formatted message as python-telegram-bot takes it."""
    payload = format_message(delivery.message, plain=delivery.plain)
    arguments: dict[str, Any] = {
        "text": payload["text"],
        "link_preview_options": LinkPreviewOptions(**payload["link_preview_options"]),
        "disable_notification": payload["disable_notification"],
    }
    if payload.get("entities"):
        arguments["entities"] = [MessageEntity.de_json(one, None) for one in payload["entities"]]
    if payload.get("reply_markup"):
        arguments["reply_markup"] = InlineKeyboardMarkup.de_json(payload["reply_markup"], None)
    return arguments
