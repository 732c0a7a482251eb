"""Telegram's updates to commands."""

import re
from dataclasses import dataclass
from datetime import datetime

from telegram import Chat, ChatMember, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.model import Command, Destination, User

PLATFORM = "telegram"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+|$)(.*)", re.DOTALL)
_HERE = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself."""

    id: int
    username: str


def destination_of(chat: Chat, thread_id: int | None = None) -> Destination:
    """A chat, or a topic of a forum group."""
    return Destination(
        platform=PLATFORM,
        chat_id=str(chat.id),
        thread_id=str(thread_id) if thread_id else "",
        user_id=str(chat.id) if chat.type == ChatType.PRIVATE else "",
    )


def command_of(update: Update, me: Me, now: datetime) -> Command | None:
    """What an update asks of us, `admin` left open (True); None for what is not ours."""
    if update.callback_query is not None:
        return _pressed(update, me, now)
    if update.my_chat_member is not None:
        return _membership(update, me, now)
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id:
        return _event(update, me, now, message.chat, f"chat-moved {message.migrate_to_chat_id}")
    text = spoken(message, me)
    if not text:
        return None
    reply = message.reply_to_message
    answers = reply is not None and reply.from_user is not None and reply.from_user.id == me.id
    return Command(
        id=_id(update, me),
        user=_user(update),
        destination=destination_of(message.chat, message.message_thread_id if message.is_topic_message else None),
        text=text,
        message_id=str(message.message_id),
        reply_to=str(reply.message_id) if reply is not None and answers else "",
        received_at=now,
    )


def spoken(message: Message, me: Me) -> str:
    """The command in a message without slash and our name; empty when it is not for us."""
    text = message.text or ""
    found = _COMMAND.match(text)
    if found:
        for_us = found[2] is None or found[2].casefold() == me.username.casefold()
        return f"{found[1]} {found[3]}".strip() if for_us else ""
    # Without a slash: a private chat is all ours; in a group only an answer to our own message is.
    reply = message.reply_to_message
    ours = reply is not None and reply.from_user is not None and reply.from_user.id == me.id
    return text.strip() if message.chat.type == ChatType.PRIVATE or ours else ""


def _pressed(update: Update, me: Me, now: datetime) -> Command | None:
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return None
    message = query.message
    thread = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
    return Command(
        id=_id(update, me),
        user=_user(update),
        destination=destination_of(message.chat, thread),
        text=query.data,
        reply_to=str(message.message_id),
        received_at=now,
    )


def _membership(update: Update, me: Me, now: datetime) -> Command | None:
    change = update.my_chat_member
    assert change is not None
    is_in, was_in = _is_in(change.new_chat_member), _is_in(change.old_chat_member)
    if is_in == was_in:
        return None
    if is_in and change.chat.type == ChatType.PRIVATE:
        return None  # the person presses Start next, and that is answered
    return _event(update, me, now, change.chat, "bot-added" if is_in else "bot-removed")


def _is_in(member: ChatMember) -> bool:
    return member.status in _HERE or (
        member.status == ChatMemberStatus.RESTRICTED and bool(getattr(member, "is_member", False))
    )


def _event(update: Update, me: Me, now: datetime, chat: Chat, text: str) -> Command:
    return Command(
        id=_id(update, me), user=_user(update), destination=destination_of(chat), text=text, received_at=now, event=True
    )


def _id(update: Update, me: Me) -> str:
    return f"telegram:{me.id}:{update.update_id}"


def _user(update: Update) -> User:
    """Who did it; a channel's posts and anonymous admins speak for their chat."""
    person = update.effective_user
    sender = update.effective_message.sender_chat if update.effective_message is not None else None
    if update.callback_query is None and sender is not None:
        return User(platform=PLATFORM, user_id=str(sender.id), name=sender.title or "")
    if person is not None:
        return User(platform=PLATFORM, user_id=str(person.id), name=person.full_name)
    chat = update.effective_chat
    return User(platform=PLATFORM, user_id=str(chat.id) if chat else "", name=(chat.title or "") if chat else "")
