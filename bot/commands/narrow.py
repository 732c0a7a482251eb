"""`narrow`: rules that ask for more, with what is left of the alerts."""

from bot import say
from bot.commands._backtest import hits, sample
from bot.commands._common import find_rule, parse_here, parse_stored, subscribed_channels
from bot.core.archive import backtest, narrowing
from bot.errors import UserError
from bot.model import Button, Message
from bot.ports import Desk
from rules import Rule

USAGE = "narrow <number | rule>"
SUMMARY = "narrower versions of a rule, and how many alerts each would leave"
EXAMPLES = ("narrow 1", "narrow troops AND Ukraine")
MOST = 5


def run(desk: Desk, argument: str) -> Message:
    """Versions that would have sent less, the one that keeps most first. Raises RuleError, UserError."""
    number, rule = _asked(desk, argument.strip())
    channels = [channel.id for channel in subscribed_channels(desk)]
    stories = backtest.first_of_each_story(hits(desk.store, rule, channels)[0])
    if not stories:
        raise UserError("Nothing in the archive matches this rule, so there is nothing to narrow.", cure="See: rules")
    versions = narrowing.narrower(rule, lambda text: parse_here(desk, text, rule.lang))
    left = sample(desk.store, versions, stories)
    useful = sorted(((share, version) for version, share in left if 0 < share < 1), key=lambda pair: -pair[0])[:MOST]
    head = say.text(say.bold(f"{say.count(len(stories), 'story', 'stories')} in the archive: "), say.mono(str(rule)))
    if not useful:
        same = "Words closer together, in the title, at the beginning or more often: each keeps all of it or nothing."
        return say.message(head, say.text(same))
    lines, buttons = [], list[Button]()
    for share, version in useful:
        about = say.count(max(1, round(share * len(stories))), "story", "stories")
        lines.append(say.item(say.mono(str(version)), f": about {about}"))
        buttons += say.button(f"Take {version}"[:60], f"edit {number} {version}" if number else f"test {version}")
    return say.message(head, *lines, buttons=buttons)


prepare = run  # it writes nothing: all of it is done outside the writer thread


def _asked(desk: Desk, argument: str) -> tuple[int, Rule]:
    """The number of a stored rule, or 0, and the rule."""
    if not argument:
        raise UserError("Which rule shall be narrower?", cure=f"For example: {EXAMPLES[0]}")
    if argument.isdecimal() and len(argument) < 6:
        stored = find_rule(desk, argument)
        return stored.number, parse_stored(desk, stored)
    return 0, parse_here(desk, argument)
