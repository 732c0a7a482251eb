"""A Bot API server for tests: real HTTP, real long polling, and refusals like Telegram's own."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

TOKEN = "123456:fake-token-for-tests-only"
BOT = {"id": 123456, "is_bot": True, "first_name": "Watchword", "username": "WatchwordTestBot"}
Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - it is what the server says, not an error of ours
    """An answer with ok=false."""

    def __init__(self, code: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.code = code
        self.parameters = parameters


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class FakeTelegram:
    """`updates` wait for getUpdates until they are confirmed; `sent` and `edited` are what arrived."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.sent: list[Json] = []
        self.edited: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.faults: list[Refusal | str] = []  # "drop": accept, then cut the link; "refuse": cut it before
        self.admins: set[int] = set()
        self.closed_topics: set[int] = set()
        self.messages: dict[tuple[int, int], Json] = {}
        self._update_id = 1000
        self._news = asyncio.Event()

    # ------------------------------------------------------------------------------------------------------ people

    def say(self, text: str, chat: Json, user: Json | None = None, **more: Any) -> Json:
        """Somebody types into a chat; a user of None is a channel's own post."""
        message = {"message_id": self._update_id + 5000, "date": 1, "chat": chat, "text": text, **more}
        if user is not None:
            message["from"] = user
        return self.push("message" if user is not None else "channel_post", message)

    def press(self, data: str, message: Json, user: Json) -> Json:
        """Somebody presses a button."""
        return self.push(
            "callback_query",
            {"id": str(self._update_id), "from": user, "message": message, "chat_instance": "1", "data": data},
        )

    def push(self, kind: str, body: Json) -> Json:
        self._update_id += 1
        self.updates.append({"update_id": self._update_id, kind: body})
        self._news.set()
        return body

    # ------------------------------------------------------------------------------------------------------ server

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return self._refused(Refusal(401, "Unauthorized"))
        form = dict(await request.post())
        arguments = {name: _value(str(value)) for name, value in form.items()}
        method = request.match_info["method"]
        self.calls.append((method, arguments))
        try:
            fault = self.faults.pop(0) if self.faults and method in ("sendMessage", "editMessageText") else None
            if isinstance(fault, Refusal):
                raise fault
            if fault == "refuse":
                return self._cut(request)
            handler: Callable[[Json], Any] | None = getattr(self, f"_{method}", None)
            if handler is None:
                raise Refusal(404, "Not Found")
            result = await handler(arguments) if asyncio.iscoroutinefunction(handler) else handler(arguments)
            if fault == "drop":
                return self._cut(request)
            return web.json_response({"ok": True, "result": result})
        except Refusal as refusal:
            return self._refused(refusal)

    @staticmethod
    def _refused(refusal: Refusal) -> web.Response:
        body: Json = {"ok": False, "error_code": refusal.code, "description": str(refusal)}
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        return web.json_response(body, status=refusal.code)

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    # ----------------------------------------------------------------------------------------------------- methods

    def _getMe(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    def _deleteWebhook(self, _: Json) -> bool:
        return True

    def _setMyCommands(self, arguments: Json) -> bool:
        for one in arguments["commands"]:
            if (
                not one["command"].islower()
                or not 1 <= len(one["command"]) <= 32
                or not 1 <= len(one["description"]) <= 256
            ):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    async def _getUpdates(self, arguments: Json) -> list[Json]:
        offset = int(arguments.get("offset") or 0)
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), float(arguments.get("timeout") or 0))
        return self.updates[:100]

    def _answerCallbackQuery(self, _: Json) -> bool:
        return True

    def _getChatMember(self, arguments: Json) -> Json:
        user = {"id": int(arguments["user_id"]), "is_bot": False, "first_name": "x"}
        if int(arguments["user_id"]) in self.admins:
            rights = dict.fromkeys(
                ["can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
                 "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
                 "can_post_stories",
                 "can_edit_stories", "can_delete_stories"], False,
            )  # fmt: skip
            return {"status": "administrator", "user": user, **rights}
        return {"status": "member", "user": user}

    def _sendMessage(self, arguments: Json) -> Json:
        self._check(arguments)
        if int(arguments.get("message_thread_id") or 0) in self.closed_topics:
            raise Refusal(400, "Bad Request: message thread not found")
        self.sent.append(arguments)
        message = {
            "message_id": len(self.sent),
            "date": 1,
            "chat": {"id": int(arguments["chat_id"]), "type": "private"},
            "text": arguments["text"],
        }
        self.messages[int(arguments["chat_id"]), len(self.sent)] = arguments
        return message

    def _editMessageText(self, arguments: Json) -> Json:
        key = (int(arguments["chat_id"]), int(arguments["message_id"]))
        if key not in self.messages:
            raise Refusal(400, "Bad Request: message to edit not found")
        self._check(arguments)
        look = [self.messages[key].get(name) for name in ("text", "entities", "reply_markup")]
        if look == [arguments.get(name) for name in ("text", "entities", "reply_markup")]:
            raise Refusal(400, "Bad Request: message is not modified")
        self.messages[key] = arguments
        self.edited.append(arguments)
        return {"message_id": key[1], "date": 1, "chat": {"id": key[0], "type": "private"}, "text": arguments["text"]}

    @staticmethod
    def _check(arguments: Json) -> None:
        """The limits that Telegram holds a message to."""
        text = str(arguments.get("text") or "")
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        entities = arguments.get("entities") or []
        if len(entities) > 100:
            raise Refusal(400, "Bad Request: too many entities")
        for one in entities:
            if one["length"] <= 0 or one["offset"] < 0 or one["offset"] + one["length"] > units(text):
                raise Refusal(400, "Bad Request: entity is out of bounds")
        for row in (arguments.get("reply_markup") or {}).get("inline_keyboard", []):
            for key in row:
                if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= 64:
                    raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "[{" else text
    except ValueError:
        return text
