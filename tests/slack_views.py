"""A fake Slack's windows: triggers that work once and for three seconds, views that are checked, what people put in."""

import json
from typing import Any

from tests import slack_rules
from tests.slack_payloads import ANNA, TEAM, Json, Payloads


class ViewError(Exception):
    """What Slack answers instead."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Views(Payloads):
    """`modals` by id, each with its `hash`; `homes` by person."""

    def __init__(self) -> None:
        super().__init__()
        self.modals: dict[str, Json] = {}
        self._used: set[str] = set()

    def publish(self, arguments: Json) -> Json:
        self.homes[arguments["user_id"]] = view = checked(arguments)
        return {"view": view}

    def open_view(self, arguments: Json) -> Json:
        trigger = arguments.get("trigger_id", "")
        if trigger in self._used:
            raise ViewError("exchanged_trigger_id")
        if not trigger.startswith("trigger."):
            raise ViewError("invalid_trigger_id")
        self._used.add(trigger)
        return self._shown(f"V{next(self._count)}", checked(arguments))

    def update_view(self, arguments: Json) -> Json:
        if arguments.get("view_id") not in self.modals:
            raise ViewError("not_found")
        return self._shown(arguments["view_id"], checked(arguments))

    def _shown(self, view_id: str, view: Json) -> Json:
        self.modals[view_id] = {**view, "id": view_id, "hash": f"{next(self._count)}.h"}
        return {"view": self.modals[view_id]}

    # ------------------------------------------------------------------------------------------------------- payloads

    def shortcut(self, callback_id: str, *, message: str | None = None, channel: str = "", user: str = ANNA) -> Json:
        """A press of a shortcut: below a message, or the global one."""
        payload = {"type": "shortcut", **self._who(user), "callback_id": callback_id}
        if message is None:
            return payload
        of = {"message": {"type": "message", "text": message, "ts": "17.1"}, "channel": {"id": channel, "name": "room"}}
        return {**payload, **of, "type": "message_action", "response_url": self.response_url()}

    def typing(self, view_id: str, rule: str, *, where: str = "", user: str = ANNA) -> Json:
        """Somebody types in a window."""
        action = {"type": "plain_text_input", "block_id": "rule", "action_id": "rule", "value": rule}
        view = self._filled(view_id, rule, "", where)
        return {"type": "block_actions", **self._who(user), "view": view, "actions": [action]}

    def submit(self, view_id: str, rule: str, *, topic: str = "", where: str = "", user: str = ANNA) -> Json:
        """Somebody sends a window."""
        urls = [{"block_id": "where", "action_id": "where", "channel_id": where, "response_url": self.response_url()}]
        view = self._filled(view_id, rule, topic, where)
        return {"type": "view_submission", **self._who(user), "view": view, "response_urls": urls if where else []}

    def _who(self, user: str) -> Json:
        name = {"id": user, "name": "anna", "username": "anna", "team_id": TEAM}
        return {"team": {"id": TEAM}, "user": name, "trigger_id": f"trigger.{next(self._count)}"}

    def _filled(self, view_id: str, rule: str, topic: str, where: str) -> Json:
        values: Json = {
            "rule": {"rule": {"type": "plain_text_input", "value": rule or None}},
            "topic": {"topic": {"type": "plain_text_input", "value": topic or None}},
        }
        if where:
            values["where"] = {"where": {"type": "conversations_select", "selected_conversation": where}}
        return {**self.modals[view_id], "state": {"values": values}}


def checked(arguments: Json) -> Json:
    """The view in a call, as JSON in a form or as an object; refused as Slack refuses it."""
    view = arguments.get("view")
    view = json.loads(view) if isinstance(view, str) else view
    if wrong := slack_rules.view_faults(view):
        raise ViewError("invalid_arguments", response_metadata={"messages": wrong})
    return dict(view)
