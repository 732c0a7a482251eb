"""`list`: named lists of words that the chat's rules use as `@name`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot import say
from bot.commands._common import PAGE, ensure_channel, lists_of, need_right, own_id, own_rules, page_buttons, page_of
from bot.commands._quotas import need_room
from bot.errors import UserError
from bot.model import Block, Message, Run, WordList
from bot.ports import Desk
from rules import RuleError, parse
from rules.lists import Lists, as_item, items
from rules.nodes import count_terms
from rules.operators.lists import NAME, read_list
from rules.rule import lists_used

USAGE = "list [<name> [= | + | - <words>] | remove <name>]"
SUMMARY = "named lists of words, which rules use as @name"
EXAMPLES = ('list outlets = Reuters, AP, "Al Jazeera"', "list outlets + Bild", "list outlets - AP", "list")
MOST_LISTS = 100  # in one chat
_SHOWN, _SHOWN_ALONE = 300, 2000  # characters of a list among others, and by itself
_CHANGE = re.compile(r"@?([^\s=+]+?)(?:\s*([=+])|\s+([-–—−])(?=\s|\S))\s*(.*)", re.DOTALL)
_ADD = re.compile(r"add\s+@?([^\s=+:–—−-][^\s=+:]*)\s*[=+:]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_REMOVE = re.compile(r"remove\s+@?(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Change:
    """A list's new text (None: removed) that harms no rule, as long as lists and rules are as they were."""

    name: str
    text: str | None
    answer: Message
    seen: object  # the chat's lists and rules when it was thought of


def run(desk: Desk, argument: str) -> Message:
    """Show, set, lengthen, shorten or remove. Raises UserError."""
    ready = desk.prepared if isinstance(desk.prepared, _Change) else prepare(desk, argument)
    if isinstance(ready, _Change) and ready.seen != _seen(desk):  # a rule may use the list since
        ready = prepare(desk, argument)
    if isinstance(ready, Message):
        return ready
    if ready.text is None:
        desk.store.remove_list(own_id(desk), ready.name)
    else:
        desk.store.save_list(WordList(channel_id=ensure_channel(desk).id, name=ready.name, text=ready.text))
    return ready.answer


def prepare(desk: Desk, argument: str) -> Message | _Change:
    """What is shown, or is to be changed: outside the writer thread, since every rule is searched for the list.

    Raises UserError.
    """
    words = argument.strip()
    if added := _ADD.fullmatch(words):
        there = added[1].casefold() in map(str.casefold, lists_of(desk))
        return _change(desk, added[1], "+" if there else "=", added[2].strip())
    if changed := _CHANGE.fullmatch(words):
        return _change(desk, changed[1], changed[2] or "-", changed[4].strip())
    if removed := _REMOVE.fullmatch(words):
        return _remove(desk, removed[1])
    return _shown(desk, words.lstrip("@"))


def _seen(desk: Desk) -> object:
    return dict(lists_of(desk)), [(rule.id, rule.text) for rule in own_rules(desk)]


def _shown(desk: Desk, name: str) -> Message:
    """All lists, a page of them, or the one of that name. Raises UserError."""
    lists = lists_of(desk)
    if not lists:
        raise UserError("This chat has no lists yet.", cure=f"Make one: {EXAMPLES[0]}")
    if name and not name.isdecimal():
        known = _known(lists, name)
        return say.message(
            say.title(f"List {known}"),
            say.code(lists[known][:_SHOWN_ALONE]),
            _circumstances(desk, lists, known),
            buttons=say.button("Remove", f"list remove {known}"),
        )
    return _all(desk, lists, name)


def _all(desk: Desk, lists: Mapping[str, str], page_typed: str) -> Message:
    page, pages = page_of(list(lists), page_typed)
    lines = []
    for name in list(lists)[(page - 1) * PAGE : page * PAGE]:
        text = " ".join(lists[name].split())
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        lines += [say.item(_at(name), ": ", say.mono(shown)), _circumstances(desk, lists, name)]
    head = f"Lists ({page} of {pages})" if pages > 1 else "Lists"
    change = say.meta("Change: ", say.mono("list <name> + <words>"), " · remove: ", say.mono("list remove <name>"))
    return say.message(say.title(head), *lines, change, buttons=page_buttons("list", page, pages))


def _at(name: str) -> Run:
    """As rules have it, and so that no platform takes it for a person."""
    return say.mono(f"@{name}")


def _circumstances(desk: Desk, lists: Mapping[str, str], name: str) -> Block:
    """How many terms it has, and who uses it."""
    try:
        node = parse(f"@{name}", lists=lists).node
        size = say.count(count_terms(node), "term")
    except RuleError as error:  # saved by another version's language
        size = f"cannot be read: {error.message}"
    users = _users(desk, lists, name)
    return say.meta(f"{size}; {'used by ' + say.listed(users, most=8) if users else 'used by no rule'}")


def _users(desk: Desk, lists: Mapping[str, str], name: str) -> list[str]:
    """The rules and lists that use the list, directly or through another list."""
    wanted, read = name.casefold(), Lists(lists)
    rules = [
        f"rule {rule.number} “{rule.topic}”"
        for rule in own_rules(desk)
        if wanted in lists_used(rule.text, lang=rule.lang, lists=read)
    ]
    others = [other for other in lists if other.casefold() != wanted]
    return rules + [f"list {other}" for other in others if wanted in lists_used(f"@{other}", lists=read)]


def _change(desk: Desk, typed: str, sign: str, words: str) -> Message | _Change:
    """The list with another text, or why it cannot be read. What uses it has to go on working. Raises UserError."""
    need_right(desk, "change its lists")
    seen, lists = _seen(desk), lists_of(desk)
    name = _name_for(desk, lists, typed, new=sign == "=")
    if not words:
        raise UserError(f"Which words shall @{name} have?", cure=f"For example: list {name} {sign} Reuters, AP")
    before = lists.get(name, "")
    text = words
    if sign == "+":
        text = f"{before.rstrip(', ')}, {words}"
    elif sign == "-":
        text = _without(before, words)
    after = Lists({**lists, name: text})
    try:
        node = read_list(text, lists=after.inside(name))
    except RuleError as error:
        return _unreadable(error, name)
    _check_users(desk, after, name)
    answer = say.message(
        say.text(
            say.bold("Changed: " if before else "Made: "), _at(name), f" with {say.count(count_terms(node), 'term')}"
        ),
        say.code(node.write()[:_SHOWN_ALONE]),
        _circumstances(desk, after, name),
        *([say.meta("It was: ", say.mono(before[:_SHOWN]))] if before else []),
    )
    return _Change(name, text, answer, seen)


def _name_for(desk: Desk, lists: Mapping[str, str], typed: str, *, new: bool) -> str:
    """The name of a list that is there, or if it may be `new` a proper name. Raises UserError."""
    if not new or typed.casefold() in map(str.casefold, lists):
        return _known(lists, typed)
    if not NAME.fullmatch(typed):
        message = f"“{typed[:40]}” is no name for a list: a letter, then letters, digits and hyphens, 40 at most."
        raise UserError(message, cure=f"For example: {EXAMPLES[0]}")
    if len(lists) >= MOST_LISTS:
        raise UserError(f"A chat can have {MOST_LISTS} lists.", cure="Remove one first: list remove <name>")
    need_room(desk, "lists")
    return typed


def _unreadable(error: RuleError, name: str) -> Message:
    blocks = [say.text("The list ", _at(name), f" cannot be read: {error.message}"), say.code(error.caret())]
    if error.cure:
        blocks.append(say.text("Try: ", say.mono(f"list {name} = {error.cure}")))
    return say.message(*blocks)


def _without(before: str, words: str) -> str:
    """The list's text less some of its items. Raises UserError when one is not in it, or none would be left."""
    kept = [before[start:end] for start, end in items(before)]
    for start, end in items(words):
        gone = words[start:end]
        left = [item for item in kept if _same(item) != _same(gone)]
        if len(left) == len(kept):
            shown = ", ".join(kept)
            raise UserError(f"“{gone[:80]}” is not in the list.", cure=f"It has: {shown[:_SHOWN]}")
        kept = left
    if not kept:
        raise UserError("Nothing would be left of the list.", cure="To remove it: list remove <name>")
    return ", ".join(kept)


def _same(item: str) -> str:
    """An item as it is compared: case and quotes of a phrase do not count."""
    return " ".join(as_item(item).casefold().replace('"', " ").split())


def _check_users(desk: Desk, lists: Lists, name: str) -> None:
    """Raises UserError when a rule that uses the list could not be read any more."""
    for rule in own_rules(desk):
        if "@" in rule.text:
            _check(rule.text, rule.lang, lists, f"Rule {rule.number} “{rule.topic}”", name)
    for other, text in lists.items():
        if "@" in text:
            _check(f"@{other}", "en", lists, f"The list @{other}", name)


def _check(text: str, lang: str, lists: Lists, user: str, name: str) -> None:
    try:
        parse(text, lang=lang, lists=lists)
    except RuleError as error:
        raise UserError(f"{user} uses @{name} and could not be read any more: {error.message}.") from error


def _remove(desk: Desk, typed: str) -> _Change:
    need_right(desk, "change its lists")
    seen, lists = _seen(desk), lists_of(desk)
    name = _known(lists, typed)
    users = _users(desk, lists, name)
    if users:
        single = len(users) == 1
        raise UserError(
            f"@{name} is used by {say.listed(users, most=20)}.",
            cure=f"Change {'that' if single else 'those'} first.",
        )
    undo = f"list {name} = {lists[name]}"
    answer = say.message(
        say.text(say.bold("Removed: "), _at(name)),
        say.meta("To have it back: ", say.mono(undo[:_SHOWN_ALONE])),
    )
    return _Change(name, None, answer, seen)


def _known(lists: Mapping[str, str], typed: str) -> str:
    """The list's name as it was given. Raises UserError when there is none."""
    for name in lists:
        if name.casefold() == typed.casefold():
            return name
    known = say.listed([f"@{name}" for name in lists], most=8) or "none yet"
    raise UserError(f"There is no list @{typed[:40]} here.", cure=f"There are: {known}. Make one: {EXAMPLES[0]}")
