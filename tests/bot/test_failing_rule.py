"""A rule that breaks while it is tried costs nobody else an alert, and its chat is told once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import registry
from rules.operators.regex import Regex
from rules.tokenized import EMPTY, Hits, Tokenized
from tests.fakes import HALL, ROOM, entry, text_of
from tests.house import House, open_store


@pytest.fixture(params=registry.names("bot.stores"))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(request.param, tmp_path)
    yield House(store)
    store.close()


def _break(monkeypatch: pytest.MonkeyPatch, *methods: str) -> None:
    """From now on regular expressions fail as an operator with a bug would."""

    def fail(self: Regex, tokens: Tokenized) -> Hits | None:
        if tokens is EMPTY:  # what a rule is held against while it is read
            return None
        raise ZeroDivisionError("a bug")

    for method in methods:
        monkeypatch.setattr(Regex, method, fail)


async def test_the_others_go_on_and_its_chat_is_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.add_feed()
    await house.say("watch /troops? deploy/ topic:broken")
    await house.say("watch troops topic:sound")
    await house.say("watch troops topic:theirs", to=HALL)
    _break(monkeypatch, "hits", "true_of")
    posts = await house.publish([entry(1, "News", "Some troops deployed.")])
    alerts = [post for post in posts if post.alert_key]
    assert [post.destination.key for post in alerts] == [ROOM.key]
    assert "“sound”" in text_of(alerts[0].message)
    (told,) = [text_of(post.message) for post in posts if not post.alert_key]
    assert told.startswith("Rule 1 “broken” failed. It broke while it was tried (ZeroDivisionError).")
    assert "/troops? deploy/" in told
    for restarted in (False, True):
        if restarted:
            house.restart()
        posts = await house.publish([entry(2 + restarted, f"More {restarted}", f"Other troops deploy {restarted}.")])
        assert [post for post in posts if not post.alert_key] == []
        assert len([post for post in posts if post.alert_key]) == 1


async def test_an_alert_goes_out_without_marks_when_only_they_fail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.add_feed()
    await house.say("watch /troops? deploy/")
    _break(monkeypatch, "hits")
    posts = await house.publish([entry(1, "News", "Some troops deployed.")])
    assert "Some troops deployed." in text_of(next(post for post in posts if post.alert_key).message)


async def test_the_preferred_hit_is_the_one_that_is_quoted(house: House) -> None:
    await house.add_feed()
    await house.say("watch troops AND Ukraine^")
    body = " ".join(["Troops left, and troops came."] * 6 + ["They were for Ukraine."])
    (post,) = await house.publish([entry(1, "News", body)])
    assert "They were for [Ukraine]." in text_of(post.message)


async def test_a_stored_rule_that_this_version_cannot_read_is_told_once(house: House) -> None:
    await house.add_feed()
    await house.say("watch convoy topic:old")
    await house.say("watch troops topic:sound")
    (old,) = (rule for rule in house.store.rules() if rule.topic == "old")
    house.store.save_rule(replace(old, text="troops WITHIN/of Ukraine ("))
    posts = await house.publish([entry(1, "News", "Some troops deployed.")])
    (told,) = [text_of(post.message) for post in posts if not post.alert_key]
    assert told.startswith("Rule 1 “old” failed. This version cannot read it: ")
    assert "“sound”" in text_of(next(post for post in posts if post.alert_key).message)
    assert [post for post in await house.publish([entry(2, "A", "B")]) if not post.alert_key] == []
