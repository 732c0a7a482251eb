"""What tests/bench/path.py judges and attributes; its figures are for `.ci/run bench`."""

import sys
import time
from types import FrameType

import pytest

from bot.model import Delivery
from bot.say import message, title
from tests.bench import path
from tests.bench._path_live import Watch
from tests.bench._path_throughput import _stage
from tests.bench._path_world import ROOT, Figure, place
from tests.fakes import NOON


def test_a_missed_goal_fails_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = [Figure("speed", 10, "/s", 20, least=True), Figure("memory", 10, "MB", 20), Figure("size", 1, "MB")]
    monkeypatch.setattr(path, "EXPECTED_MISSES", frozenset({"start"}))
    assert path.fails("messages", slow)
    assert not path.fails("messages", slow[1:])
    assert not path.fails("start", slow), "not enforced yet"
    assert not path.fails("nobody waits", slow), "by the clock on the wall"


def test_figure_and_goal_stand_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path, "EXPECTED_MISSES", frozenset({"start"}))
    slow = Figure("documents", 117, "/s", 1000, least=True)
    assert path.told(slow, "messages").split() == ["documents", "117.00", "/s", "goal", ">=", "1,000.00", "MISSED"]
    assert path.told(slow, "start").endswith("missed, as is known (docs/performance.md)")
    assert path.told(Figure("a message", 0.5, "ms", 0.6), "messages").endswith("0.60  ok")


def test_parts_that_may_miss_are_parts() -> None:
    assert path.PARTS.keys() >= path.EXPECTED_MISSES | path.NOISY


def frame_of(*files: str) -> FrameType:
    """The innermost of frames whose code stands in these files, the outermost first."""
    names = {"inner": sys._getframe}
    for file in reversed(files):
        exec(compile("def outer(inner=inner):\n    return inner()", f"{ROOT}/{file}", "exec"), names)
        names = {"inner": names["outer"]}
    frame = names["inner"]()
    assert isinstance(frame, FrameType)
    return frame


def test_time_goes_to_the_stage_that_asked_for_it() -> None:
    assert _stage(frame_of("bot/pipeline/ingest.py", "bot/core/stories/grouper.py", "rules/words.py")) == "group"
    assert _stage(frame_of("bot/pipeline/match.py", "rules/ruleset.py")) == "match"
    assert _stage(frame_of("bot/stores/_sqlite_archive.py", "bot/stores/_sqlite_base.py")) == "index"
    assert _stage(frame_of("bot/pipeline/ingest.py", "bot/stores/_sqlite_base.py")) == "store"
    assert _stage(frame_of("bot/pipeline/collect.py")) == "the rest"


def test_an_alert_is_known_by_the_mark_of_its_document() -> None:
    watch = Watch()
    watch.came = {3: time.perf_counter() - 5, 4: time.perf_counter() - 1}
    for text in ("News: [Xdoc4e] Bridge, Xdoc3e again", "somebody else's"):
        watch.seen(Delivery(id="d", destination=place(1), message=message(title(text)), created_at=NOON))
    assert len(watch.alerts) == watch.unknown == 1
    assert watch.alerts[0] >= 5
    assert watch.waits({"a": 1.0, "b": 2.0}, {"a": 1.5}, 10.0) == [0.5, 8.0]
