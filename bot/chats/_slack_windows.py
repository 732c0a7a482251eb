"""Slack's windows at work: the App Home is shown when it is opened, and again when a press in it was carried out.

A window only ever brings commands, which go through the inbox like typed ones: the same rights, the same answers.
"""

from collections.abc import Mapping
from typing import Any

from bot.chats._slack_inbound import Identity, command_id, direct_place, place_of, text_at, user_of
from bot.chats._slack_latest import Latest
from bot.chats._slack_people import People
from bot.chats._slack_rule_window import Answer, RuleWindow
from bot.chats._slack_views import home_view, place_of_mark
from bot.chats._slack_web import Web
from bot.cleantext import clean_text
from bot.model import Command, Destination, User, content_id
from bot.ports import Clock, Peek

Payload = Mapping[str, Any]

MOST_HOMES = 1_000  # people whose Home waits for an answer


class Windows:
    """The App Home of one workspace's people, and the window in which they make rules."""

    def __init__(self, web: Web, people: People, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._latest = Latest()
        self._rule = RuleWindow(web, people, clock, self._latest)
        self._waiting: dict[str, Command] = {}  # chat -> a press in somebody's Home that acts there

    @property
    def peek(self) -> Peek | None:
        """What windows ask."""
        return self._rule.peek

    @peek.setter
    def peek(self, peek: Peek | None) -> None:
        self._rule.peek = peek

    async def take(self, payload: Payload, me: Identity) -> Answer:
        """The commands in what a window says, and what to acknowledge it with; showing goes on behind that."""
        sent = await self._rule.submitted(payload, me)
        if sent is not None:
            for command in sent[0]:
                self._await_answer(command)
            return sent
        if self._rule.opens(payload, me) or self._rule.typed(payload, me):
            return [], {}
        return self._home_commands(payload, me), {}

    def _home_commands(self, payload: Payload, me: Identity) -> list[Command]:
        kind = text_at(payload, "type")
        if kind == "event_callback" and text_at(payload, "event", "type") == "app_home_opened":
            if text_at(payload, "event", "tab") == "home" and text_at(payload, "event", "user"):
                self._show_home(user_of(me, text_at(payload, "event", "user")))
            return []
        if kind == "block_actions" and text_at(payload, "view", "type") == "home":
            return self._pressed(payload, me)
        return []

    def _pressed(self, payload: Payload, me: Identity) -> list[Command]:
        actions, presser = payload.get("actions"), text_at(payload, "user", "id")
        commands = []
        for number, action in enumerate(actions if isinstance(actions, list) and presser else ()):
            text = clean_text(text_at(action, "value")).strip()
            chat_id, thread_id = place_of_mark(text_at(action, "block_id"))
            if not text or not chat_id:
                continue
            event_id = text_at(payload, "trigger_id") or content_id(presser, str(actions))
            own = chat_id == presser
            person = user_of(me, presser, text_at(payload, "user", "name") or text_at(payload, "user", "username"))
            place = direct_place(person) if own else place_of(me, chat_id, presser, thread_id)
            if self._rule.edits(payload, text, person, place):
                continue
            commands.append(
                Command(
                    id=command_id(me, f"{event_id}:{number}" if number else event_id),
                    user=person,
                    destination=place,
                    text=text,
                    admin=own,
                    received_at=self._clock(),
                )
            )
        for command in commands:
            self._await_answer(command)
        return commands

    # ---------------------------------------------------------------------------------------------------------- Home

    def _await_answer(self, command: Command) -> None:
        if len(self._waiting) < MOST_HOMES:
            self._waiting[command.destination.key] = command

    def answered(self, place: Destination) -> None:
        """Something was sent there: what a press there did can be seen in the Home of whoever pressed."""
        pressed = self._waiting.pop(place.key, None)
        if pressed is not None:
            self._show_home(pressed.user)

    def _show_home(self, person: User) -> None:
        peek, here = self.peek, direct_place(person)
        if peek is None:
            return
        asked = Command(id="", user=person, destination=here, text="home", received_at=self._clock())

        async def show() -> None:
            await self._web.publish(person.user_id, home_view(await peek.home(asked), here))

        self._latest.put(f"home {person.user_id}", show)

    async def close(self) -> None:
        """Give up what is under way."""
        await self._latest.close()
