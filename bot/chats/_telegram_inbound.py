"""Telegram's updates to commands."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from telegram import Chat, ChatMember, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.model import Command, Destination, User
from bot.reading import verbs

PLATFORM = "telegram"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+|$)(.*)", re.DOTALL)
_UNHEARD = re.compile("[\u2060\ud800-\udfff]")  # our own joiners in what was copied from us; halves of characters
_HERE = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, and the verbs that it answers to without a slash."""

    id: int
    username: str
    verbs: frozenset[str] = frozenset()


def destination_of(chat: Chat, thread_id: int | None = None) -> Destination:
    """A chat, or a topic of a forum group; the General topic is the group itself."""
    return Destination(
        platform=PLATFORM,
        chat_id=str(chat.id),
        thread_id=str(thread_id) if thread_id else "",
        user_id=str(chat.id) if chat.type == ChatType.PRIVATE else "",
    )


def command_of(update: Update, me: Me, now: datetime, questions: Collection[tuple[str, str]] = ()) -> Command | None:
    """What an update asks of us, `admin` left open (True); None for what is not ours.

    `questions`: chats and messages with which we asked something.
    """
    if update.callback_query is not None:
        return _pressed(update, me, now)
    if update.my_chat_member is not None:
        return _membership(update, me, now)
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id:
        return _event(update, me, now, message.chat, f"chat-moved {message.migrate_to_chat_id}")
    text = spoken(message, me, answers=(str(message.chat.id), _answered(message, me)) in questions)
    if not text:
        return None
    return Command(
        id=_id(update, me),
        user=_user(update),
        destination=destination_of(message.chat, message.message_thread_id if message.is_topic_message else None),
        text=text,
        message_id=str(message.message_id),
        reply_to=_answered(message, me),
        title=message.chat.title or "",
        received_at=now,
    )


def spoken(message: Message, me: Me, *, answers: bool = False) -> str:
    """The command in a message without slash and our name, otherwise as typed; empty when it is not for us.

    `answers`: it is an answer to a question of ours.
    """
    if message.is_automatic_forward or message.via_bot is not None or _is_another_bot(message):
        return ""
    text = _UNHEARD.sub("", message.text or "").strip()
    command = _COMMAND.match(text)
    if command:
        for_us = command[2] is None or command[2].casefold() == me.username.casefold()
        return f"{command[1]} {command[3]}".strip() if for_us else ""
    # Without a slash: a private chat is all ours; in a group what names us is, and an answer to us, when it begins with
    # a verb. "Thanks!" to an alert is no command.
    if message.chat.type == ChatType.PRIVATE or answers:
        return text
    if name := _our_name(message, me):
        before, _, after = text.partition(name)
        return (after.strip(" ,:\n") or before.strip(" ,:\n")).removeprefix("/") or "help"
    return text if _answered(message, me) and message.from_user and verbs.split(text)[0] in me.verbs else ""


def _our_name(message: Message, me: Me) -> str:
    """How the message names us; empty when it does not. Only what Telegram itself marks as a mention is one."""
    if not message.text:
        return ""
    for entity, words in message.parse_entities([str(MessageEntity.MENTION), str(MessageEntity.TEXT_MENTION)]).items():
        is_ours = entity.user.id == me.id if entity.user else words.casefold() == f"@{me.username}".casefold()
        if is_ours:
            return words
    return ""


def _is_another_bot(message: Message) -> bool:
    """Bots that answer each other never stop. An anonymous admin looks like a bot and speaks for the chat."""
    return message.from_user is not None and message.from_user.is_bot and message.sender_chat is None


def _answered(message: Message, me: Me) -> str:
    """The message of ours that this one answers; in a channel, where all posts are the channel's, any."""
    reply = message.reply_to_message
    if reply is None:
        return ""
    author = reply.from_user
    ours = author.id == me.id if author is not None else message.chat.type == ChatType.CHANNEL
    return str(reply.message_id) if ours else ""


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
        text=_UNHEARD.sub("", query.data),
        reply_to=str(message.message_id),
        title=message.chat.title or "",
        received_at=now,
    )


def _membership(update: Update, me: Me, now: datetime) -> Command | None:
    change = update.my_chat_member
    assert change is not None
    is_in, was_in = _is_in(change.new_chat_member), _is_in(change.old_chat_member)
    may_post, might_post = is_in and _may_post(change.new_chat_member), was_in and _may_post(change.old_chat_member)
    if is_in and not was_in and change.chat.type == ChatType.PRIVATE:
        return None  # the person presses Start next, and that is answered
    if is_in != was_in:
        word = "bot-added" if is_in else "bot-removed"
    elif may_post != might_post:
        word = "bot-may-post" if may_post else "bot-silenced"
    else:
        return None
    who = change.from_user  # in a channel too: it is they who can mend it
    user = User(platform=PLATFORM, user_id=str(who.id), name=who.full_name)
    return _event(update, me, now, change.chat, word, user)


def _is_in(member: ChatMember) -> bool:
    return member.status in _HERE or (
        member.status == ChatMemberStatus.RESTRICTED and bool(getattr(member, "is_member", False))
    )


def _may_post(member: ChatMember) -> bool:
    """Whether the chat lets a member write. Only a channel's admins have a right to post, or have it not."""
    if member.status == ChatMemberStatus.RESTRICTED:
        return bool(getattr(member, "can_send_messages", False))
    return getattr(member, "can_post_messages", None) is not False


def _event(update: Update, me: Me, now: datetime, chat: Chat, text: str, user: User | None = None) -> Command:
    return Command(
        id=_id(update, me),
        user=user or _user(update),
        destination=destination_of(chat),
        text=text,
        received_at=now,
        event=True,
        title=chat.title or "",
    )


def _id(update: Update, me: Me) -> str:
    return f"telegram:{me.id}:{update.update_id}"


def _user(update: Update) -> User:
    """Who did it; a channel's posts, presses in a channel and anonymous admins speak for their chat."""
    message, person, chat = update.message or update.channel_post, update.effective_user, update.effective_chat
    sender = message.sender_chat if message is not None else None
    if sender is None and chat is not None and (person is None or chat.type == ChatType.CHANNEL):
        sender = chat
    if sender is not None:
        return User(platform=PLATFORM, user_id=str(sender.id), name=sender.title or "")
    return User(platform=PLATFORM, user_id=str(person.id) if person else "", name=person.full_name if person else "")
