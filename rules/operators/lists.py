"""Named lists.

`@name` stands for a list that the channel keeps under that name (see `/list`): words and phrases separated by commas,
any of which will do, or a rule of its own. A list may use other lists, but not itself. When a list changes, so do the
rules that use it.
"""

import re
from difflib import get_close_matches

from rules.errors import Fix, Refusal, RuleError
from rules.grammar import Call, Shape
from rules.lists import LONGEST_LIST, MOST_INSIDE, Lists, Named, as_item, items
from rules.nodes import MOST_TERMS, Node, count_terms
from rules.operators.boolean import Or
from rules.words import words

LISTS = {"outlets": "Reuters, AP, Al Jazeera", "war": "(troops OR soldiers) NOT drill"}
EXAMPLES = (
    ("@outlets", "Al Jazeera reports.", True),
    ("@outlets AND Ukraine", "Ukraine, says Reuters.", True),
    ("@outlets AND Ukraine", "Ukraine, says somebody.", False),
    ("said NEAR/2 @outlets", "So said the AP.", True),
    ("@war Ukraine", "A drill of troops in Ukraine.", False),
)
NAME = re.compile(r"[^\W\d_][\w-]{0,39}")
_CIRCLE = "lists that need each other say nothing"
_BROKEN = "the list @"


def read_list(text: str, *, lang: str = "en", lists: Lists) -> Node:
    """What a list's text says. Raises RuleError with the place in `text`."""
    from rules.rule import parse  # it reads what this family is a part of

    if len(text) > LONGEST_LIST:
        message = f"a list can have {LONGEST_LIST:,} characters at most, this has {len(text):,}"
        raise RuleError(message, start=LONGEST_LIST, end=len(text), text=text)
    places, total = items(text), 0
    sides: list[Node] = []
    if not places:
        raise RuleError("the list is empty", start=0, end=len(text), text=text, expected=("a word", '"a phrase"'))
    for start, end in places:
        item = text[start:end]
        rule = as_item(item) if len(places) > 1 else item
        try:
            node = parse(rule, lang=lang, lists=lists).node
        except RuleError as error:
            raise _moved(error, text, start, end, rule == item) from None
        sides += node.parts if isinstance(node, Or) else (node,)
        total += count_terms(node)
        if total > MOST_TERMS:
            message = f"a list can have {MOST_TERMS:,} terms at most; make two lists of it"
            raise RuleError(message, start=start, end=end, text=text)
    parts = tuple(dict.fromkeys(sides))
    return parts[0] if len(parts) == 1 else Or(parts)


def _moved(error: RuleError, text: str, start: int, end: int, same: bool) -> RuleError:
    """The error of an item, where the item stands in the list."""
    first, last = (start + error.start, start + error.end) if same else (start, end)
    cure = f"{text[:start]}{error.cure}{text[end:]}" if error.cure else ""
    return RuleError(error.message, start=first, end=last, text=text, expected=error.expected, cure=cure)


def _read(text: str, call: Call) -> Node:
    name, lists = text[1:], call.lists if isinstance(call.lists, Lists) else Lists(call.lists)
    if name not in lists:
        raise _unknown(name, lists, call)
    name = lists.spelling(name)
    if name.casefold() in map(str.casefold, lists.chain):
        start = [each.casefold() for each in lists.chain].index(name.casefold())
        circle = " -> ".join(f"@{each}" for each in (*lists.chain[start:], name))
        raise _refuse(f"{_CIRCLE}: {circle}", call)
    if len(lists.chain) >= MOST_INSIDE:
        raise _refuse(f"lists can stand {MOST_INSIDE} deep inside one another at most", call)
    known = lists.made.get((call.lang, name))
    if known is None:
        known = lists.made[call.lang, name] = _made(name, lists, call)
    return Named(name, known)


def _made(name: str, lists: Lists, call: Call) -> Node:
    try:
        return read_list(lists[name], lang=call.lang, lists=lists.inside(name))
    except RuleError as error:
        is_whole = error.message.startswith((_CIRCLE, _BROKEN))
        raise _refuse(error.message if is_whole else f"{_BROKEN}{name} cannot be read: {error.message}", call) from None


def _unknown(name: str, lists: Lists, call: Call) -> Refusal:
    known = sorted(lists)
    folded = {each.casefold(): each for each in known}
    near = [folded[each] for each in get_close_matches(name.casefold()[:40], list(folded)[:500], 3, 0.5)]
    names = ", ".join(f"@{each}" for each in known[:8])
    cure = f"there are {names}" if known else f"make it: list {name or 'outlets'} = Reuters, AP"
    handle = f'"@{name[:40]}"'
    return Refusal(
        f"there is no list @{name[:40]} here; {cure}" + (f"; the handle is {handle}" if words(name) else ""),
        call.start,
        call.end,
        expected=tuple(f"@{each}" for each in (near or known[:3])) or ("a word",),
        cures=(
            *((Fix(call.start, call.end, f"@{each}"),) for each in near),
            *(((Fix(call.start, call.end, f'"@{name}"'),),) if words(name) else ()),
            _without(call),
        ),
    )


def _refuse(message: str, call: Call) -> Refusal:
    return Refusal(message, call.start, call.end, expected=("a word", '"a phrase"'), cures=(_without(call),))


def _without(call: Call) -> tuple[Fix, ...]:
    return (Fix(call.start, call.end, " "),)


SHAPES = (Shape(name="list", pattern=re.compile(r'@[^\s()"]*'), read=_read, rank=3),)
