"""`export`: everything this chat has, as a text that `import everything` takes back."""

from datetime import timedelta
from itertools import groupby

from bot import say
from bot.commands._common import chosen_here, own_channel, own_id, own_rules, subscribed_channels
from bot.core.alerts import mutes
from bot.errors import UserError
from bot.model import Button, Message, Mute, MuteKind, WatchRule
from bot.ports import Desk, Export
from bot.reading.imports import takeout
from bot.reading.imports.takeout import HEADER, Line

USAGE = "export [part]"
SUMMARY = "everything this chat has (rules, lists, sources, settings, your mutes), as a text to keep or take along"
EXAMPLES = ("export", "export 2")
MOST_CHARACTERS = 2900  # of a part: a code block that every platform shows whole
WHOLE = ("local", "terminal")  # platforms that show any length


def run(desk: Desk, argument: str) -> Message:
    """A part of it; the local page and the terminal show it whole. Raises UserError."""
    lines, left = lines_of(desk)
    if not lines:
        raise UserError("This chat has nothing to take along yet.", cure="See: help")
    whole = desk.command.destination.platform in WHOLE
    parts, too_long = _parts(takeout.write(lines), whole=whole)
    wanted = argument.strip()
    number = min(max(int(wanted), 1), len(parts)) if wanted.isdecimal() and len(wanted) < 6 else 1
    of = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
    head = say.text(say.bold(f"Everything this chat has{of}"), "; it is taken back by ", say.mono("import everything"))
    blocks = [head, say.code(parts[number - 1])]
    blocks += [say.meta(remark) for remark in (*too_long, *left)]
    more = (Button(label="More ›", command=f"export {number + 1}"),) if number < len(parts) else ()
    return say.message(*blocks, buttons=more)


def _parts(things: list[str], *, whole: bool) -> tuple[list[str], list[str]]:
    """Texts that can each be read by themselves; and what is too long for any."""
    fitting = [thing for thing in things if whole or len(thing) <= MOST_CHARACTERS]
    parts, size = [[HEADER]], 0
    for thing in fitting:
        if not whole and size and size + len(thing) > MOST_CHARACTERS:
            parts.append([HEADER])
            size = 0
        parts[-1].append(thing)
        size += len(thing) + 1
    long = [thing.partition(":")[0][:60] for thing in things if thing not in fitting]
    remark = "too long for a message here; the local page shows it"
    return ["\n".join(part) for part in parts], [f"Not in it: {name} ({remark})." for name in long]


def lines_of(desk: Desk) -> tuple[list[Line], list[str]]:
    """The things, in the order in which they are put back; and what cannot be taken along, in words."""
    channel = own_channel(desk)
    sources, left = _sources(desk)
    lines = [Line(word="channel", name=channel.name)] if channel is not None and channel.public else []
    lines += takeout.settings_of(chosen_here(desk))
    lines += [Line(word="list", name=each.name, text=each.text) for each in desk.store.lists(own_id(desk))]
    lines += [_rule(desk, rule) for rule in own_rules(desk)]
    lines += sources
    others = [each for each in subscribed_channels(desk) if channel is None or each.id != channel.id]
    lines += [Line(word="subscription", name=each.name) for each in others if each.name]
    muted, stories = _mutes(desk)
    lines += muted
    follows = [each for each in desk.store.follows(desk.command.destination) if each.user.key == desk.command.user.key]
    lines += [Line(word="follow", name=each.topic) for each in follows if each.topic]
    if stories or any(each.story for each in follows):
        left.append("Not in it: muted and followed stories, which no other Watchword knows.")
    return lines, left


def _rule(desk: Desk, rule: WatchRule) -> Line:
    until = rule.paused_until
    paused = [] if rule.enabled else [f"paused until {takeout.moment(until)}" if until else "paused"]
    lang = [f"language {rule.lang}"] if rule.lang != "en" else []
    return Line(
        word="rule",
        name=rule.topic,
        options=(*(["urgent"] if rule.urgent else []), *paused, *lang),
        text=rule.text,
    )


def _sources(desk: Desk) -> tuple[list[Line], list[str]]:
    """Those that others can read, and the kinds of the others."""
    lines, kinds = list[Line](), list[str]()
    for feed in desk.store.feeds(own_id(desk)):
        if desk.exports.get(feed.kind, Export.NOT) is Export.NOT:
            kinds.append(feed.kind)
            continue
        every = desk.store.pace(own_id(desk), feed.id)
        options = (feed.kind, *([f"every {every // timedelta(seconds=1)}s"] if every else []))
        lines.append(Line(word="source", name=feed.title or feed.kind, options=options, text=feed.url))
    left = ", ".join(f"{len(list(same))} {kind}" for kind, same in groupby(sorted(kinds)))
    return lines, [f"Not in it, because nobody else could read it: {left}."] if left else []


def _mutes(desk: Desk) -> tuple[list[Line], bool]:
    """The asker's and the chat's; and whether there are stories among them."""
    everything = desk.store.mutes(desk.now)
    own = mutes.of_user(everything, desk.command.user)
    here = mutes.of_destination(everything, desk.command.destination)
    both = [(mute, False) for mute in own] + [(mute, True) for mute in here]
    lines = [_mute(mute, shared=shared) for mute, shared in both if mute.kind is not MuteKind.STORY]
    return lines, len(lines) < len(both)


def _mute(mute: Mute, *, shared: bool) -> Line:
    until = [f"until {takeout.moment(mute.until)}"] if mute.until else []
    options = (mute.kind.value, *(["everyone"] if shared else []), *until)
    return Line(word="mute", name=mute.what, options=options)
