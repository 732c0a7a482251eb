"""What Slack tells us, as commands. Pure: a payload in, commands out; anything that is none gives none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cleantext import clean_text
from bot.model import Command, Destination, User, content_id

Payload = Mapping[str, Any]

# Exactly the bot events that manifest.yaml subscribes to ("message.im" is "message" of a direct chat).
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_left",
    "group_left",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
)
SLASH_COMMAND = "/watchword"
_TYPED = {"", "file_share", "thread_broadcast"}  # subtypes of messages that a person typed just now
_MARKUP = re.compile(r"<([@#!][^<>|\s]+|[a-z]+:[^<>|\s]+)(?:\|([^<>]*))?>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are in the one workspace whose token we hold."""

    team_id: str
    user_id: str
    bot_id: str = ""


def commands(payload: Payload, me: Identity, now: datetime) -> list[Command]:
    """The commands in a slash command, an event or a press of buttons. `admin` is set in direct chats only."""
    if text_at(payload, "type") == "event_callback":
        event = _event(payload, me, now)
        return [event] if event else []
    if text_at(payload, "type") == "block_actions":
        return _presses(payload, me, now)
    return _slash(payload, me, now) if text_at(payload, "command") == SLASH_COMMAND else []


def team_of(payload: Payload) -> str:
    """The workspace whose installation a payload is for: in a channel that two share, not always where it was said."""
    authorized = payload.get("authorizations")
    first = authorized[0] if isinstance(authorized, list) and authorized else None
    return text_at(first, "team_id") or text_at(payload, "team_id") or text_at(payload, "team", "id")


def uninstalls(payload: Payload, me: Identity, now: datetime) -> bool:
    """Whether it says that the app is no longer in the workspace."""
    return any(command.event and command.text == "uninstalled" for command in commands(payload, me, now))


def unescape(text: str) -> str:
    """Text as it was typed: Slack's `<https://x|x>`, `<#C1|name>`, `<!here>` and `&amp;` undone; `<@U1>` stays."""
    parts, at = [], 0
    for markup in _MARKUP.finditer(text):
        parts += [_entities(text[at : markup.start()]), _entities(_typed(markup[1], markup[2] or "", markup[0]))]
        at = markup.end()
    return clean_text("".join([*parts, _entities(text[at:])])).strip()


def _typed(target: str, label: str, whole: str) -> str:
    if target.startswith("@"):
        return whole
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    return label or target.removeprefix("mailto:") if target.startswith("mailto:") else target


def _entities(text: str) -> str:
    return re.sub(r"&(?:lt|gt|amp);", lambda entity: _ENTITIES[entity[0]], text)


# --------------------------------------------------------------------------------------------------------------- kinds


def _slash(payload: Payload, me: Identity, now: datetime) -> list[Command]:
    chat_id, asker = text_at(payload, "channel_id"), text_at(payload, "user_id")
    if not chat_id or not asker:
        return []
    return [
        Command(
            id=command_id(me, text_at(payload, "trigger_id") or content_id(*map(str, payload.values()))),
            user=user_of(me, asker, text_at(payload, "user_name")),
            destination=place_of(me, chat_id, asker),
            text=unescape(text_at(payload, "text")) or "help",
            reply_handle=text_at(payload, "response_url"),
            admin=is_direct(chat_id),
            title=_title(text_at(payload, "channel_name")),
            received_at=now,
        )
    ]


def _presses(payload: Payload, me: Identity, now: datetime) -> list[Command]:
    """A button that opens an address is pressed as well, but says nothing to us: it has no value."""
    chat_id = text_at(payload, "channel", "id") or text_at(payload, "container", "channel_id")
    message_id = text_at(payload, "container", "message_ts") or text_at(payload, "message", "ts")
    thread = text_at(payload, "message", "thread_ts") or text_at(payload, "container", "thread_ts")
    presser = text_at(payload, "user", "id")
    actions = payload.get("actions")
    pressed = [text_at(action, "value") for action in actions] if isinstance(actions, list) else []
    if not chat_id or not presser:
        return []
    event_id = text_at(payload, "trigger_id") or content_id(presser, message_id, str(actions))
    return [
        Command(
            id=command_id(me, f"{event_id}:{number}" if number else event_id),
            user=user_of(me, presser, text_at(payload, "user", "name") or text_at(payload, "user", "username")),
            destination=place_of(me, chat_id, presser, thread if thread != message_id else ""),
            text=clean_text(value).strip(),
            reply_to=message_id,
            reply_handle=text_at(payload, "response_url"),
            admin=is_direct(chat_id),
            title=_title(text_at(payload, "channel", "name")),
            received_at=now,
        )
        for number, value in enumerate(pressed)
        if value.strip()
    ]


def _event(payload: Payload, me: Identity, now: datetime) -> Command | None:
    event = payload.get("event")
    if not isinstance(event, Mapping):
        return None
    event_id = text_at(payload, "event_id") or content_id(str(sorted(event.items(), key=str)))
    kind = text_at(event, "type")
    if kind == "app_mention" or (kind == "message" and text_at(event, "channel_type") == "im"):
        return _said(event, event_id, me, now)
    return _platform_event(payload, event, event_id, me, now)


def _said(event: Payload, event_id: str, me: Identity, now: datetime) -> Command | None:
    """A mention or a direct message; None for bots, for edits and for what Slack itself writes into a chat."""
    speaker, chat_id = text_at(event, "user"), text_at(event, "channel")
    if text_at(event, "bot_id") or "edited" in event or text_at(event, "subtype") not in _TYPED:
        return None
    if not chat_id or speaker in ("", me.user_id, "USLACKBOT"):
        return None
    thread = text_at(event, "thread_ts")
    return Command(
        id=command_id(me, event_id),
        user=user_of(me, speaker),
        # A direct chat is one place, whichever thread is written in: rules made there must be found there again.
        destination=place_of(me, chat_id, speaker, "" if is_direct(chat_id) else thread),
        text=unescape(_addressed(text_at(event, "text"), me)) or "help",
        message_id=text_at(event, "ts"),
        reply_to=thread,
        admin=is_direct(chat_id),
        received_at=now,
    )


def _addressed(text: str, me: Identity) -> str:
    """What is said to us: the text after our name, or before it when nothing follows."""
    name = re.search(rf"<@{re.escape(me.user_id)}(?:\|[^<>]*)?>", text)
    if name is None:
        return text
    return text[name.end() :] if text[name.end() :].strip() else text[: name.start()]


def _platform_event(payload: Payload, event: Payload, event_id: str, me: Identity, now: datetime) -> Command | None:
    kind, chat_id, who = text_at(event, "type"), text_at(event, "channel"), me.user_id
    word = ""
    if kind == "member_joined_channel" and text_at(event, "user") == me.user_id:
        word, who = "bot-added", text_at(event, "inviter") or who
    elif kind in ("channel_left", "group_left"):
        word, who = "bot-removed", text_at(event, "actor_id") or who
    elif text_at(payload, "team_id") == me.team_id and (kind == "app_uninstalled" or _revokes_us(event, me)):
        word, chat_id = "uninstalled", me.team_id
    if not word or not chat_id:
        return None
    return Command(
        id=command_id(me, event_id),
        user=user_of(me, who),
        destination=place_of(me, chat_id, who),
        text=word,
        event=True,
        received_at=now,
    )


def _revokes_us(event: Payload, me: Identity) -> bool:
    tokens = event.get("tokens")
    bots = tokens.get("bot") if isinstance(tokens, Mapping) else None
    return text_at(event, "type") == "tokens_revoked" and isinstance(bots, list) and me.user_id in bots


# --------------------------------------------------------------------------------------------------------------- parts


def text_at(payload: object, *path: str) -> str:
    """The string at `path`; empty when there is none, whatever else is there."""
    for name in path:
        payload = payload.get(name) if isinstance(payload, Mapping) else None
    return payload if isinstance(payload, str) else ""


def _title(name: str) -> str:
    """The channel's name as Slack shows it; empty where it is only the kind of chat."""
    nameless = name in ("", "directmessage", "privategroup") or name.startswith("mpdm-")
    return "" if nameless else f"#{clean_text(name)}"


def command_id(me: Identity, event_id: str) -> str:
    return f"slack:{me.team_id}:{event_id}"


def user_of(me: Identity, user_id: str, name: str = "") -> User:
    return User(platform="slack", workspace=me.team_id, user_id=user_id, name=clean_text(name))


def is_direct(chat_id: str) -> bool:
    return chat_id.startswith("D")


def place_of(me: Identity, chat_id: str, user_id: str, thread_id: str = "") -> Destination:
    """A direct chat goes by its person's id, which posts reach as well: one chat, one lane, however it is named."""
    return Destination(
        platform="slack",
        workspace=me.team_id,
        chat_id=user_id if is_direct(chat_id) else chat_id,
        thread_id=thread_id,
        user_id=user_id if is_direct(chat_id) else "",
    )


def direct_place(person: User) -> Destination:
    """A person's direct chat."""
    return Destination(platform="slack", workspace=person.workspace, chat_id=person.user_id, user_id=person.user_id)
