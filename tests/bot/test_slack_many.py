"""Slack with many workspaces: installed by OAuth, a token for each, sealed in the database, gone with its workspace."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import yaml

from bot.chats._slack_install import INSTALL, REDIRECT, SCOPES, States
from bot.chats._slack_many import Workspaces
from bot.chats.slack import SlackSettings, connect
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.logs import set_up
from bot.model import Destination
from bot.ports import Kit, Store
from bot.vault import Vault, new_key, vaults
from tests.bot.slack_talk import CALM, Ear, delivery
from tests.fake_slack import BOT_USER, ROOM, FakeSlack, form_of
from tests.fakes import FakeClock
from tests.house import open_store, write_here
from tests.talk import Talk
from tests.waiting import LONG

KEY = new_key()
ONE, TWO = "xoxb-canary-token-of-one", "xoxb-canary-token-of-two"
STATE = re.compile(r"state=([0-9a-f-]+)")


@dataclass
class Many:
    """Many workspaces at a fake Slack, with the pages on a port."""

    slack: FakeSlack
    chat: Workspaces
    clock: FakeClock
    store: Store
    ear: Ear
    address: str
    browser: aiohttp.ClientSession

    async def begin(self) -> tuple[str, str]:
        """(state, cookie) of a browser that opened the page."""
        async with self.browser.get(self.address + INSTALL) as answer:
            assert answer.status == 200
            page, cookie = await answer.text(), answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "Secure" in cookie
        found = STATE.search(page)
        assert found
        return found[1], cookie.partition(";")[0]

    async def come_back(self, *, cookie: str = "", **query: str) -> tuple[int, str]:
        """What the browser sees where Slack sends it back to."""
        headers = {"Cookie": cookie} if cookie else {}
        async with self.browser.get(self.address + REDIRECT, params=query, headers=headers) as answer:
            return answer.status, await answer.text()

    async def install(self, team: str, token: str) -> tuple[int, str]:
        state, cookie = await self.begin()
        return await self.come_back(state=state, cookie=cookie, code=self.slack.code_for(team, token))

    async def send(self, payload: dict[str, object], *, form: bool = False) -> int:
        body = form_of(payload) if form else json.dumps(payload).encode()
        headers = self.slack.signed(body, self.clock().timestamp(), form=form)
        return (await self.chat.receive(headers, body))[0]


def _chat(slack: FakeSlack, clock: FakeClock, store: Store, key: str = KEY) -> Workspaces:
    return Workspaces(
        base_url=slack.api,
        client_id=slack.client[0],
        client_secret=slack.client[1],
        signing_secret=slack.signing_secret,
        public_url="https://watchword.example",
        vault=Vault("slack", key, store, write_here),
        clock=clock,
        timing=CALM,
    )


@asynccontextmanager
async def listening(chat: Workspaces, ear: Ear) -> AsyncIterator[None]:
    task = asyncio.create_task(chat.listen(ear))
    try:
        await asyncio.wait_for(chat.ready.wait(), LONG)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await chat.close()


@asynccontextmanager
async def many(folder: Path) -> AsyncIterator[Many]:
    store, clock, ear = open_store("sqlite", folder), FakeClock(), Ear()
    async with FakeSlack() as slack, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        chat = _chat(slack, clock, store)
        async with listening(chat, ear), Talk().page(receivers=[chat], token="a password of the page") as address:
            yield Many(slack, chat, clock, store, ear, address, browser)
    store.close()


def place(team: str) -> Destination:
    return Destination(platform="slack", workspace=team, chat_id=ROOM)


# ----------------------------------------------------------------------------------------------------------- installing


async def test_each_workspace_is_written_to_with_its_own_token(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        status, page = await here.install("T1", ONE)
        assert (status, "installed in The &lt;T1&gt;" in page) == (200, True)
        assert (await here.install("T2", TWO))[0] == 200
        (asked, _) = here.slack.said("oauth.v2.access")
        assert asked["redirect_uri"] == "https://watchword.example/slack/oauth_redirect"
        await here.chat.send(delivery(destination=place("T1")))
        await here.chat.send(delivery(destination=place("T2")))
        assert here.slack.bearers[-2:] == [ONE, TWO]
        for team in ("T1", "T2"):
            assert await here.send(here.slack.slash("rules", team_id=team), form=True) == 200
        assert [command.destination.workspace for command in here.ear.commands] == ["T1", "T2"]
        with pytest.raises(PermanentError, match="not installed in that workspace") as gone:
            await here.chat.send(delivery(destination=place("T3")))
        assert gone.value.gone
        assert await here.send(here.slack.slash("rules", team_id="T3"), form=True) == 200


async def test_the_page_sends_the_browser_to_slack_with_the_manifests_scopes(tmp_path: Path, root: Path) -> None:
    async with many(tmp_path) as here:
        async with here.browser.get(here.address + INSTALL) as answer:
            link = re.search(r'href="([^"]+)"', await answer.text())
        assert link
        asked = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
        manifest = yaml.safe_load((root / "manifest.yaml").read_text(encoding="utf-8"))
        assert asked["scope"] == [",".join(SCOPES)]
        assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]
        assert asked["client_id"] == [here.slack.client[0]]


async def test_a_state_is_good_once_for_ten_minutes_and_in_one_browser(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        state, cookie = await here.begin()
        code = here.slack.code_for("T1", ONE)
        other, others = await here.begin()
        forged = state[:-1] + ("0" if state[-1] != "0" else "1")
        name = cookie.partition("=")[0]
        for given, by in ((state, ""), (state, others), (forged, f"{name}={forged}"), ("x", f"{name}=x"), ("", "")):
            status, page = await here.come_back(state=given, cookie=by, code=code)
            assert status in (400, 401), given
            assert "was not installed" in page
        assert here.slack.said("oauth.v2.access") == []
        assert (await here.come_back(state=state, cookie=cookie, code=code))[0] == 200
        assert (await here.come_back(state=state, cookie=cookie, code=here.slack.code_for("T2", TWO)))[0] == 401
        here.clock.forward(seconds=600)
        assert (await here.come_back(state=other, cookie=others, code=here.slack.code_for("T2", TWO)))[0] == 401
        assert here.store.sealed("slack").keys() == {"T1"}


async def test_states_of_another_process_and_their_memory() -> None:
    clock = FakeClock()
    states, others = States(clock), States(clock)
    state = await states.async_issue()
    assert not await others.async_consume(state)
    assert await states.async_consume(state)
    clock.forward(seconds=700)
    assert await states.async_consume(await states.async_issue())
    assert len(states._used) == 1


async def test_what_slack_refuses_or_answers_oddly_is_told_in_words(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        status, page = await here.come_back(error="access_denied")
        assert (status, "not allowed in Slack" in page) == (200, True)
        _, page = await here.come_back(error="<script>alert(1)</script>")
        assert "<script" not in page
        for fault, wanted in (({"error": "invalid_code"}, 401), ({"status": 500}, 401), ({"drop": "before"}, 502)):
            here.slack.fail("oauth.v2.access", **fault)
            state, cookie = await here.begin()
            status, page = await here.come_back(state=state, cookie=cookie, code="made-up")
            assert (status, "Begin again" in page) == (wanted, True), fault
        for changes in ({"is_enterprise_install": True}, {"team": None}, {"bot_user_id": ""}):
            state, cookie = await here.begin()
            code = here.slack.code_for("T1", ONE, **changes)
            status, page = await here.come_back(state=state, cookie=cookie, code=code)
            assert (status, "was not installed" in page) == (500, True), changes
        assert here.store.sealed("slack") == {}


# -------------------------------------------------------------------------------------------------------------- secrets


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """The handlers are given back that the test takes away."""
    root, names = logging.getLogger(), ("slack_sdk", "slack_sdk.oauth")
    handlers, level = root.handlers[:], root.level
    levels = [logging.getLogger(name).level for name in names]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(before)


@pytest.mark.usefixtures("logging_as_before")
async def test_no_token_is_in_the_database_in_the_log_or_on_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(Settings(data=tmp_path, log_level="debug"))
    async with many(tmp_path) as here:
        _, page = await here.install("T1", ONE)
        here.slack.fail("oauth.v2.access", error="invalid_code")
        state, cookie = await here.begin()
        await here.come_back(state=state, cookie=cookie, code="canary-code-that-failed")
        logging.getLogger("anybody").warning("a traceback with %s in it", ONE)
        files = _all_bytes(tmp_path)  # of the log beside the database as well
        assert b"T1" in files
    written = capsys.readouterr().err
    assert "a traceback with [secret] in it" in written
    for canary in (ONE, "canary-client-secret", "canary-code", KEY):
        assert canary.encode() not in files
        assert canary not in written
        assert canary not in page


async def test_another_key_is_told_and_nothing_is_given_up(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        again = _chat(here.slack, here.clock, here.store)
        await again.send(delivery(destination=place("T1")))  # a new process, before it listens
        assert here.slack.bearers[-1] == ONE
        wrong = _chat(here.slack, here.clock, here.store, key=new_key())
        with pytest.raises(PermanentError, match="not the key that the tokens in the database were sealed with"):
            await wrong.listen(here.ear)
        with pytest.raises(TransientError, match="Put that one back"):
            await wrong.send(delivery(destination=place("T1")))
        for chat in (again, wrong):
            await chat.close()


async def test_a_sealed_token_opens_in_its_own_place_only(tmp_path: Path) -> None:
    store = open_store("memory", tmp_path)
    vault = Vault("slack", KEY, store, write_here)
    await vault.keep("T1", "secret")
    assert await vault.secrets() == {"T1": "secret"}
    store.keep_sealed("slack", "T2", store.sealed("slack")["T1"])
    with pytest.raises(PermanentError, match="T2"):
        await vault.secrets()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slack_client_secret": ""}, "WATCHWORD_SLACK_CLIENT_SECRET is missing"),
        ({"slack_signing_secret": ""}, "WATCHWORD_SLACK_SIGNING_SECRET is missing"),
        ({"slack_bot_token": "xoxb-1"}, "keep one way"),
        ({}, "watchword make-key FILE"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_imported(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    given = {"slack_client_id": "1.2", "slack_client_secret": "s", "slack_signing_secret": "s"} | changes
    settings = Settings(data=tmp_path).having(SlackSettings(**given))
    vault = vaults(settings, open_store("memory", tmp_path), write_here)
    kit = Kit(settings=settings, clock=FakeClock(), vault=vault)
    try:
        why = str(connect(kit))
    except PermanentError as error:
        why = str(error)
    assert words in why


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    for key in ("", "short", "x" * 44, "é" * 32):
        with pytest.raises(PermanentError, match="is no key"):
            Vault("slack", key, open_store("memory", tmp_path), write_here)


# --------------------------------------------------------------------------------------------------------- uninstalling


async def test_an_uninstalled_workspace_is_heard_once_and_let_go(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        await here.install("T2", TWO)
        del here.slack.tokens[ONE]
        for kind, more in (("tokens_revoked", {"tokens": {"bot": [BOT_USER]}}), ("app_uninstalled", {})):
            assert await here.send(_of("T1", here.slack.event(kind, **more))) == 200
        assert [(one.text, one.destination.workspace) for one in here.ear.commands] == [("uninstalled", "T1")]
        with pytest.raises(PermanentError, match="not installed"):
            await here.chat.send(delivery(destination=place("T1")))
        await here.chat.send(delivery(destination=place("T2")))


async def test_an_old_event_does_not_delete_what_was_installed_since(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", "xoxb-canary-before")
        del here.slack.tokens["xoxb-canary-before"]
        await here.install("T1", ONE)
        assert await here.send(_of("T1", here.slack.event("app_uninstalled"))) == 200
        here.slack.fail("auth.test", drop="before")
        assert await here.send(_of("T1", here.slack.event("app_uninstalled"))) == 503  # nobody knows: Slack asks again
        assert here.ear.commands == []
        await here.chat.send(delivery(destination=place("T1")))
        assert here.slack.bearers[-1] == ONE


async def test_a_refused_token_pauses_its_chats_alone(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        await here.install("T1", ONE)
        await here.install("T2", TWO)
        del here.slack.tokens[ONE]
        with pytest.raises(PermanentError, match="install the app there again") as gone:
            await here.chat.send(delivery(destination=place("T1")))
        assert gone.value.gone
        await here.chat.send(delivery(destination=place("T2")))


def _of(team: str, event: dict[str, object]) -> dict[str, object]:
    """As it came from another workspace."""
    return {**event, "team_id": team, "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}]}
