"""`import`: rules written for another tool, translated part by part."""  # noqa: N999 - the file's name is the verb

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot import say
from bot.commands._common import ensure_channel, lists_of, need_right, own_rules, parse_here, parse_stored
from bot.commands._quotas import need_room
from bot.commands._restoring import Ready, restore
from bot.commands._restoring import ready as take_back
from bot.core.alerts import topics
from bot.errors import UserError
from bot.model import Block, Button, Message, WatchRule, content_id
from bot.ports import Desk
from bot.reading.imports import importing
from bot.reading.imports.importing import Imported
from rules import RuleError
from rules.dialects import dialect, dialects
from rules.typed import read_typed

USAGE = "import from <tool> [save] <rules, one a line> | import everything <an export>"
SUMMARY = "translate rules written for another tool, `save` keeps those that lose nothing; or take an export back"
EXAMPLES = (
    'import from lexis "troop deployment" w/10 ukrain!',
    'import from factiva save "troop deployment" near10 ukrain*',
)
MOST_BLOCKS, MOST_CHARACTERS = 36, 3000  # of rules in one answer: what every platform shows whole
MOST_READ = 200  # rules in one message
MOST_RULES = 1000  # in one chat
_LONGEST_LINE = 400  # characters of a report's line
_LONGEST_RULE = 1500  # characters of a rule that is shown
_MOST_LINES = 12  # of one rule's report
_EVERYTHING = re.compile(r"(?is)(?:everything\b\s*)(?P<text>.*)|(?P<bare>\W*watchword export .*)")
_ARGUMENT = re.compile(r"(?is)(?:from\s+)?(?P<tool>[a-z]+)(?P<save>[^\S\n]+save\b)?(?P<rules>(?:\s.*)?)")


@dataclass(frozen=True, slots=True)
class _Ready:
    """Rules that are to be saved, with the plain forms by which it is seen that a rule is there already."""

    imported: Sequence[Imported]
    plain: Sequence[str]  # of each; empty where it is not saved
    stored: Mapping[tuple[str, str], str]  # of each rule of the chat, by its id and text

    def known(self, desk: Desk) -> dict[str, int]:
        """The numbers of the rules that are there now, by plain form."""
        rules = own_rules(desk)
        plain = ((rule, self.stored.get((rule.id, rule.text)) or _written(desk, rule)) for rule in rules)
        return {written: rule.number for rule, written in plain if written}


def run(desk: Desk, argument: str) -> Message:
    """A preview, or with `save` the rules that were saved and those that need a look. Raises UserError, RuleError."""
    ready = desk.prepared if isinstance(desk.prepared, _Ready | Ready) else prepare(desk, argument)
    if isinstance(ready, Ready):
        return restore(desk, ready)
    if isinstance(ready, Message):
        return ready
    need_right(desk, "add rules")
    return _saved(desk, ready)


def prepare(desk: Desk, argument: str) -> Message | _Ready | Ready:
    """The rules translated, outside the writer thread, because many take long. Raises UserError, RuleError."""
    if whole := _EVERYTHING.fullmatch(argument.strip()):
        return take_back(desk, whole["text"] if whole["bare"] is None else whole["bare"])
    tool, save, text = _arguments(argument)
    imported = importing.read("\n".join(_plain(line) for line in text.split("\n")), tool, lists_of(desk))
    if not imported:
        raise UserError("There is no rule to import.", cure=f"Write them below it, one a line. {_example(tool)}")
    if len(imported) > MOST_READ:
        raise UserError(
            f"One message can bring {MOST_READ} rules, this has {len(imported)}.", cure="Send them in parts."
        )
    return _ready(desk, imported) if save else _preview(imported, tool)


def _arguments(argument: str) -> tuple[str, bool, str]:
    known = ", ".join(dialects())
    match = _ARGUMENT.fullmatch(argument.strip())
    if match is None:
        raise UserError("From which tool?", cure=f"I know {known}. {_example('lexis')}")
    tool = match["tool"].lower()
    if tool not in dialects():
        raise UserError(f"I cannot read rules of “{match['tool']}”.", cure=f"I know {known}. {_example('lexis')}")
    return tool, bool(match["save"]), match["rules"].strip("\n ")


def _plain(line: str) -> str:
    """As typed, without Slack's wrapping; a tab ends a name."""
    return "\t".join(read_typed(piece).plain for piece in line.split("\t"))


def _example(tool: str) -> str:
    return f"For example: import from {tool} {dialect(tool).EXAMPLES[0][0]}"


# ------------------------------------------------------------------------------------------------------------- preview


def _preview(imported: Sequence[Imported], tool: str) -> Message:
    blocks = [say.title(importing.summary(imported, tool)), *_shown(imported)]
    if any(each.rule and each.verdict != "lost" for each in imported):
        saving = say.mono(f"import from {tool} save <the rules>")
        blocks.append(say.meta("To save all that lose nothing: ", saving))
    if tool in ("miniflux", "freshrss"):
        blocks.append(say.meta("A rule that says what to leave out is a mute: ", say.mono("mute <rule>")))
    return say.message(*blocks, buttons=_buttons(imported))


def _shown(imported: Sequence[Imported]) -> list[Block]:
    """As many rules as one answer can show, the first in any case, and how many are not shown."""
    blocks: list[Block] = []
    for number, each in enumerate(imported):
        more = _explained(each)
        size = sum(len(run.text) for block in (*blocks, *more) for run in block.runs)
        if number and (len(blocks) + len(more) > MOST_BLOCKS or size > MOST_CHARACTERS):
            left = say.count(len(imported) - number, "more rule")
            return [*blocks, say.text(f"{left} not shown here, from line {each.line} on; send them by themselves.")]
        blocks += more
    return blocks


def _explained(each: Imported) -> list[Block]:
    """One rule: its source, the translation and what became of its parts."""
    lines = [say.item(say.bold(each.name or f"Line {each.line}"), ": ", say.mono(_short(each.source)))]
    if each.error is not None:
        lines += [say.code(each.error.caret()), say.text(f"Cannot be read: {each.error.message}.")]
        return [*lines, say.text("Try: ", say.mono(_short(each.error.cure)))] if each.error.cure else lines
    assert each.translation is not None
    lines.append(_ours(each.rule) if each.rule else say.text(f"No rule: {each.translation.problem}."))
    remarks = list(importing.verdict_lines(each.translation))
    lines += [say.meta(f"{verdict}: {_short(line)}") for verdict, line in remarks[:_MOST_LINES]]
    if len(remarks) > _MOST_LINES:
        lines.append(say.meta(f"and {len(remarks) - _MOST_LINES} more remarks"))
    return lines


def _ours(rule: str) -> Block:
    if len(rule) <= _LONGEST_RULE:
        return say.code(f"watch {rule}")
    return say.text(f"The rule has {len(rule):,} characters, too many to show; “save” keeps it.")


def _buttons(imported: Sequence[Imported]) -> list[Button]:
    """`watch` for the rules that are short enough for a button."""
    fitting = (each for each in imported if each.rule and say.fits_button(f"watch {each.rule}"))
    label = "Watch it" if len(imported) == 1 else "Watch line {}"
    return [Button(label=label.format(each.line), command=f"watch {each.rule}") for each in islice(fitting, 4)]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"


# -------------------------------------------------------------------------------------------------------------- saving


def _ready(desk: Desk, imported: Sequence[Imported]) -> _Ready:
    plain = [str(parse_here(desk, each.rule)) if each.rule and each.verdict != "lost" else "" for each in imported]
    return _Ready(imported, plain, {(rule.id, rule.text): _written(desk, rule) for rule in own_rules(desk)})


def _saved(desk: Desk, ready: _Ready) -> Message:
    fit = [(each, plain) for each, plain in zip(ready.imported, ready.plain, strict=True) if plain]
    known = ready.known(desk)
    if len(own_rules(desk)) + len(fit) > MOST_RULES:
        raise UserError(f"A chat can have {MOST_RULES} rules.", cure="Remove some first: unwatch <number>")
    need_room(desk, "rules", len({plain for _, plain in fit} - known.keys()))
    lines = []
    for each, plain in fit:
        if plain in known:
            lines.append(say.item(f"Line {each.line}: rule {known[plain]} is the same."))
            continue
        saved = _save(desk, each)
        known[plain] = saved.number
        lines.append(say.item(say.bold(f"{saved.number} “{saved.topic}”"), ": ", say.mono(_short(saved.text))))
    unsaved = [each for each, plain in zip(ready.imported, ready.plain, strict=True) if not plain]
    blocks = [say.title(f"Saved: {say.count(len(fit), 'rule')} of {len(ready.imported)}"), *lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        blocks.append(say.text(f"and {len(lines) - _MOST_LINES} more; all of them: ", say.mono("rules")))
    if unsaved:
        blocks.append(say.text(f"{say.count(len(unsaved), 'rule needs', 'rules need')} a look:"))
        blocks += _shown(unsaved)
    return say.message(*blocks, buttons=_buttons(unsaved))


def _written(desk: Desk, rule: WatchRule) -> str:
    """A stored rule's plain form; empty when a list that it needs is gone."""
    try:
        return str(parse_stored(desk, rule))
    except RuleError:
        return ""


def _save(desk: Desk, each: Imported) -> WatchRule:
    channel = ensure_channel(desk)
    return desk.store.add_rule(
        WatchRule(
            id=content_id("rule", channel.id, desk.command.id, str(each.line)),
            number=0,
            channel_id=channel.id,
            owner=desk.command.user,
            topic=each.name[: topics.LONGEST] or topics.default_topic(each.rule),
            text=each.rule,
            created_at=desk.now,
        )
    )
