from dataclasses import replace
from datetime import timedelta

from bot.core.alerts.alerting import report_of
from bot.model import Alert, Message, WatchRule
from bot.writing.alert import Quoted, alert_message
from rules import Document, Span
from tests.fakes import ANNA, BORIS, NOON, ROOM, document, text_of


def rule(number: int, channel: str = "own") -> WatchRule:
    return WatchRule(
        id=f"r{number}", number=number, channel_id=channel, owner=ANNA, topic=f"topic {number}", text=f"rule{number}",
        created_at=NOON,
    )  # fmt: skip


DOC = document(
    1,
    "Troop deployment ahead",
    "The troop deployment begins. Calm elsewhere. Ukraine agreed to it.",
    published_at=NOON - timedelta(minutes=4),
)
HITS = {"r1": (Span("title", 0, 16), Span("body", 4, 20), Span("body", 45, 52))}


def shown(*quoted: Quoted, rules: tuple[WatchRule, ...] = (rule(1),), names: dict[str, str] | None = None) -> Message:
    alert = Alert(
        key="0123456789abcdef",
        destination=ROOM,
        story_id="s",
        rule_ids=tuple(one.id for one in rules),
        reports=tuple(report_of(one.document) for one in quoted),
        raised_at=NOON,
    )
    return alert_message(alert, quoted, rules, names=names or {}, now=NOON)


def test_an_alert_reads_as_a_person_expects() -> None:
    message = shown(Quoted(document=DOC, hits=HITS))
    assert text_of(message) == (
        "[Troop deployment] ahead\n"
        "Daily Courier · 11:56 UTC · rule 1 “topic 1”\n"
        "The [troop deployment] begins.\n"
        "[Ukraine] agreed to it.\n"
        "Why: rule1 hit “Troop deployment” ×2, “Ukraine”"
    )
    assert [block.kind for block in message.blocks] == ["title", "meta", "quote", "quote", "meta"]
    assert {run.url for run in message.blocks[0].runs} == {DOC.url}
    assert [(one.label, one.command or one.url) for one in message.buttons] == [
        ("Open", DOC.url),
        ("Mute", "mute alert:0123456789abcdef"),
        ("Why", "why alert:0123456789abcdef"),
        ("Irrelevant", "irrelevant alert:0123456789abcdef"),
    ]
    assert message.gist == "Troop deployment ahead (Daily Courier)"


def test_other_outlets_are_named_with_their_links() -> None:
    others = [document(number, "Same", site=f"Outlet {number}") for number in range(2, 10)]
    message = shown(Quoted(document=DOC, hits=HITS), *(Quoted(document=one, hits={}) for one in others))
    assert "Also reported by Outlet 2, Outlet 3, Outlet 4, Outlet 5, Outlet 6, Outlet 7 +2" in text_of(message)


def test_two_rules_make_one_message_that_names_both() -> None:
    hits = {**HITS, "r2": (Span("body", 45, 52),)}
    message = shown(Quoted(document=DOC, hits=hits), rules=(rule(1), rule(2, "world")), names={"world": "world-news"})
    assert "rule 1 “topic 1” and rule 2 “topic 2” of world-news" in text_of(message)
    assert "rule2 hit “Ukraine”" in text_of(message)


def test_a_rule_that_only_a_later_report_meets_is_quoted_from_there() -> None:
    later = Document(id="d2", title="More", body="Convoys reported near the border.", site="Wire")
    message = shown(
        Quoted(document=DOC, hits=HITS), Quoted(document=later, hits={"r2": (Span("body", 0, 7),)}),
        rules=(rule(1), rule(2)),
    )  # fmt: skip
    assert "[Convoys] reported near the border. (Wire)" in text_of(message)


def test_old_news_shows_its_date_and_an_unnamed_source_shows_none() -> None:
    old = replace(DOC, published_at=NOON - timedelta(days=300), site="")
    assert "\n06 May 2025, 12:00 UTC · rule 1" in text_of(shown(Quoted(document=old, hits=HITS)))
    bare = Document(id="d", body="Only text here.")
    assert text_of(shown(Quoted(document=bare, hits={}), rules=())).startswith("Only text here.…\n")


def test_people_who_follow_are_mentioned() -> None:
    alert = Alert(
        key="k", destination=ROOM, story_id="s", rule_ids=("r1",), reports=(report_of(DOC),), mentions=(ANNA, BORIS),
        raised_at=NOON,
    )  # fmt: skip
    message = alert_message(alert, [Quoted(document=DOC, hits=HITS)], [rule(1)], names={}, now=NOON)
    assert [run.mention for run in message.blocks[-1].runs if run.mention] == [ANNA, BORIS]
    assert text_of(message).endswith("@Anna @Boris ")


def test_only_web_addresses_can_be_opened() -> None:
    bad = replace(DOC, url="javascript:alert(1)")
    assert [one.label for one in shown(Quoted(document=bad, hits=HITS)).buttons] == ["Mute", "Why", "Irrelevant"]


def test_a_newer_version_stands_with_the_older_one_whose_hits_it_lacks_and_the_outlet_is_named_once() -> None:
    newer = document(2, "Troops reach the river", "Boats were seen.")
    wire = document(3, "Same", site="Wire")
    hits = {"r2": (Span("body", 0, 5),)}
    message = shown(
        Quoted(document=newer, hits=hits),
        Quoted(document=DOC, hits=HITS),
        Quoted(document=wire, hits={}),
        rules=(rule(1), rule(2)),
    )
    shown_text = text_of(message)
    assert "[Boats] were seen." in shown_text
    assert "[troop deployment] begins" in shown_text
    assert "Also reported by Wire" in shown_text
    assert "Also reported by Daily Courier" not in shown_text
