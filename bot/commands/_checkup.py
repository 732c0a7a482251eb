"""The rules of a channel, examined by rules/doctor.py against each other and the archive."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.commands._backtest import forecast
from bot.model import WatchRule
from bot.ports import Store
from rules import Rule, RuleError, parse
from rules.doctor import Finding, Remembered, Rivals, examine


def examined(
    store: Store, rules: Sequence[WatchRule], *, channel_id: str, subscribed: Sequence[str], now: datetime
) -> Iterator[tuple[WatchRule, list[Finding]]]:
    """Each of `rules`, which are the channel's or some of them, with its findings.

    They are held against all rules of the channel, and against what the channels with the ids `subscribed` gave. A
    stored rule that can no longer be read, because a list that it names is gone, has that as its finding.
    """
    lists = {word_list.name: word_list.text for word_list in store.lists(channel_id)}
    read = {rule.id: _read(rule, lists) for rule in store.rules(channel_id)}
    names = {rule.id: f"{rule.number} “{rule.topic}”" for rule in store.rules(channel_id)}
    rivals = Rivals((names[name], rule) for name, rule in read.items() if isinstance(rule, Rule))
    vocabulary = Remembered(store.vocabulary())
    for stored in rules:
        rule = read[stored.id]
        if isinstance(rule, RuleError):
            yield stored, [Finding("unreadable", "wrong", rule.message, rule.start, rule.end, rule.cure)]
            continue
        others, outlook = rivals.but(names[stored.id]), forecast(store, rule, subscribed, now=now)
        yield stored, examine(rule, others=others, vocabulary=vocabulary, forecast=outlook, lists=lists)


def _read(stored: WatchRule, lists: Mapping[str, str]) -> Rule | RuleError:
    try:
        return parse(stored.text, lang=stored.lang, lists=lists)
    except RuleError as error:
        return error
