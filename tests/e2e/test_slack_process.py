"""The real program, connected to a fake Slack: commands, answers, buttons, and a wrong token."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.fake_slack import FakeSlack
from tests.waiting import LONG, eventually

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(server: FakeSlack, folder: Path, **more: str) -> AsyncIterator[Path]:
    """`watchword run`; yields the file that its output goes to."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD_")}
    env = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "WATCHWORD_DATA": str(folder / "data"),
        "WATCHWORD_SEED_DIR": str(ROOT / "seeds"),
        "WATCHWORD_HTTP_PORT": "0",
        "WATCHWORD_LOG_LEVEL": "debug",
        "WATCHWORD_SLACK_BOT_TOKEN": server.bot_token,
        "WATCHWORD_SLACK_APP_TOKEN": server.app_token,
        "WATCHWORD_SLACK_BASE_URL": server.api,
        **more,
    }
    output = folder / "out.txt"
    with output.open("w") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=folder,
            env=env,
            stdin=asyncio.subprocess.PIPE,
            stdout=out,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield output
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), LONG)


async def answer(server: FakeSlack, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Send it; the answer that comes through its response URL."""
    before = len(server.responses)
    await server.acked(await server.push(kind, payload))
    await eventually(lambda: len(server.responses) > before, "an answer")
    return server.responses[-1]


async def test_a_rule_is_made_and_undone_by_its_button(tmp_path: Path) -> None:
    async with FakeSlack() as server, running(server, tmp_path) as output:
        await server.heard()
        made = await answer(server, "slash_commands", server.slash('watch "troop deployment" AND Ukraine'))
        assert "Watching: rule 1" in made["text"]
        made_list = await answer(server, "slash_commands", server.slash("rules"))
        (undo,) = [one for one in made["blocks"][-1]["elements"] if one["text"]["text"] == "Undo"]
        before = len(server.responses)
        await answer(server, "interactive", server.press(undo["value"], message_ts="17.1"))
        await eventually(lambda: len(server.responses) == before + 2, "the answer, and the message without its button")
        (used,) = [one for one in server.responses[before:] if one.get("replace_original")]
        assert all(one["type"] != "actions" for one in used["blocks"])
        listed = await answer(server, "slash_commands", server.slash("rules"))
        assert "1 “troop deployment Ukraine”" in made_list["text"]
        assert "1 “" not in listed["text"]
        wrong = await answer(server, "slash_commands", server.slash("watch (a"))
        carets = [block["elements"][0] for block in wrong["blocks"] if block["type"] == "rich_text"]
        assert any(one["type"] == "rich_text_preformatted" and "^" in one["elements"][0]["text"] for one in carets)
        assert "canary" not in output.read_text(encoding="utf-8")


async def test_a_wrong_token_turns_slack_off_in_words_and_the_rest_runs(tmp_path: Path) -> None:
    async with FakeSlack() as server, running(server, tmp_path, WATCHWORD_SLACK_APP_TOKEN="xapp-wrong-token") as output:
        await eventually(lambda: "slack: off." in output.read_text(encoding="utf-8"), "the word that Slack is off")
        said = output.read_text(encoding="utf-8")
        assert "Slack refuses the token in WATCHWORD_SLACK_APP_TOKEN (invalid_auth)" in said
        assert "Local chat: http://127.0.0.1:" in said
        assert "xapp-wrong-token" not in said
