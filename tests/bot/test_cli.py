"""The commands for scripts, as a script calls them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from tests.bot.grouped_twice import FERRY
from tests.house import open_store

Call = Callable[..., Result]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_check_echoes_the_reading(call: Call) -> None:
    result = call("check", '"troop deployment" AND Ukraine')
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == '"troop deployment" AND Ukraine'


def test_check_points_at_the_error_and_its_cure_parses(call: Call) -> None:
    result = call("check", "(troops AND Ukraine")
    assert result.exit_code == 2
    assert "^" in result.stderr
    cure = result.stderr.rpartition("Try: ")[2].strip()
    assert call("check", cure).exit_code == 0


def documents(tmp_path: Path) -> str:
    path = tmp_path / "docs.jsonl"
    lines = [
        {"id": "a", "title": "Troop deployment", "text": "To Ukraine.", "lang": "en", "tags": ["x"]},
        {"id": "b", "title": "Weather", "text": "Rain in Ukraine.", "date": "2026-03-02T12:00:00Z"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    return str(path)


def test_match_prints_one_line_a_hit(call: Call, tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text('r1\t"troop deployment" AND Ukraine\nr2\tUkraine\n')
    result = call("match", "--rules", str(rules), documents(tmp_path))
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"rule": "r1", "doc": "a", "spans": [["title", 0, 16], ["body", 3, 10]]},
        {"rule": "r2", "doc": "a", "spans": [["body", 3, 10]]},
        {"rule": "r2", "doc": "b", "spans": [["body", 8, 15]]},
    ]


def test_every_wrong_line_of_a_rule_file_is_named(call: Call, tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("r1\t(troops\nno tab here\nr2\tok\nr2\ttwice\n")
    result = call("match", "--rules", str(rules), documents(tmp_path))
    assert result.exit_code == 2
    for place in ("rules.tsv:1", "rules.tsv:2", "rules.tsv:4"):
        assert place in result.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{not json", "is not JSON"),
        ('{"title": "x"}', "has no id"),
        ('["a"]', "has no id"),
        ('{"id": "a", "title": 3}', "title must be text"),
        ('{"id": "a", "tags": "x"}', "tags must be a list"),
        ('{"id": "a", "date": "someday"}', "cannot read the date"),
    ],
)
def test_a_wrong_document_is_named_with_its_line(call: Call, tmp_path: Path, line: str, words: str) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": "ok", "title": "", "text": ""}\n' + line + "\n")
    result = call("group", str(docs))
    assert result.exit_code == 2
    assert "docs.jsonl:2" in result.stderr
    assert words in result.stderr


def test_group_prints_a_cluster_for_each_document_in_order(call: Call, tmp_path: Path) -> None:
    result = call("group", documents(tmp_path))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    assert lines[0]["cluster"] != lines[1]["cluster"]


def test_group_says_how_sure_it_is_and_why(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "ferry.jsonl"
    lines = [{"id": each.id, "title": each.title, "text": each.body, "date": f"{each.published_at}"} for each in FERRY]
    path.write_text("\n".join(map(json.dumps, lines)))
    told = [json.loads(line) for line in call("group", str(path), "--outcomes", "--explain").stdout.splitlines()]
    assert [line["outcome"] for line in told] == ["new", "same", "same"]
    assert all(line["why"] for line in told)
    bare = [json.loads(line) for line in call("group", str(path)).stdout.splitlines()]
    assert bare == [{"id": line["id"], "cluster": line["cluster"]} for line in told]


def test_explain(call: Call, tmp_path: Path) -> None:
    doc = tmp_path / "doc.txt"
    doc.write_text("Troops\n\nThe troops left.\n")
    result = call("explain", "troops AND Ukraine", str(doc))
    assert result.exit_code == 0
    assert "troops" in result.stdout
    assert "Ukraine" in result.stdout
    assert result.stdout.splitlines()[-1] == "It would match as troops"
    assert "would match" not in call("explain", "troops", str(doc)).stdout


def test_feed_reads_a_file_and_refuses_what_is_none(call: Call, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>T</title>"
        "<item><title>One</title><link>https://a.example/1</link></item></channel></rss>"
    )
    result = call("feed", str(feed))
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["title"] == "One"
    feed.write_text("<html><title>A page</title></html>")
    result = call("feed", str(feed))
    assert result.exit_code == 2
    assert "not a feed" in result.stderr
    assert call("feed", "nowhere.xml").exit_code == 2
    refused = call("feed", "http://127.0.0.1:1/feed")
    assert refused.exit_code == 2
    assert "WATCHWORD_ALLOW_NETWORKS" in refused.stderr


def test_extract_prints_the_main_text(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = "The bridge was opened on Monday after two years of work by three hundred people from the region. " * 4
    page.write_text(
        f"<html lang=en><head><title>Bridge</title></head><body><nav>Home Sport</nav><article><h1>Bridge</h1>"
        f"<p>{words}</p><p>{words}</p></article><footer>Imprint</footer></body></html>"
    )
    result = call("extract", str(page))
    assert result.exit_code == 0
    assert "The bridge was opened" in result.stdout
    assert "Imprint" not in result.stdout
    found = json.loads(call("extract", str(page), "--json").stdout)
    assert found["title"] == "Bridge"
    assert found["lang"] == "en"


def test_migrate_and_doctor(call: Call, tmp_path: Path) -> None:
    assert call("migrate").exit_code == 0
    result = call("doctor")
    assert result.exit_code == 0
    assert "WATCHWORD_POLL_MIN_SECONDS" in result.stdout
    assert "Nothing is wrong." in result.stdout


def test_a_damaged_database_is_refused_and_left_alone(call: Call, tmp_path: Path) -> None:
    database = tmp_path / "data" / "watchword.db"
    database.parent.mkdir()
    database.write_bytes(b"this was a database once" * 500)
    before = database.read_bytes()
    for words in (("migrate",), ("doctor",), ("demo", "--once")):
        result = call(*words)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert str(database.name) in result.stderr
    assert database.read_bytes() == before


def test_healthcheck_without_a_service(call: Call) -> None:
    result = call("healthcheck")
    assert result.exit_code == 1
    assert "not running" in result.stdout


def test_wrong_settings_are_told_at_once(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_HTTP_PORT", "x")
    monkeypatch.setenv("WATCHWORD_POLL_MIN_SECONDS", "0")
    result = call("demo", "--once")
    assert result.exit_code == 2
    assert "WATCHWORD_HTTP_PORT" in result.stderr
    assert "WATCHWORD_POLL_MIN_SECONDS" in result.stderr


def test_sources_go_out_and_come_in(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_SEED_DIR", str(tmp_path / "seeds"))
    monkeypatch.setenv("WATCHWORD_FOLDERS", f"{tmp_path}/one,{tmp_path}/two")
    for name in ("seeds", "one", "two"):
        (tmp_path / name).mkdir(parents=True)
    lines = "".join(f'<outline text="{name}" xmlUrl="{tmp_path}/{name}"/>' for name in ("one", "two", "gone"))
    (tmp_path / "list.opml").write_text(f"<opml><body>{lines}</body></opml>")
    added = call("sources", "--add", "list.opml")
    assert added.exit_code == 0
    assert "Added 2 sources of 3" in added.stdout
    assert "Failed: gone - That folder is not among those that may be watched: one, two." in added.stdout
    listed = call("sources").stdout.splitlines()
    assert [line.split("\t")[:3] for line in listed] == [["local//you/", str(n), "directory"] for n in (1, 2)]
    written = call("sources", "--opml", "out.opml")
    assert (written.exit_code, written.stdout) == (0, "")
    assert "2 directory" in written.stderr
    assert (tmp_path / "out.opml").read_text().startswith("<?xml")
    assert call("sources", "--opml").stdout == (tmp_path / "out.opml").read_text()
    assert call("sources", "--opml", "nowhere/out.opml").exit_code == 2
    (tmp_path / "empty.opml").write_text("<opml/>")
    refused = call("sources", "--add", "empty.opml")
    assert refused.exit_code == 2
    assert "No address is in this OPML list." in refused.stderr


def test_a_key_is_made_once_and_for_its_owner_alone(call: Call, tmp_path: Path) -> None:
    shown = call("make-key").stdout.strip()
    assert call("make-key", "key").exit_code == 0
    path = tmp_path / "key"
    assert (path.stat().st_mode & 0o777, len(shown)) == (0o600, 44)
    made = path.read_text(encoding="utf-8")
    assert made.strip() != shown
    again = call("make-key", "key")
    assert (again.exit_code, path.read_text(encoding="utf-8")) == (2, made)
    assert "is there already" in again.stderr
    assert call("make-key", "nowhere/key").exit_code == 2


def test_tokens_whose_key_is_lost_are_dropped(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_DATA", str(tmp_path))
    store = open_store("sqlite", tmp_path)
    store.keep_sealed("slack", "T1", "x")
    store.close()
    assert "Deleted 1 token." in call("drop-tokens", "slack").stdout
    assert "Deleted 0 tokens." in call("drop-tokens", "slack").stdout
