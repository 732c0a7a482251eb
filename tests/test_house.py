"""The habits that a machine can check: sizes, imports, adapters, clocks, locks, what must not be here."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from bot import registry
from tests.conftest import ROOT
from tests.waiting import LONG

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LARGEST_ROOM = 12  # files in a folder of reading, core, writing
ADAPTERS = ("bot.sources", "bot.chats", "bot.stores", "bot.commands")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sources(*folders):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def committed() -> list[Path]:
    """What a clone holds, or would hold once it is committed; every file where this is no git checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        ours = ("bot", "rules", "tests", "docs", "seeds", ".ci")
        names = [*ROOT.glob("*"), *(path for folder in ours for path in (ROOT / folder).rglob("*"))]
        names = [path for path in names if not {"__pycache__", "tools"} & set(path.parts)]
    return [path for path in names if path.is_file()]


# ------------------------------------------------------------------------------------------------------------- sizes


def test_modules_are_short_enough_to_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources("bot", "rules", "tests")}
    assert {path.relative_to(ROOT).as_posix(): size for path, size in lengths.items() if size > LONGEST_MODULE} == {}


def test_functions_are_short_enough_to_read() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for name, tree in trees("bot", "rules", "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


# ----------------------------------------------------------------------------------------------------------- imports


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_no_mocks() -> None:
    mocks = {"unittest.mock", "mock", "pytest_mock"}
    guilty = [name for name, tree in trees("bot", "rules", "tests") if mocks & set(imports(tree))]
    assert guilty == [], "use a fake from tests/fakes.py"


@pytest.mark.parametrize("package", ADAPTERS)
def test_imports_between_adapters_go_through_helpers(package: str) -> None:
    """An adapter may use its package's helpers (`_name`), never another adapter: removing one must break none."""
    graph = grimp.build_graph("bot", cache_dir=None)
    adapters = [name for name in graph.find_children(package) if not name.rpartition(".")[2].startswith("_")]
    assert {
        (one, other)
        for one in adapters
        for other in adapters
        if one != other and graph.chain_exists(importer=one, imported=other, as_packages=True)
    } == set()


ALONE = """
import importlib, pathlib, pkgutil, sys
from bot.config import Settings
from bot.ports import Kit
from tests.fakes import FakeClock, FakeWorker
from tests.bot.pageweb import PageWeb

package = sys.argv[1]
home = importlib.import_module(package)
names = [info.name for info in pkgutil.iter_modules(home.__path__) if not info.name.startswith("_")]

class OnlyOne:
    def find_spec(self, name, path=None, target=None):
        parent, _, last = name.rpartition(".")
        if parent == package and last in names and last != self.name:
            raise ModuleNotFoundError(f"{name} is not there")

sys.meta_path.insert(0, finder := OnlyOne())
for finder.name in names:
    for loaded in [name for name in sys.modules if name.startswith(package + ".")]:
        del sys.modules[loaded]
    kit = Kit(settings=Settings(data=pathlib.Path(".")), clock=FakeClock(), http=PageWeb(), worker=FakeWorker())
    try:
        module = importlib.import_module(f"{package}.{finder.name}")
        getattr(module, "connect", lambda kit: None)(kit)
    except Exception as error:
        print(finder.name, "without the others:", repr(error))
"""


@pytest.mark.parametrize("package", ADAPTERS)
def test_each_adapter_starts_without_the_others(package: str, tmp_path: Path) -> None:
    """Loading another by its name would not show among the imports."""
    command = [sys.executable, "-c", ALONE, package]
    done = subprocess.run(command, cwd=tmp_path, env=clean_env(), capture_output=True, text=True, timeout=LONG)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_imports_are_declared_and_declared_ones_are_used() -> None:
    """What the code imports is what pyproject.toml lists: nothing by luck, nothing for nothing."""
    homes = importlib.metadata.packages_distributions()
    used = {name.partition(".")[0] for _, tree in trees("bot", "rules") for name in imports(tree)}
    outside = used - set(sys.stdlib_module_names) - {"bot", "rules"}
    imported = {plain(home) for name in outside for home in homes.get(name, [name])[:1]}
    declared = {plain(re.split(r"[^\w.-]", line)[0]) for line in PROJECT["project"]["dependencies"]}
    assert (imported - declared, declared - imported) == (set(), set())


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# What a room must not even name: reading makes documents and knows nobody to tell, writing tells and reads no feed.
STRANGERS = {
    "bot/reading": {"Alert", "Block", "Button", "Delivery", "Destination", "LedgerLine", "Message", "Mute", "Reason"},
    "bot/writing": {"Entry", "Feed", "Health", "Poll", "Response"},
}


@pytest.mark.parametrize("room", STRANGERS)
def test_imports_of_nouns_that_a_room_must_not_know(room: str) -> None:
    named = {
        (name, alias.name)
        for name, tree in trees(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot")
        for alias in node.names
    }
    assert {(name, noun) for name, noun in named if noun in STRANGERS[room]} == set()


def test_a_room_is_small_enough_to_look_around_in() -> None:
    rooms = {path.parent for path in sources("bot/reading", "bot/core", "bot/writing")}
    counts = {room.relative_to(ROOT).as_posix(): len(list(room.glob("*.py"))) for room in rooms}
    assert {room: count for room, count in counts.items() if count > LARGEST_ROOM} == {}


# ---------------------------------------------------------------------------------------------------------- adapters


@pytest.mark.parametrize("package", ["bot.sources", "bot.chats", "bot.stores"])
def test_adapters_have_a_typed_connect(package: str) -> None:
    """They are imported by name at run time: without `def connect(kit: Kit) -> Port`, mypy would check nothing."""
    untyped = []
    for name in registry.names(package):
        tree = ast.parse((ROOT / package.replace(".", "/") / f"{name}.py").read_text(encoding="utf-8"))
        connects = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "connect"]
        if not connects or connects[0].returns is None or connects[0].args.args[0].annotation is None:
            untyped.append(name)
    assert untyped == []


def test_no_kind_of_source_is_named_outside_its_adapter() -> None:
    """A list of kinds elsewhere would be the second file that a new kind has to touch; a source says it itself."""
    kinds, outside = set(registry.names("bot.sources")), ("bot/pipeline", "bot/commands", "bot/ports")
    named = [
        f"{name}:{node.lineno} {part.value}"
        for name, tree in trees(*outside)
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Compare)  # a list, or a question
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.Constant) and part.value in kinds
    ]
    assert named == []


def test_commands_say_what_they_do() -> None:
    for name, module in registry.modules("bot.commands"):
        assert module.USAGE.split()[0] == name.replace("_", " ").split()[0]
        assert module.SUMMARY
        assert module.EXAMPLES
        assert set(module.run.__annotations__) >= {"desk", "return"}, name


# ----------------------------------------------------------------------------------------------------- start and time

LEAN_START = """
import asyncio, pathlib, sys
from bot.app import App
from bot.config import load

async def main():
    app = App(load(data=pathlib.Path("data")), say=print)
    print("off:", *sorted(app.off))
    await app.stop()

asyncio.run(main())
print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""
HEAVY = {
    *("telegram", "slack_sdk", "slack_bolt", "httpx", "trafilatura", "dateparser", "feedparser"),
    *("matplotlib", "babel", "regex", "playwright"),
}


def test_start_without_tokens_loads_no_platform_and_no_heavy_parser(tmp_path: Path) -> None:
    """The first alert comes within two seconds: an SDK alone takes up to one."""
    command = [sys.executable, "-c", LEAN_START]
    done = subprocess.run(command, cwd=tmp_path, env=clean_env(), capture_output=True, text=True, timeout=LONG)
    assert done.returncode == 0, done.stderr
    off, loaded = done.stdout.splitlines()[-2:]
    assert {"telegram", "slack"} <= set(off.split())
    assert HEAVY & set(loaded.split()) == set()


def clean_env() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def test_only_the_composition_root_reads_the_clock() -> None:
    """Everything else is told the time, so that tests can move it. `time.monotonic` measures and is allowed."""
    clocks = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|time_ns|localtime|gmtime))\b")
    readers = [
        f"{name}:{node.lineno} {ast.unparse(node.func)}"
        for name, tree in trees("bot", "rules")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and clocks.search(ast.unparse(node.func)) and name != "bot/app.py"
    ]
    assert readers == []


# ------------------------------------------------------------------------------------------------ locks and the rest


WAITS = ("wait_for", "timeout", "wait", "join", "communicate")


def waits(tree: ast.Module) -> Iterator[ast.expr]:
    """The limit of every wait."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield from (one.value for one in node.keywords if one.arg == "timeout")
            yield from node.args[-1:] if name in WAITS else []


def test_tests_wait_until_it_is_so_and_not_for_so_long() -> None:
    """A limit of its own would turn a busy machine red, or cut off the longer wait around it: LONG is for all."""
    own = [
        f"{name}:{limit.lineno}"
        for name, tree in trees("tests")
        for limit in waits(tree)
        if isinstance(limit, ast.Constant) and isinstance(limit.value, int | float)
    ]
    assert [one for one in own if not one.startswith(("tests/bench/", "tests/faults/"))] == []


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", text, re.MULTILINE))


def test_locks_are_hashed_and_agree() -> None:
    """`make test` must test the very versions that `make run` installs."""
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
    declared = {plain(re.split(r"[^\w.-]", line)[0]) for line in PROJECT["project"]["dependencies"]}
    assert declared - run.keys() == set(), "run `.ci/run lock`"
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-e2e.lock", "requirements-bench.lock"):
        blocks = re.split(r"^(?=[a-z0-9.-]+==)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


# In pieces, so that this file may be searched as well.
FORBIDDEN = re.compile(
    "|".join(
        (
            *("pypi" + r"\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "npmjs" + r"\.org"),
            *(r"--(?:extra-)?" + "index-url=", r"--" + "find-links="),
            *(r"(?<![\w.])/" + "work/(?:main|shared)", r"(?<![\w.])/" + "tmp/w/", r"(?<![\w.])/" + "root/"),
            r"\b[0-9]{8,10}:" + r"A[A-Za-z0-9_-]{34}\b",  # a Telegram bot's token
            "xox[abposr]-" + r"[0-9]{8,}-",  # Slack's
            "xapp-" + r"[0-9]-A[A-Z0-9]{8,}-",
            "-----BEGIN " + "[A-Z ]*PRIVATE KEY",
        )
    )
)


def test_nothing_private_is_committed() -> None:
    """No registry's address, no path of somebody's machine, nothing that looks like a real token."""
    found = []
    for path in committed():
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert found == []


def test_changelog_has_an_unreleased_section() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## \[Unreleased\]$", text, re.MULTILINE)) == 1
    section = text.partition("## [Unreleased]")[2].partition("\n## ")[0]
    assert re.search(r"^### (Added|Changed|Fixed|Removed)\n+- ", section, re.MULTILINE)
