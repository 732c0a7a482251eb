"""What Slack sends: slash commands, events, presses, as its documentation shows them."""

import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]
TEAM, BOT_USER, BOT_ID, ANNA, BORIS = "T0TEAM", "U0BOT", "B0BOT", "U0ANNA", "U0BORIS"
ROOM, ANNAS = "C0ROOM", "D0ANNA"


class Payloads:
    """Of one workspace; each payload is another event."""

    def __init__(self) -> None:
        self.homes: dict[str, Json] = {}  # person -> App Home
        self._count = itertools.count(1)

    def response_url(self, uses: int = 5) -> str:
        """A way back to whoever asked."""
        raise NotImplementedError

    def slash(self, text: str, **changes: Any) -> Json:
        number = next(self._count)
        return {
            "command": "/watchword",
            "text": text,
            "team_id": TEAM,
            "channel_id": ROOM,
            "user_id": ANNA,
            "user_name": "anna",
            "api_app_id": "A0APP",
            "trigger_id": f"trigger.{number}",
            "response_url": self.response_url(),
            **changes,
        }

    def event(self, kind: str, **event: Any) -> Json:
        number = next(self._count)
        inner = {"type": kind, "event_ts": f"1700000001.{number:06d}", **event}
        return {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0APP", "event_id": f"Ev{number}"} | {
            "event": inner,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }

    def mention(self, text: str, **event: Any) -> Json:
        ts = f"1700000002.{next(self._count):06d}"
        return self.event("app_mention", **{"user": ANNA, "channel": ROOM, "text": text, "ts": ts, **event})

    def direct(self, text: str, **event: Any) -> Json:
        ts = f"1700000003.{next(self._count):06d}"
        said = {"user": ANNA, "channel": ANNAS, "channel_type": "im", "text": text, "ts": ts}
        return self.event("message", **{**said, **event})

    def press(self, value: str, *, message_ts: str, channel: str = ROOM, user: str = ANNA, thread_ts: str = "") -> Json:
        message = {"ts": message_ts, **({"thread_ts": thread_ts} if thread_ts else {})}
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "name": "anna", "team_id": TEAM},
            "channel": {"id": channel, "name": "room"},
            "container": {"type": "message", "message_ts": message_ts, "channel_id": channel},
            "message": message,
            "trigger_id": f"trigger.{next(self._count)}",
            "response_url": self.response_url(),
            "actions": [{"type": "button", "action_id": "command:0", "block_id": "b", "value": value}],
        }

    def press_at_home(self, label: str, user: str = ANNA) -> Json:
        """The press of the first button in a person's App Home whose label begins so."""
        found = [
            (block.get("block_id", ""), button)
            for block in self.homes[user]["blocks"]
            for button in [*block.get("elements", ()), block.get("accessory", {})]
            if button.get("type") == "button" and button["text"]["text"].startswith(label)
        ]
        block_id, button = found[0]
        action = {"type": "button", "block_id": block_id, "action_id": button["action_id"], "value": button["value"]}
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "name": "anna", "team_id": TEAM},
            "container": {"type": "view", "view_id": f"V{user}"},
            "view": {"id": f"V{user}", **self.homes[user]},
            "trigger_id": f"trigger.{next(self._count)}",
            "actions": [action],
        }


def form_of(payload: Mapping[str, Any]) -> bytes:
    """A slash command, or an interactive payload, as Slack posts it."""
    fields = dict(payload) if "command" in payload else {"payload": json.dumps(payload)}
    return urlencode(fields).encode()
