"""The documentation is true: its examples run, what it names exists, and what exists is in it.

A ```console block is a session: what follows `$` is run by a shell in a folder of its own that holds `seeds/`, and the
lines below it are the output that must come (`...` stands for anything). The blocks of one page share the folder.
"""

import doctest
import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot import registry
from bot.__main__ import main
from bot.config import describe
from tests.conftest import ROOT
from tests.waiting import LONG

PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "seeds" / "README.md"]
    if path.is_file()
)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def fences(page: Path, language: str) -> list[tuple[int, str]]:
    """(line number, text) of each block in that language."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, one.start()) + 2, one[3]) for one in FENCE.finditer(text) if one[2] == language]


def prose(page: Path) -> str:
    """The page without its blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


# ---------------------------------------------------------------------------------------------------------- examples


def session(block: str) -> Iterator[tuple[str, str]]:
    """(command, output that is shown) of each `$` line; lines that begin with `> ` continue the command."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = next((at for at, line in enumerate(lines) if at and not line.startswith("> ")), len(lines))
        yield "\n".join([lines[0], *(line[2:] for line in lines[1:length])]), "\n".join(lines[length:]).strip("\n")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with `seeds/` and, in `bin/`, the `watchword` of this checkout."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    script = tmp_path / "bin" / "watchword"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m bot "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


def say_to_shell(folder: Path, command: str) -> str:
    env = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "WATCHWORD_HTTP_PORT": "0",
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LONG,
        check=False,
    )
    return done.stdout.decode()


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if fences(page, "console")],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_console_examples_show_what_happens(page: Path, shell: Path) -> None:
    checker = doctest.OutputChecker()
    wrong = []
    for line, block in fences(page, "console"):
        for command, shown in session(block):
            got = say_to_shell(shell, command).strip("\n")
            if not checker.check_output(shown + "\n", got + "\n", SHOWN):
                wrong.append(f"{page.name}:{line}: $ {command}\n--- shown\n{shown}\n--- came\n{got}")
    assert not wrong, "\n\n".join(wrong)


@every_page
def test_python_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks with `>>>` are doctests and share names within a page; the others must at least compile."""
    monkeypatch.chdir(ROOT)
    parser, runner, names = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=SHOWN), {}
    report: list[str] = []
    for line, block in fences(page, "python"):
        if ">>>" not in block:
            compile(block, f"{page.name}:{line}", "exec")
            continue
        test = parser.get_doctest(block, names, page.name, str(page), line - 1)
        runner.run(test, out=report.append, clear_globs=False)
        names.update(test.globs)
    assert not report, "".join(report)


WITH_DOCTESTS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("rules", "bot")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if re.search(r"^ *>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("name", WITH_DOCTESTS)
def test_docstring_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=SHOWN)
    assert result.attempted
    assert not result.failed


# ------------------------------------------------------------------------------------------------- what docs must name


def test_every_setting_is_in_operations() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name, default, _ in describe():
        row = next((line for line in text.splitlines() if line.startswith("|") and f"`{name}`" in line), "")
        assert row, f"{name} is missing"
        assert not default or f"`{default}`" in row, f"{name}: its default {default!r} is not in its row"


def test_operations_names_no_setting_that_is_gone() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"WATCHWORD_[A-Z_]*[A-Z]", text)) <= {name for name, _, _ in describe()}


def test_every_word_of_the_command_line_is_in_operations() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"`watchword {name}" not in text] == []


@pytest.mark.parametrize("name", registry.names("bot.commands"))
def test_every_command_is_in_commands(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f"`{registry.module('bot.commands', name).USAGE}`" in section


# ------------------------------------------------------------------------------------------------ what docs name exists

FOLDERS = ("bot/", "rules/", "tests/", "docs/", "seeds/", ".ci/")
FILE = re.compile(r"^[\w.-]+\.(?:md|toml|lock|yaml|py)$")
ELSEWHERE = {"watchword.toml", "uv.lock", "pylock.toml"}  # the reader's own, and what we do without


@every_page
def test_every_path_exists(page: Path) -> None:
    named = set(re.findall(r"`([^`\s]+)`", prose(page)))
    paths = {name for name in named if name.startswith(FOLDERS) or FILE.match(name)} - ELSEWHERE
    missing = [name for name in paths if not list(ROOT.glob(name.partition("::")[0].rstrip("/")))]
    assert [name for name in missing if not (page.parent / name).exists()] == []


@every_page
def test_every_link_within_the_project_resolves(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The names that headings get on GitHub."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
