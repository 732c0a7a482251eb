"""A Bot API server for tests: real HTTP, real long polling, and refusals like Telegram's own."""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

TOKEN = "123456:fake-token-for-tests-only"
BOT = {"id": 123456, "is_bot": True, "first_name": "Watchword", "username": "WatchwordTestBot"}
Json = dict[str, Any]
KINDS = {
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "text_mention"),
    *("blockquote", "expandable_blockquote", "date_time", "custom_emoji"),
}


class Refusal(Exception):  # noqa: N818 - it is what the server says, not an error of ours
    """An answer with ok=false."""

    def __init__(self, code: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.code = code
        self.parameters = parameters


# "drop": do it, then cut the link; "refuse": cut it before; "page 502": a web page instead; "mess": do it, then a page
Fault = Refusal | str


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class FakeTelegram:
    """`updates` wait for getUpdates until they are confirmed; `sent` and `edited` are what arrived.

    `faults` come to the next sends and edits, one each; `faults_of[method]` to calls of any other method.
    """

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.sent: list[Json] = []
        self.edited: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.faults: list[Fault] = []
        self.faults_of: dict[str, list[Fault]] = {}
        self.admins: set[int] = set()
        self.closed_topics: set[int] = set()
        self.lost: set[int] = set()  # chats that the bot was removed from
        self.messages: dict[tuple[int, int], Json] = {}
        self.menus: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.described: dict[tuple[str, str], str] = {}  # by kind of description and language
        self.menu_button: Json = {"type": "default"}
        self.webhook = False
        self.hanging: set[int] = set()  # chats whose membership queries wait for `answering`
        self.answering = asyncio.Event()
        self.token = TOKEN
        self._chats: dict[int, Json] = {}
        self._update_id = 1000
        self._news = asyncio.Event()

    # ------------------------------------------------------------------------------------------------------ people

    def say(self, text: str, chat: Json, user: Json | None = None, **more: Any) -> Json:
        """Somebody types into a chat; a user of None is a channel's own post."""
        self._chats[chat["id"]] = chat
        message = {"message_id": self._update_id + 5000, "date": 1, "chat": chat, "text": text, **more}
        if user is not None:
            message["from"] = user
        return self.push("message" if user is not None else "channel_post", message)

    def press(self, data: str, message: Json, user: Json) -> Json:
        """Somebody presses a button of `message`; without a `reply_markup` it is given that one button."""
        shown = {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}, **message}
        return self.push(
            "callback_query",
            {"id": str(self._update_id), "from": user, "message": shown, "chat_instance": "1", "data": data},
        )

    def push(self, kind: str, body: Json) -> Json:
        self._update_id += 1
        self.updates.append({"update_id": self._update_id, kind: body})
        self._news.set()
        return body

    def named(self, method: str) -> list[Json]:
        """The arguments of every call of `method`."""
        return [arguments for name, arguments in self.calls if name == method]

    # ------------------------------------------------------------------------------------------------------ server

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return self._refused(Refusal(401, "Unauthorized"))
        form = dict(await request.post())
        arguments = {name: _value(str(value)) for name, value in form.items()}
        method = request.match_info["method"]
        self.calls.append((method, arguments))
        fault = self._fault(method)
        try:
            if isinstance(fault, Refusal):
                raise fault
            if fault == "refuse":
                return self._cut(request)
            if fault is not None and fault.startswith("page"):
                return web.Response(status=int(fault[4:] or 502), text="<html>Sign in</html>", content_type="text/html")
            handler: Callable[[Json], Any] | None = getattr(self, f"_{method}", None)
            if handler is None:
                raise Refusal(404, "Not Discovery")
            result = await handler(arguments) if asyncio.iscoroutinefunction(handler) else handler(arguments)
            if fault == "drop":
                return self._cut(request)
            return web.Response(text="<html>") if fault == "mess" else web.json_response({"ok": True, "result": result})
        except Refusal as refusal:
            return self._refused(refusal)

    def _fault(self, method: str) -> Fault | None:
        waiting = self.faults if method in ("sendMessage", "editMessageText") else self.faults_of.get(method, [])
        return waiting.pop(0) if waiting else None

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
        self.webhook = False
        return True

    def _setMyCommands(self, arguments: Json) -> bool:
        commands = arguments["commands"]
        fit = all(
            re.fullmatch("[a-z0-9_]{1,32}", one["command"]) and 1 <= len(one["description"]) <= 256 for one in commands
        )
        if not fit or len(commands) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        self.menus[_menu_key(arguments)] = commands
        return True

    def _getMyCommands(self, arguments: Json) -> list[Json]:
        return self.menus.get(_menu_key(arguments), [])

    def _setMyDescription(self, arguments: Json) -> bool:
        return self._describe("description", 512, arguments)

    def _setMyShortDescription(self, arguments: Json) -> bool:
        return self._describe("short_description", 120, arguments)

    def _describe(self, kind: str, most: int, arguments: Json) -> bool:
        if len(arguments[kind]) > most:
            raise Refusal(400, "Bad Request: BOT_DESCRIPTION_TOO_LONG")
        self.described[kind, arguments.get("language_code") or ""] = arguments[kind]
        return True

    def _getMyDescription(self, arguments: Json) -> Json:
        return {"description": self._described("description", arguments)}

    def _getMyShortDescription(self, arguments: Json) -> Json:
        return {"short_description": self._described("short_description", arguments)}

    def _described(self, kind: str, arguments: Json) -> str:
        """Where a language has no words of its own, the English ones are there."""
        own = self.described.get((kind, arguments.get("language_code") or ""), "")
        return own or self.described.get((kind, ""), "")

    def _getChatMenuButton(self, _: Json) -> Json:
        return self.menu_button

    def _setChatMenuButton(self, arguments: Json) -> bool:
        self.menu_button = arguments["menu_button"]
        return True

    async def _getUpdates(self, arguments: Json) -> list[Json]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, allowed = int(arguments.get("offset") or 0), arguments.get("allowed_updates")
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        wanted = [one for one in self.updates if not allowed or {*allowed} & {*one}]
        if not wanted:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), float(arguments.get("timeout") or 0))
            wanted = [one for one in self.updates if not allowed or {*allowed} & {*one}]
        return wanted[:100]

    def _answerCallbackQuery(self, arguments: Json) -> bool:
        if units(str(arguments.get("text") or "")) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    async def _getChatMember(self, arguments: Json) -> Json:
        if int(arguments["chat_id"]) in self.hanging:
            await self.answering.wait()
        if int(arguments["user_id"]) < 0:
            raise Refusal(400, "Bad Request: invalid user_id specified")
        user = {"id": int(arguments["user_id"]), "is_bot": False, "first_name": "x"}
        if int(arguments["user_id"]) in self.admins:
            rights = dict.fromkeys(
                ["can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
                 "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
                 "can_post_stories", "can_edit_stories", "can_delete_stories"], False,
            )  # fmt: skip
            return {"status": "administrator", "user": user, **rights}
        return {"status": "member", "user": user}

    def _sendMessage(self, arguments: Json) -> Json:
        self._check(arguments)
        chat = int(arguments["chat_id"])
        if chat in self.lost:
            raise Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
        if int(arguments.get("message_thread_id") or 0) in self.closed_topics:
            raise Refusal(400, "Bad Request: message thread not found")
        reply = arguments.get("reply_parameters")
        if reply and not reply.get("allow_sending_without_reply") and (chat, reply["message_id"]) not in self.messages:
            raise Refusal(400, "Bad Request: message to be replied not found")
        self.sent.append(arguments)
        self.messages[chat, len(self.sent)] = arguments
        return self._shown(chat, len(self.sent), arguments)

    def _editMessageText(self, arguments: Json) -> Json:
        key = (int(arguments["chat_id"]), int(arguments["message_id"]))
        if key not in self.messages:
            raise Refusal(400, "Bad Request: message to edit not found")
        self._check(arguments)
        look = [self.messages[key].get(name) for name in ("text", "entities", "reply_markup")]
        if look == [arguments.get(name) for name in ("text", "entities", "reply_markup")]:
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        self.messages[key] = arguments
        self.edited.append(arguments)
        return self._shown(*key, arguments)

    def _shown(self, chat: int, message_id: int, arguments: Json) -> Json:
        """The message as the Bot API tells it."""
        where = self._chats.get(chat, {"id": chat, "type": "private"})
        shown = {"message_id": message_id, "date": 1, "chat": where, "from": BOT, "text": arguments["text"]}
        names = ["entities"] if "force_reply" in (arguments.get("reply_markup") or {}) else ["entities", "reply_markup"]
        return {**shown, **{name: arguments[name] for name in names if name in arguments}}

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
            _check_entity(one, text)
        keys = [key for row in (arguments.get("reply_markup") or {}).get("inline_keyboard", []) for key in row]
        if len(keys) > 100:
            raise Refusal(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
        for key in keys:
            _check_key(key)


def _menu_key(arguments: Json) -> tuple[str, str]:
    return (arguments.get("scope") or {"type": "default"})["type"], arguments.get("language_code") or ""


def _check_entity(one: Json, text: str) -> None:
    start, end = one["offset"], one["offset"] + one["length"]
    if one["type"] not in KINDS:
        raise Refusal(400, f"Bad Request: unsupported entity type {one['type']}")
    if one["length"] <= 0 or start < 0 or end > units(text):
        raise Refusal(400, f"Bad Request: entity beginning at UTF-16 offset {start} ends after the end of the text")
    raw = text.encode("utf-16-le")
    for at in (start, end):
        if 0xDC00 <= int.from_bytes(raw[2 * at : 2 * at + 2], "little") < 0xE000:
            raise Refusal(400, "Bad Request: entity begins in a middle of a UTF-16 symbol")


def _check_key(key: Json) -> None:
    if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    if "url" in key and "." not in (urlsplit(key["url"]).hostname or ""):
        raise Refusal(400, f"Bad Request: inline keyboard button URL '{key['url']}' is invalid: Wrong HTTP URL")


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "[{" else text
    except ValueError:
        return text
