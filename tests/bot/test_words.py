import pytest

from bot.core.alerts.topics import default_topic, split_topic
from bot.errors import UserError
from bot.reading.verbs import nearest, split


@pytest.mark.parametrize(
    ("text", "verb", "argument"),
    [
        ("/Watch  troops AND x ", "watch", "troops AND x"),
        ("help", "help", ""),
        ("watch\ntroops\nOR x", "watch", "troops\nOR x"),
        ('"troops"', "", '"troops"'),
        ("", "", ""),
        ("watchtroops", "watchtroops", ""),
        ("mute:troops", "", "mute:troops"),
    ],
)
def test_split(text: str, verb: str, argument: str) -> None:
    assert split(text) == (verb, argument)


def test_the_nearest_verb() -> None:
    names = ["watch", "rules", "mute", "mutes", "unmute", "sources"]
    assert nearest("wacth", names) == "watch"
    assert nearest("ruels", names) == "rules"
    assert nearest("qqqq", names) == ""


@pytest.mark.parametrize(
    ("argument", "rule", "topic"),
    [
        ("troops AND x topic:war", "troops AND x", "war"),
        ('troops name:"the war"', "troops", "the war"),
        ("troops", "troops", ""),
        ("topic:war", "", "war"),
        ("a title:b", "a title:b", ""),
    ],
)
def test_the_topic_is_split_off(argument: str, rule: str, topic: str) -> None:
    assert split_topic(argument) == (rule, topic)


def test_a_topic_has_a_length() -> None:
    with pytest.raises(UserError):
        split_topic(f"troops topic:{'x' * 41}")


@pytest.mark.parametrize(
    ("rule", "topic"),
    [
        ('"troop deployment" AND Ukraine', "troop deployment Ukraine"),
        ("~deploy NEAR/5 (troops OR soldiers)", "deploy troops soldiers"),
        ("earthquake NOT drill", "earthquake"),
        ("-drill earthquake", "earthquake"),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_rule_names_itself(rule: str, topic: str) -> None:
    assert default_topic(rule) == topic
