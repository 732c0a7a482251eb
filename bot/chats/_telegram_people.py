"""Who may change what a whole chat shares."""

from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import Bot, CallbackQuery, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

REMEMBERED = timedelta(seconds=60)
MOST_REMEMBERED = 5_000
SECONDS = 5.0  # a command waits no longer for the answer
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Admins:
    """Asks Telegram, once a minute for each person and chat. Without an answer nobody is an admin."""

    def __init__(self, bot: Bot, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[tuple[int, str], tuple[datetime, bool]] = {}

    async def has(self, update: Update, user_id: str) -> bool:
        """Whether the one who sent `update` is an admin of the chat that it is from."""
        chat = update.effective_chat
        if chat is None or chat.type == ChatType.PRIVATE or _speaks_for_the_chat(update):
            return True
        if not user_id.isdecimal():  # somebody who writes as a channel of theirs
            return False
        key = (chat.id, user_id)
        now = self._clock()
        until, answer = self._known.get(key, (now, False))
        if now < until <= now + REMEMBERED:  # later: asked while the clock was ahead
            return answer
        try:
            member = await self._bot.get_chat_member(
                chat.id, int(user_id), read_timeout=SECONDS, connect_timeout=SECONDS, pool_timeout=SECONDS
            )
        except TelegramError:
            return False
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = (self._clock() + REMEMBERED, member.status in _ADMINS)
        return self._known[key][1]


def _speaks_for_the_chat(update: Update) -> bool:
    """A channel's post and an anonymous admin's message come from the chat itself; a press is always a person's."""
    message = update.message or update.channel_post
    if message is None:
        return False
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def is_stale(query: CallbackQuery) -> bool:
    """Whether the message has no such button (any more). A changed app can send any data, as if a button had it.

    Of a message that Telegram shows no more, nobody knows: a press there is as good as a typed command.
    """
    message = query.message
    if message is None or not message.is_accessible:
        return False
    markup = getattr(message, "reply_markup", None)
    rows = markup.inline_keyboard if markup is not None else ()
    return all(key.callback_data != query.data for row in rows for key in row)
