"""A newcomer adds a source, a chat, a store, a command or a zone of rules with one file, and touches no other.

The files are those that docs/extending.md shows. Each is put into a temporary folder that a new process puts on the
package's path; that process knows it by nothing but its place, and drives the whole application with it.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.waiting import LONG

# What the new process runs first: one more folder on the package's path.
HOOK = """
import importlib, sys
package, folder = sys.argv[1:3]
importlib.import_module(package).__path__.append(folder)
"""

CLEAN = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}

# Then the whole application but its page and its ticks; the scripts below say what happens in it.
DRIVE = """
import asyncio, contextlib, logging, structlog
from ipaddress import ip_network
from pathlib import Path
from bot.app import App

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # the default level
from bot.config import load

def text(message):
    return " | ".join("".join(run.text for run in block.runs) for block in message.blocks)

@contextlib.asynccontextmanager
async def running(**settings):
    app = App(load(data=Path("data"), allow_networks=(ip_network("127.0.0.0/8"),), **settings), say=print)
    tasks = [asyncio.create_task(chat.listen(app.pipeline.answer.receive)) for chat in app.chats.values()]
    try:
        await asyncio.sleep(0.1)
        await app.pipeline.settle()
        yield app
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.stop()

async def say(app, words):
    await app.local.submit(words)
    await app.pipeline.settle()
    return text(app.store.deliveries(app.local.here, limit=1)[-1].message)
"""


def example(path: str) -> str:
    """The file of that name that docs/extending.md shows."""
    page = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    found = re.search(rf"```python\n# {re.escape(path)}\n(.*?)\n```", page, re.DOTALL)
    assert found, f"docs/extending.md does not show {path}"
    return found[1] + "\n"


def put(tmp_path: Path, path: str, code: str) -> tuple[str, Path]:
    """(package, folder) with that one file in it."""
    folder = tmp_path / "added"
    folder.mkdir()
    (folder / Path(path).name).write_text(code, encoding="utf-8")
    return path.rpartition("/")[0].replace("/", "."), folder


def run(tmp_path: Path, package: str, folder: Path, script: str, **env: str) -> str:
    """What the script prints, in a process that has the folder on the package's path."""
    done = subprocess.run(
        [sys.executable, "-c", HOOK + script, package, str(folder)],
        cwd=tmp_path,
        env={**CLEAN, **env},
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def suite(tmp_path: Path, package: str, folder: Path, tests: str, name: str) -> str:
    """The closing line of that suite, run on the new adapter alone."""
    words = ["-p", "no:cacheprovider", "--rootdir", str(ROOT), str(ROOT / tests), "-k", name]
    return run(tmp_path, package, folder, f"import pytest; sys.exit(pytest.main({words}))").splitlines()[-1]


def test_a_source_is_one_file(tmp_path: Path) -> None:
    package, folder = put(tmp_path, "bot/sources/lines.py", example("bot/sources/lines.py"))
    script = """
from aiohttp import web

LINES = ["Quiet day at the harbour"]

async def main():
    page = web.Application()
    page.router.add_get("/headlines.txt", lambda request: web.Response(text="\\n".join(LINES)))
    runner = web.AppRunner(page)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/headlines.txt"
    async with running() as app:
        await say(app, "watch harbour AND strike")
        print(await say(app, "source add " + address))
        await app.pipeline.settle()  # the first visit, which never alerts
        LINES.append("Harbour strike begins at dawn")
        (feed,) = [feed for feed in app.store.feeds(app.store.subscriptions(app.local.here)[0].id)]
        print(feed.kind, "new:", await app.pipeline.collect.feed(feed))
        await app.pipeline.settle()
        print(text(app.store.deliveries(app.local.here, limit=1)[-1].message))
        print(*(await say(app, "source export")).split())
    await runner.cleanup()

asyncio.run(main())
from bot.__main__ import main
main(["sources", "--opml"])
"""
    answer, poll, alert, exported, *written = run(tmp_path, package, folder, DRIVE + script).splitlines()
    assert "Quiet day at the harbour" in answer
    assert poll == "lines new: 1"
    assert "Harbour strike begins at dawn" in alert
    for list_of_sources in (exported, "".join(written)):
        assert "/headlines.txt" in list_of_sources
        assert 'type="rss"' not in list_of_sources


def test_a_source_that_does_not_say_how_is_not_exported(tmp_path: Path) -> None:
    code = example("bot/sources/lines.py").replace("    export = Export.PAGE\n", "")
    package, folder = put(tmp_path, "bot/sources/lines.py", code)
    script = """
async def main():
    async with running() as app:
        await say(app, "watch harbour")  # makes the chat's channel
        await app.write(app.store.add_feed, Feed(id="f", kind="lines", url="https://keyed.example/a.txt"), own(app))
        print(await say(app, "source export"))

def own(app):
    return app.store.subscriptions(app.local.here)[0].id

asyncio.run(main())
from bot.__main__ import main
main(["sources", "--opml"])
"""
    said = run(tmp_path, package, folder, "from bot.model import Feed\n" + DRIVE + script)
    assert "1 lines" in said.splitlines()[0]
    assert "keyed.example" not in said


TOKEN = "twelve-or-more"


def chat(tmp_path: Path) -> tuple[str, Path]:
    """(package, folder) of the chat, whose commands are written already."""
    (tmp_path / "data").mkdir()
    lines = f"{TOKEN} watch harbour AND strike\n{TOKEN} rules\nsomebody watch zebras\n"
    (tmp_path / "data" / "commands.txt").write_text(lines, encoding="utf-8")
    return put(tmp_path, "bot/chats/files.py", example("bot/chats/files.py"))


@pytest.mark.parametrize("as_file", [False, True])
def test_a_chat_with_a_secret_is_one_file(tmp_path: Path, as_file: bool) -> None:
    package, folder = chat(tmp_path)
    (tmp_path / "secret").write_text(TOKEN + "\n", encoding="utf-8")
    env = {"WATCHWORD_FILES_TOKEN_FILE": "secret"} if as_file else {"WATCHWORD_FILES_TOKEN": TOKEN}
    script = """
import logging
from bot.config import load
from bot.logs import set_up

async def main():
    async with running() as app:
        print(*sorted(app.chats))

asyncio.run(main())
set_up(load(), sys.stdout)
logging.getLogger("a.library").error("refused: %s", load().secrets()[0])
from bot.__main__ import main
main(["doctor"])
"""
    said = run(tmp_path, package, folder, DRIVE + script, WATCHWORD_FILES_PAUSE="0.5", **env)
    assert "files" in said.splitlines()[0].split()
    answers = (tmp_path / "data" / "answers.txt").read_text(encoding="utf-8")
    assert answers.count("harbour AND strike") >= 2  # what was made, and the list
    assert "zebras" not in answers
    assert "refused: [secret]" in said
    assert TOKEN not in said + answers
    shown = [line.split(None, 2) for line in said.splitlines() if "WATCHWORD_FILES_" in line]
    assert [name for name, *_ in shown] == [f"WATCHWORD_FILES_{name}" for name in ("TOKEN", "TOKEN_FILE", "PAUSE")]
    assert [value for _, value, _ in shown] == ["set", "secret" if as_file else "-", "0.5"]
    run(tmp_path, package, folder, DRIVE + script, **env)
    assert (tmp_path / "data" / "answers.txt").read_text(encoding="utf-8") == answers, "carried out twice"


def test_a_chat_that_is_not_set_up_says_how(tmp_path: Path) -> None:
    package, folder = chat(tmp_path)
    script = """
async def main():
    async with running() as app:
        print(app.off["files"])

asyncio.run(main())
"""
    assert "set WATCHWORD_FILES_TOKEN" in run(tmp_path, package, folder, DRIVE + script)
    (tmp_path / "data" / "commands.txt").unlink()
    assert "commands.txt" in run(tmp_path, package, folder, DRIVE + script, WATCHWORD_FILES_TOKEN=TOKEN)


WRONG = """
from bot.config import load
from bot.errors import UserError
try:
    load()
except UserError as error:
    print(error)
"""


def test_a_chats_settings_are_checked_with_all_others_and_known_only_with_its_file(tmp_path: Path) -> None:
    package, folder = chat(tmp_path)
    env = {"WATCHWORD_FILES_PAUSE": "0", "WATCHWORD_FILES_TOKN": "x", "WATCHWORD_HTTP_PORT": "many"}
    unknown, port, pause = run(tmp_path, package, folder, WRONG, **env).splitlines()
    assert unknown.endswith("WATCHWORD_FILES_TOKN: there is no such setting; did you mean WATCHWORD_FILES_TOKEN?")
    assert "WATCHWORD_HTTP_PORT: " in port
    assert "WATCHWORD_FILES_PAUSE: " in pause
    (folder / "files.py").unlink()
    refused = run(tmp_path, package, folder, WRONG, WATCHWORD_FILES_TOKEN=TOKEN)
    assert "WATCHWORD_FILES_TOKEN: there is no such setting" in refused


def test_an_installed_package_brings_its_settings(tmp_path: Path) -> None:
    """The same file under another name, found by its entry point instead of by its place."""
    site = tmp_path / "site"
    (site / "matrix_for_watchword-1.0.dist-info").mkdir(parents=True)
    code = example("bot/chats/files.py").replace("files_", "matrix_").replace("WATCHWORD_FILES", "WATCHWORD_MATRIX")
    (site / "matrix_for_watchword.py").write_text(code, encoding="utf-8")
    facts = site / "matrix_for_watchword-1.0.dist-info"
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: matrix-for-watchword\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[watchword.chats]\nmatrix = matrix_for_watchword\n")
    script = "from bot.config import load; print(load().secrets())"
    env = {"WATCHWORD_MATRIX_TOKEN": TOKEN, "PYTHONPATH": f"{ROOT}:{site}"}
    assert run(tmp_path, "bot.chats", tmp_path / "nowhere", script, **env).strip() == f"['{TOKEN}']"


def test_a_store_is_one_file(tmp_path: Path) -> None:
    """The plainest shipped store under another name: found, chosen by a setting, and judged by the whole suite."""
    code = (ROOT / "bot" / "stores" / "memory.py").read_text(encoding="utf-8")
    package, folder = put(tmp_path, "bot/stores/notebook.py", code)
    script = """
async def main():
    async with running(store="notebook") as app:
        print(type(app.store).__module__)
        print(await say(app, "watch harbour AND strike"))

asyncio.run(main())
"""
    module, answer = run(tmp_path, package, folder, DRIVE + script).splitlines()
    assert module == "bot.stores.notebook"
    assert "harbour AND strike" in answer
    assert "passed" in suite(tmp_path, package, folder, "tests/contracts", "notebook")


def test_a_command_is_one_file(tmp_path: Path) -> None:
    package, folder = put(tmp_path, "bot/commands/count.py", example("bot/commands/count.py"))
    script = """
async def main():
    async with running() as app:
        for words in ("count troops", "count", "help count", "cuont troops"):
            print(await say(app, words))

asyncio.run(main())
"""
    counted, asked, helped, nearest = run(tmp_path, package, folder, DRIVE + script).splitlines()
    assert counted.startswith("0 of 0 match")
    assert "Which rule?" in asked
    assert "newest thousand documents match" in helped
    assert "count" in nearest
    assert "passed" in suite(tmp_path, package, folder, "tests/bot/test_commands.py", "count")


def test_a_zone_of_rules_is_one_file(tmp_path: Path) -> None:
    """The tree, the index (one by one, in batches, saved and loaded), the explanation and the doctor know it."""
    package, folder = put(tmp_path, "rules/operators/ending.py", example("rules/operators/ending.py"))
    script = """
import random
from itertools import product
from rules import Document, RuleSet, explain, parse
from rules.logic import follows

INSIDE = "war", "~troop", '"Kyiv war"', "(war OR peace)", "(war NEAR/1 Kyiv)", "(war AND Kyiv NOT peace)", "troo*"
FORMS = "{}", "peace OR {}", "war NOT {}", "title:war AND {}", "min:2 of ({}, war, Kyiv)", "ATLEAST/2 {}"
texts = [form.format(f"ENDING/{n} {part}") for form, part, n in product(FORMS, INSIDE, (1, 3, 7))]
texts += ["lead:(ENDING/3 war)", "ENDING/3 (FIRST/8 war)", "ENDING/3 war PRE/2 ENDING/2 Kyiv"]
texts += ["ENDING/4 (war SENT Kyiv)"]
draw = random.Random(3)
words = ["war", "troops", "peace", "Kyiv", "Kyiv.", "sent", "\\n\\n", "grain", "\u5317\u4eac"]
documents = [
    Document(id=str(n), title=draw.choice(words), body=" ".join(draw.choices(words, k=draw.randrange(14))))
    for n in range(300)
]
many, singly = RuleSet(), RuleSet()
many.add_many(numbered := [(f"{n:03}", text) for n, text in enumerate(texts)])
for rule_id, text in numbered:
    singly.add(rule_id, text)
wanted = [singly.match_all(document) for document in documents]
for engine in (many, singly, RuleSet.load(many.save())):
    assert engine.match_many(documents) == wanted
    assert [engine.match(document) for document in documents] == wanted
    assert engine.failures == {}
assert len({match.rule_id for each in wanted for match in each}) > 0.8 * len(texts)
alone = parse("ENDING/3 war").node
print(alone.condition(True).exact, follows(alone, parse("ENDING/9 war").node), follows(alone, parse("body:war").node))
print(explain(parse("ENDING/1 war"), Document(id="d", body="War is over.")).detail)
"""
    exact, detail = run(tmp_path, package, folder, script).splitlines()
    assert exact == "True True True", "the index asks the tree, or the doctor knows nothing of it"
    assert detail == "it is there, but not in the last 1 words of the body"
    assert "passed" in suite(tmp_path, package, folder, "tests/rules/test_operators.py", "ending")
