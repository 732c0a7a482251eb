"""The window in which a rule is made or changed: opened at once, filled after, checked when it is sent.

Sent, it is the command that typing would be, through the same inbox. The checks here only spare a way round: whatever
takes too long is left to the command's own answer.
"""

import asyncio
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import say
from bot.chats._slack_draft import (
    MOST_TOPIC,
    RULE,
    RULE_WINDOW,
    TOPIC,
    WHERE,
    Draft,
    draft_of,
    errors,
    notice_view,
    proposed,
    response_url,
    rule_view,
)
from bot.chats._slack_inbound import Identity, command_id, direct_place, place_of, text_at, user_of
from bot.chats._slack_latest import Latest
from bot.chats._slack_people import People
from bot.chats._slack_web import Web
from bot.errors import PermanentError, UserError, WatchwordError
from bot.model import Command, Destination, Message, User, content_id
from bot.ports import Clock, Peek
from bot.writing.answers import refusal
from rules import RuleError

Payload = Mapping[str, Any]
Answer = tuple[list[Command], Mapping[str, Any]]  # commands, and the body of the acknowledgement

WATCH_FOR_THIS, NEW_RULE = "watch_for_this", "new_watch_rule"  # shortcuts; manifest.yaml names them
CHECK_SECONDS = 0.8  # of the three in which Slack wants its answer; as many as two go into who may do it
WHO_SECONDS = 1.5
MOST_SENT = 1_000
_EDIT = re.compile(r"edit (\d{1,9})")
_GONE = "That rule is not there any more. Close this, and open Home again."
_ABSENT = "I am not in that channel. Invite me there first: /invite @watchword"


class RuleWindow:
    """See the module."""

    def __init__(self, web: Web, people: People, clock: Clock, latest: Latest) -> None:
        self.peek: Peek | None = None
        self._web = web
        self._people = people
        self._clock = clock
        self._latest = latest
        self._sent: deque[str] = deque(maxlen=MOST_SENT)  # commands that were handed on

    def opens(self, payload: Payload, me: Identity) -> bool:
        """Whether it is one of our shortcuts; then a window opens behind the acknowledgement."""
        if (text_at(payload, "type"), text_at(payload, "callback_id")) not in (
            ("message_action", WATCH_FOR_THIS),
            ("shortcut", NEW_RULE),
        ):
            return False
        draft = Draft(text=proposed(text_at(payload, "message", "text")), chat_id=text_at(payload, "channel", "id"))
        person, trigger = _person(payload, me), text_at(payload, "trigger_id")

        async def open_it() -> None:
            view_id = await self._web.open_view(trigger, rule_view(draft))
            if draft.text:
                self._preview(view_id, draft, person, me)

        self._latest.put(f"open {trigger}", open_it)
        return True

    def edits(self, payload: Payload, text: str, person: User, place: Destination) -> bool:
        """Whether a press in Home asks to edit a rule; then its window opens, and is filled once the rule is read."""
        wanted = _EDIT.fullmatch(text)
        if wanted is None or self.peek is None:
            return False
        peek, number, trigger = self.peek, int(wanted[1]), text_at(payload, "trigger_id")
        asked = Command(id="", user=person, destination=direct_place(person), text="home", received_at=self._clock())

        async def open_it() -> None:
            view_id = await self._web.open_view(trigger, notice_view("One moment…"))
            lines = [line for part in await peek.home(asked) for line in part.lines if line.here.key == place.key]
            rule = next((line.rule for line in lines if line.rule and line.rule.number == number), None)
            if rule is None:
                await self._web.update_view(view_id, notice_view(_GONE))
                return
            draft = Draft(
                text=rule.text, topic=rule.topic, number=number, chat_id=place.chat_id, thread_id=place.thread_id
            )
            await self._web.update_view(view_id, rule_view(draft))

        self._latest.put(f"open {trigger}", open_it)
        return True

    def typed(self, payload: Payload, me: Identity) -> bool:
        """Whether somebody types in the window; then the preview below follows."""
        if text_at(payload, "type") != "block_actions" or text_at(payload, "view", "callback_id") != RULE_WINDOW:
            return False
        view = payload["view"]
        self._preview(text_at(view, "id"), draft_of(view), _person(payload, me), me)
        return True

    def _preview(self, view_id: str, draft: Draft, person: User, me: Identity) -> None:
        """One at a time for each person, and of what is typed meanwhile only the newest."""
        peek = self.peek
        if peek is None:
            return
        asked = self._command(draft, person, me, text=f"test {draft.text}")

        async def show() -> None:
            shown = None
            try:
                shown = await peek.answer(asked) if draft.text else None
            except RuleError as error:
                shown = refusal(asked, error)
            except UserError as error:
                shown = _words(error)
            await self._web.update_view(view_id, rule_view(draft, shown))

        self._latest.put(f"preview {person.user_id}", show)

    # -------------------------------------------------------------------------------------------------------- submit

    async def submitted(self, payload: Payload, me: Identity) -> Answer | None:
        """The command in a window that was sent, or what is wrong with its fields; None: no window of ours."""
        if text_at(payload, "type") != "view_submission" or text_at(payload, "view", "callback_id") != RULE_WINDOW:
            return None
        draft, person = draft_of(payload.get("view")), _person(payload, me)
        if not draft.text:
            return [], errors({RULE: "What shall I watch for?"})
        if len(draft.topic) > MOST_TOPIC:
            return [], errors({TOPIC: f"A topic's name has 1 to {MOST_TOPIC} characters."})
        view_id, version = text_at(payload, "view", "id"), text_at(payload, "view", "hash")
        command = self._command(
            draft,
            person,
            me,
            id=command_id(me, f"{view_id}:{version}" if version else content_id(view_id, draft.command)),
            reply_handle=response_url(payload),
            admin=False,
        )
        if command.id in self._sent:  # sent again: it must not be told that its own rule is there already
            return [command], {}
        if command.destination.user_id:
            command = replace(command, admin=True)
        else:
            place = command.destination.chat_id
            admin, there = await asyncio.gather(self._people.is_admin(person.user_id, place), self._is_there(place))
            if not there and not draft.number:
                return [], errors({WHERE: _ABSENT})
            command = replace(command, admin=True) if admin else command
        if fault := await self._fault(draft, command):
            return [], errors({RULE: fault})
        self._sent.append(command.id)
        return [command], {}

    async def _is_there(self, channel_id: str) -> bool:
        """Whether the bot is in the channel; assumed when Slack does not say so in time."""
        try:
            async with asyncio.timeout(WHO_SECONDS):
                return (await self._web.channel(channel_id)).get("is_member") is not False
        except PermanentError as error:
            return not error.gone
        except (WatchwordError, TimeoutError):
            return True

    async def _fault(self, draft: Draft, command: Command) -> str:
        """What is wrong with the rule, in a line; empty when nothing is, or when telling takes too long."""
        if self.peek is None:
            return ""
        checked = replace(command, text=f"test {draft.text}") if draft.number else command
        try:
            await asyncio.wait_for(self.peek.answer(checked), CHECK_SECONDS)
        except RuleError as error:
            place = error.text[error.start : error.end].strip()
            at = f" Look at “{place}”." if place else ""
            return f"{error.message}{at}" + (f" Try: {error.cure}" if error.cure else "")
        except UserError as error:
            return f"{error} {error.cure}".strip()
        except TimeoutError:
            return ""
        return ""

    def _command(self, draft: Draft, person: User, me: Identity, *, text: str = "", **more: Any) -> Command:
        own = draft.chat_id in ("", person.user_id)
        place = direct_place(person) if own else place_of(me, draft.chat_id, person.user_id, draft.thread_id)
        fields = {"id": "", "user": person, "destination": place, "text": text or draft.command, **more}
        return Command(**fields, received_at=self._clock())


def _person(payload: Payload, me: Identity) -> User:
    name = text_at(payload, "user", "name") or text_at(payload, "user", "username")
    return user_of(me, text_at(payload, "user", "id"), name)


def _words(error: UserError) -> Message:
    return say.message(say.text(str(error)), *([say.text(error.cure)] if error.cure else []))
