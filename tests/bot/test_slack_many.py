"""Slack with many workspaces: installed by OAuth, a token for each, sealed in the database, gone with its workspace."""

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chats._slack_install import AT_ONCE, INSTALL, REDIRECT, SCOPES, States
from bot.chats.slack import SlackSettings, connect
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.logs import set_up
from bot.ports import Kit
from bot.vault import Vault, new_key, vaults
from tests.bot.slack_many import KEY, ONE, TWO, chat_at, many, place
from tests.bot.slack_talk import delivery
from tests.fake_slack import FakeSlack
from tests.fakes import FakeClock
from tests.house import open_store, write_here
from tests.waiting import eventually

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


async def test_a_flood_of_made_up_codes_keeps_nobody_waiting_and_uses_no_state(tmp_path: Path) -> None:
    async with many(tmp_path) as here:
        here.slack.holds_up = "oauth.v2.access"
        begun = [await here.begin() for _ in range(AT_ONCE + 1)]
        flood = [asyncio.create_task(here.come_back(state=one, cookie=by, code="made-up")) for one, by in begun[1:]]
        await eventually(lambda: here.slack.held_up == AT_ONCE, "as many as may wait for Slack")
        state, cookie = begun[0]
        code = here.slack.code_for("T1", ONE)
        status, page = await here.come_back(state=state, cookie=cookie, code=code)
        assert (status, "again in a minute" in page) == (503, True)
        here.slack.go_on.set()
        assert {status for status, _ in await asyncio.gather(*flood)} == {401}
        assert (await here.come_back(state=state, cookie=cookie, code=code))[0] == 200


@given(
    st.dictionaries(st.sampled_from(["state", "code", "error", "team", "x"]), st.text(max_size=60)),
    st.text(max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_no_query_and_no_cookie_is_an_error(query: dict[str, str], cookie: str) -> None:
    async def look() -> None:
        nowhere = FakeSlack()
        nowhere.address = "http://127.0.0.1:9"
        chat = chat_at(nowhere, FakeClock(), open_store("memory", Path()))
        for path in (INSTALL, REDIRECT):
            status, _, page = await chat.page(path, query, {"cookie": cookie})
            assert (status in (200, 400, 401), b"</html>" in page) == (True, True)

    asyncio.run(look())


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
        again = chat_at(here.slack, here.clock, here.store)
        await again.send(delivery(destination=place("T1")))  # a new process, before it listens
        assert here.slack.bearers[-1] == ONE
        wrong = chat_at(here.slack, here.clock, here.store, key=new_key())
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
