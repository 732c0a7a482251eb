"""Slack over HTTP: only what Slack signed, once, within five minutes; and no failure for any header."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from hypothesis import given
from hypothesis import strategies as st

from bot.chats._slack_chat import HttpChat
from bot.chats._slack_draft import RULE_WINDOW
from bot.chats._slack_signature import Gate
from bot.chats._slack_web import Web
from bot.ports import HttpReceiver
from tests.bot.slack_talk import CALM, Ear
from tests.fake_slack import ANNA, ANNAS, BOT_USER, TEAM, FakeSlack, form_of
from tests.fakes import NOON, FakeClock
from tests.talk import Talk
from tests.waiting import LONG


@asynccontextmanager
async def served() -> AsyncIterator[tuple[FakeSlack, HttpChat, Ear, FakeClock]]:
    """A chat that listens for requests."""
    async with FakeSlack() as server:
        clock, ear = FakeClock(), Ear()
        web = Web(base_url=server.api, bot_token=server.bot_token)
        chat = HttpChat(web, clock, signing_secret=server.signing_secret, timing=CALM)
        task = asyncio.create_task(chat.listen(ear))
        await asyncio.wait_for(chat.ready.wait(), LONG)
        try:
            yield server, chat, ear, clock
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await chat.close()


def events(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload).encode()


async def test_events_commands_and_buttons_all_come_to_one_path() -> None:
    async with served() as (server, chat, ear, clock):
        now = clock().timestamp()
        mention = events(server.mention(f"<@{BOT_USER}> rules"))
        command = form_of(server.slash("watch payload AND a+b&c %"))  # bolt loses commands that say "payload"
        button = form_of(server.press("why", message_ts="17.1"))
        for body, form in ((mention, False), (command, True), (button, True)):
            status, _, answer = await chat.receive(server.signed(body, now, form=form), body)
            assert (status, answer) == (200, b"")
        assert [one.text for one in ear.commands] == ["rules", "watch payload AND a+b&c %", "why"]
        assert {one.user.user_id for one in ear.commands} == {ANNA}
        assert {one.destination.workspace for one in ear.commands} == {TEAM}


async def test_it_is_reached_through_the_applications_own_server() -> None:

    async with (
        served() as (server, chat, ear, clock),
        Talk().page(receivers=[chat]) as page,
        aiohttp.ClientSession() as web,
    ):
        assert isinstance(chat, HttpReceiver)
        body = form_of(server.slash("rules"))
        headers = server.signed(body, clock().timestamp(), form=True)
        async with web.post(page + chat.path, data=body, headers=headers) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        async with web.post(page + chat.path, data=body, headers=headers) as answer:
            assert answer.status == 401  # a replay
        assert len(ear.commands) == 1


async def test_slacks_check_of_the_address_is_answered_before_anyone_listens() -> None:
    async with FakeSlack() as server:
        web = Web(base_url=server.api, bot_token=server.bot_token)
        chat = HttpChat(web, FakeClock(), signing_secret=server.signing_secret, timing=CALM)
        body = events({"type": "url_verification", "challenge": "c123", "token": "t"})
        status, _, answer = await chat.receive(server.signed(body, NOON.timestamp()), body)
        assert (status, json.loads(answer)) == (200, {"challenge": "c123"})
        body = form_of(server.slash("rules"))
        status, _, _ = await chat.receive(server.signed(body, NOON.timestamp(), form=True), body)
        assert status == 503  # Slack asks again; a 200 would lose the command
        await chat.close()


async def test_a_replay_is_refused_and_the_handler_runs_once() -> None:
    async with served() as (server, chat, ear, clock):
        body = form_of(server.slash("rules"))
        headers = server.signed(body, clock().timestamp() + 299, form=True)  # a clock that is ahead
        assert (await chat.receive(headers, body))[0] == 200
        for _ in range(12):
            assert (await chat.receive(headers, body))[0] == 401
            clock.forward(seconds=55)
        assert len(ear.commands) == 1


async def test_what_is_wrong_in_a_window_is_answered_in_the_acknowledgement() -> None:
    async with served() as (server, chat, ear, clock):
        server.modals["V1"] = {"id": "V1", "type": "modal", "hash": "1.h", "callback_id": RULE_WINDOW}
        answers = []
        for rule in ("  ", "drought"):
            body = form_of(server.submit("V1", rule, where=ANNAS))
            status, headers, answer = await chat.receive(server.signed(body, clock().timestamp(), form=True), body)
            answers.append((status, answer and json.loads(answer), headers["content-type"].partition(";")[0]))
        wrong = {"response_action": "errors", "errors": {"rule": "What shall I watch for?"}}
        assert answers == [(200, wrong, "application/json"), (200, b"", "text/plain")]
        assert [(one.text, one.destination.user_id, one.admin) for one in ear.commands] == [
            ("watch drought", ANNA, True)
        ]


async def test_an_event_that_slack_sends_again_is_the_same_command() -> None:
    """Slack repeats an event that it had no answer to in time, signed anew: the inbox knows it by its id."""
    async with served() as (server, chat, ear, clock):
        for payload, form in (
            (server.mention(f"<@{BOT_USER}> rules"), False),
            (server.press("why", message_ts="1.2"), True),
        ):
            ear.commands.clear()
            body = form_of(payload) if form else events(payload)
            for number in range(3):
                again = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"} if number else {}
                headers = server.signed(body, clock().timestamp(), form=form) | again
                assert (await chat.receive(headers, body))[0] == 200
                clock.forward(seconds=60)
            assert len(ear.commands) == 3
            assert len({command.id for command in ear.commands}) == 1


async def test_what_could_not_be_kept_may_come_again() -> None:
    async with served() as (server, chat, ear, clock):
        ear.failures = 1
        body = form_of(server.slash("rules"))
        headers = server.signed(body, clock().timestamp(), form=True)
        assert (await chat.receive(headers, body))[0] == 503
        assert (await chat.receive(headers, body))[0] == 200
        assert [one.text for one in ear.commands] == ["rules"]


async def test_forged_old_and_malformed_requests_get_401_and_nothing_is_heard() -> None:
    async with served() as (server, chat, ear, clock):
        now = clock().timestamp()
        body = form_of(server.slash("rules"))
        good = server.signed(body, now, form=True)
        forged = [
            server.signed(body, now, form=True, secret="another"),
            server.signed(body, now - 301, form=True),
            server.signed(body, now + 301, form=True),
            server.signed(body + b"x", now, form=True),
            {},
            {name: value for name, value in good.items() if name != "x-slack-signature"},
            {name: value for name, value in good.items() if name != "x-slack-request-timestamp"},
            *(
                good | {"x-slack-signature": odd}
                for odd in ("", "v0=", "v0=é" + "0" * 63, "v1=" + "0" * 64, "v0=" + "0" * 9999)
            ),
            *(
                good | {"x-slack-request-timestamp": odd}
                for odd in ("", "now", "-1", "1e9", "٣", "9" * 400, f" {int(now)}", f"{int(now)}\n", "0x1", "nan")
            ),
        ]
        for headers in forged:
            assert await chat.receive(headers, body) == (401, {}, b""), headers
        raw = b"\xff\xfe text=rules"
        assert (await chat.receive(good, raw))[0] == 401
        assert ear.commands == []
        assert (await chat.receive(good, body))[0] == 200  # the forgeries did not use it up


@given(
    st.dictionaries(
        st.sampled_from(["x-slack-signature", "x-slack-request-timestamp", "content-type"]), st.text(max_size=80)
    ),
    st.binary(max_size=200),
)
def test_no_header_is_an_error(headers: dict[str, str], body: bytes) -> None:
    assert not Gate("secret").admits(headers, body, NOON)


async def test_signed_nonsense_is_no_error_either() -> None:
    """Whoever has the secret is Slack, but a change on its side must not become a loop of failures."""
    shapes = [
        b"",
        b"{",
        b"[1]",
        b"null",
        b'"x"',
        b"payload=",
        b"payload=%7B",
        b"payload=[1]",
        b"command=%FF",
        b"{" * 5000,
    ]
    odd = [None, 5, "x", [], {}, [1], {"id": 5}, {"type": 1}]
    async with served() as (server, chat, ear, clock):
        random.seed(4)
        for number in range(300):
            payload = random.choice([server.slash("x"), server.mention("x"), server.press("x", message_ts="1")])
            del_or_odd = random.choice([*payload, *payload.get("event", {})])
            target = payload["event"] if del_or_odd in payload.get("event", {}) else payload
            target[del_or_odd] = random.choice(odd)
            shapes.append(events(payload) if number % 2 else form_of(payload))
        for number, body in enumerate(shapes):
            kind = {"form": not body.startswith(b"{")}
            status, _, _ = await chat.receive(server.signed(body, clock().timestamp() + number % 200, **kind), body)
            assert status in (200, 400, 401), body  # 401 for one that is the same as before
        assert all(isinstance(command.text, str) and command.user.user_id for command in ear.commands)


def test_the_memory_of_signatures_does_not_grow() -> None:
    server, gate = FakeSlack(), Gate("canary-signing-secret")
    for number in range(5_000):
        now = NOON + timedelta(seconds=number)
        body = b"%d" % number
        assert gate.admits(server.signed(body, now.timestamp()), body, now)
    assert len(gate._seen) <= 602
