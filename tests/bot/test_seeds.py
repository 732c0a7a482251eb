"""What seeds/README.md says of the sample newsroom is so."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.core.stories.grouper import Grouper
from bot.model import Entry
from bot.reading.documentfile import entries_of
from bot.reading.text.extract import main_text, to_document
from rules import Document, RuleSet

SEEDS = Path(__file__).parents[2] / "seeds"
README = (SEEDS / "README.md").read_text("utf-8")
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def _entries(path: Path) -> list[Entry]:
    if path.suffix != ".html":
        entries, problem = entries_of(path.name, path.read_text("utf-8"), NOW)
        assert problem == ""
        return entries
    page = main_text(path.read_bytes(), "")
    return [
        Entry(
            id=path.name,
            title=page.title,
            content=page.text,
            is_html=False,
            author=page.author,
            lang=page.lang,
            outlet=page.site,
            published_at=page.published_at,
        )
    ]


@cache
def newsroom() -> dict[str, Document]:
    """Documents by what the README calls them: `01`, `34:quake-0412`."""
    found = {}
    for path in sorted(SEEDS.glob("[0-9]*")):
        for entry in _entries(path):
            _, colon, line = entry.id.partition(":")
            found[path.name[:2] + colon + line] = to_document(entry, feed_title="", feed_url="", now=NOW)
    return found


def _table(heading: str) -> Iterator[list[str]]:
    """The rows of the table under `heading`, cells without their outer spaces."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row in rows[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


RULES = [(cells[0].strip("`"), re.findall(r"`([^`]+)`", cells[1])) for cells in _table("What sample rules find")]


def test_every_file_is_listed() -> None:
    listed = [cells[0].strip("`") for cells in _table("What is in it")]
    assert listed == sorted(path.name for path in SEEDS.iterdir() if path.name != "README.md")


def test_every_article_is_short_and_says_what_it_is() -> None:
    assert len(newsroom()) == 45
    assert len({document.id for document in newsroom().values()}) == 45
    for name, document in newsroom().items():
        assert document.title, name
        assert document.site, name
        assert document.author, name
        assert document.lang in {"en", "de", "uk", "ru"}, name
        assert document.published_at is not None, name
        assert document.published_at.year == 2025, name
        assert 50 <= len(document.body.split()) <= 250, name


def test_pages_lose_their_boilerplate() -> None:
    for name in ("03", "16", "21"):
        assert "Tide tables" not in newsroom()[name].body
        assert "Cookies" not in newsroom()[name].body


def test_exactly_the_listed_documents_join() -> None:
    grouper = Grouper()
    joined = {}
    names = {document.id: name for name, document in newsroom().items()}
    for name, document in newsroom().items():
        placement = grouper.place(document, NOW)
        if placement.relation != "new":
            joined[name] = [names[placement.like], placement.relation]
    listed = {cells[0].strip("`"): [cells[1].strip("`"), cells[2]] for cells in _table("What joins")}
    assert joined == listed


@pytest.mark.parametrize(("text", "expected"), RULES, ids=[text for text, _ in RULES])
def test_a_sample_rule_finds_what_the_table_says(text: str, expected: list[str]) -> None:
    engine = RuleSet()
    engine.add("rule", text)
    assert [name for name, document in newsroom().items() if list(engine.match(document))] == expected


def test_the_main_article_has_the_phrase_in_title_and_body() -> None:
    for name in ("01", "02"):
        for text in (newsroom()[name].title, newsroom()[name].body):
            assert "troop deployment" in text
            assert "Ukrain" in text
