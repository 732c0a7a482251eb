"""The local page: the conversation, live, with the Telegram and the Slack look of each message beside it."""

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from bot.errors import UserError, WatchwordError
from bot.ports import HttpPages, HttpReceiver, LocalChat, Pushed, Pushing
from bot.web._guard import add_headers, guard
from bot.web._live import ON_SHOW, History, Live
from bot.web._serving import body_of, prepare
from bot.web._serving import serving as serving
from bot.web.looks import render

Alive = Callable[[], tuple[bool, list[str]]]
Figures = Callable[[], Awaitable[bytes]]
Health = Callable[[], Awaitable[tuple[bool, list[str]]]]
Verb = tuple[str, str, str]
Push = Callable[[str, str, Pushing], Awaitable[Pushed]]

_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"  # what Prometheus reads
_STATIC = Path(__file__).parent / "static"
_BODY_BYTES = 1 << 20  # of any request; a platform's events fit in
_SAY_BYTES = 128 << 10
_TEXT_CHARACTERS = 32_000  # a list of rules to import fits in
_REPLY_CHARACTERS = 200


def build(
    *,
    chat: LocalChat,
    history: History,
    health: Health,
    alive: Alive = lambda: (True, []),
    figures: Figures | None = None,
    verbs: Sequence[Verb],
    receivers: Sequence[HttpReceiver] = (),
    hosts: Collection[str] = (),
    push: Push | None = None,
    token: str = "",
) -> web.Application:
    """The application behind the page's address.

    `history(limit)`: the newest deliveries and commands of the local chat, oldest first. `health()`: sound or not, and
    lines that say why; `alive()`: the same for `/healthz`; `figures()`: for `/metrics`. `verbs`: (name, usage,
    summary). `receivers` answer POSTs at their own paths and prove their callers themselves; so does
    `push(kind, feed_id, request)`, which answers `/in/<kind>/<feed id>`. `hosts`: names besides loopback's under which
    the page answers (`WATCHWORD_HTTP_HOST`). `token`: its password, if it has one.
    """
    live = Live(chat, history)
    pages = _Pages(chat, live, health, alive, verbs)
    app = web.Application(client_max_size=_BODY_BYTES)
    open_paths = {receiver.path for receiver in receivers}
    open_paths |= {path for receiver in receivers if isinstance(receiver, HttpPages) for path in receiver.pages}
    app.middlewares.extend([prepare(app), guard(hosts, open_paths, token)])
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(live.run)
    app.on_shutdown.append(live.hang_up)
    app.router.add_get("/", pages.page)
    app.router.add_post("/say", pages.say)
    app.router.add_get("/events", live.stream, allow_head=False)
    app.router.add_get("/health", pages.health)
    app.router.add_get("/readyz", pages.health)
    app.router.add_get("/healthz", pages.healthz)
    if figures is not None:
        app.router.add_get("/metrics", _exposing(figures))
    app.router.add_static("/static", _STATIC)
    for receiver in receivers:
        app.router.add_post(receiver.path, _receiving(receiver))
        if isinstance(receiver, HttpPages):
            for path in receiver.pages:
                app.router.add_get(path, _showing(receiver), allow_head=False)
    if push is not None:
        for method in ("GET", "POST"):
            app.router.add_route(method, "/in/{kind:[a-z]+}/{feed_id:[0-9a-f]{16}}", _pushing(push))
    return app


class _Pages:
    """What the routes answer."""

    def __init__(self, chat: LocalChat, live: Live, health: Health, alive: Alive, verbs: Sequence[Verb]) -> None:
        self._chat = chat
        self._live = live
        self._health = health
        self._alive = alive
        self._verbs = verbs

    async def page(self, _: web.Request) -> web.Response:
        """The page with the newest lines in it; 503 when they cannot be read."""
        try:
            lines = await self._live.lines(ON_SHOW)
        except WatchwordError as error:
            return web.Response(text=f"The conversation cannot be read: {error}\n", status=503)
        return web.Response(text=render("page.html", lines=lines, verbs=self._verbs), content_type="text/html")

    async def say(self, request: web.Request) -> web.Response:
        """Submit `{"text", "reply_to"}`: 202, or an error in words with a 4xx."""
        try:
            text, reply_to = await _submission(request)
            await self._chat.submit(text, reply_to=reply_to)
        except UserError as error:
            return web.json_response({"error": f"{error} {error.cure}".strip()}, status=400)
        except WatchwordError as error:
            return web.json_response({"error": f"It could not be kept: {error}"}, status=503)
        with suppress(WatchwordError):  # it is kept; pages see it with its answer
            await self._live.tell_commands()
        return web.json_response({"ok": True}, status=202)

    async def health(self, _: web.Request) -> web.Response:
        """200 when all is well, else 503; the lines say why."""
        try:
            sound, lines = await self._health()
        except WatchwordError as error:
            sound, lines = False, [str(error)]
        return web.json_response({"ok": sound, "lines": lines}, status=200 if sound else 503)

    async def healthz(self, _: web.Request) -> web.Response:
        """200 while the service goes on at all: what restarts it asks here. 503 with the reason when it does not."""
        alive, lines = self._alive()
        return web.json_response({"ok": alive, "lines": lines}, status=200 if alive else 503)


def _exposing(figures: Figures) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=await figures(), headers={"Content-Type": _EXPOSITION})

    return answer


async def _submission(request: web.Request) -> tuple[str, str]:
    """(text, reply_to). Raises UserError for what is not a command, and 413 or 415.

    Only JSON is taken: a form on a foreign page cannot send that without asking first, and is never told yes.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.\n")
    if (request.content_length or 0) > _SAY_BYTES:
        raise web.HTTPRequestEntityTooLarge(_SAY_BYTES, request.content_length or 0, text="That is too long.\n")
    body = await body_of(request)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # also of an integer with more digits than Python reads
        raise UserError("This is not JSON.") from None
    text = value.get("text") if isinstance(value, dict) else None
    reply_to = value.get("reply_to", "") if isinstance(value, dict) else None
    if not isinstance(text, str) or not isinstance(reply_to, str) or len(reply_to) > _REPLY_CHARACTERS:
        raise UserError("This is not a command.", cure='Send {"text": "help"}.')
    if not text.strip():
        raise UserError("Nothing was typed.", cure="Try: help")
    if len(text) > _TEXT_CHARACTERS:
        raise UserError(f"That is {len(text):,} characters; {_TEXT_CHARACTERS:,} fit.", cure="Send it in parts.")
    return text, reply_to


def _receiving(receiver: HttpReceiver) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        body = await body_of(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, answer_headers, answer = await receiver.receive(headers, body)
        return web.Response(status=status, headers=dict(answer_headers), body=answer)

    return receive


def _showing(pages: HttpPages) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def show(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, answer_headers, answer = await pages.page(request.path, dict(request.query), headers)
        return web.Response(status=status, headers=dict(answer_headers), body=answer)

    return show


def _pushing(push: Push) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        pushing = Pushing(
            method=request.method,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await body_of(request),
        )
        answer = await push(request.match_info["kind"], request.match_info["feed_id"], pushing)
        return web.Response(status=answer.status, text=answer.text, headers=answer.headers)

    return receive
