"""`pause`: a rule that alerts nothing for a while, and keeps its number, topic and text."""

from dataclasses import replace

from bot import say
from bot.commands._common import subscribed_channels, zone_of
from bot.commands._pausing import ALL, bare, is_meant, named, need_right_to, rules_meant
from bot.errors import UserError
from bot.model import Block, Message
from bot.ports import Desk
from bot.reading.times import read_end

USAGE = "pause <number | topic | all> [for 2h | until monday 9]"
SUMMARY = "have a rule of this chat alert nothing, for a while or until it is resumed"
EXAMPLES = ("pause 1", "pause troops for 2h", "pause all until monday 9")


def run(desk: Desk, argument: str) -> Message:
    """Pause them, and say until when. Raises UserError."""
    end = read_end(argument, desk.now, zone_of(desk), lambda words: is_meant(desk, words))
    if not end.thing and end.words:
        raise UserError(
            "Which rule shall pause?",
            cure=f"For example: pause 1 {end.words}. To hear nothing at all: snooze {end.words}",
        )
    rules = rules_meant(desk, end.thing)
    need_right_to(desk, "pause", rules)
    changed = [rule for rule in rules if rule.enabled or rule.paused_until != end.until]
    if not changed:
        are = "is" if len(rules) == 1 else "are"
        raise UserError(f"{_capital(named(rules))} {are} paused already.", cure="See: rules")
    for rule in changed:
        desk.store.save_rule(replace(rule, enabled=False, paused_until=end.until))
    until = (" until ", say.moment(end.until)) if end.until is not None else ("",)
    resume = f"resume {'all' if len(rules) > 1 else rules[0].number}"
    return say.message(
        say.text(say.bold(f"Paused: {named(changed)}"), *until),
        say.meta("It alerts nothing and keeps nothing for later meanwhile. To end it: ", say.mono(resume)),
        *(_others(desk) if bare(end.thing) in ALL else []),
    )


def _others(desk: Desk) -> list[Block]:
    """That rules of other chats' channels go on."""
    here = desk.command.destination
    names = [channel.name for channel in subscribed_channels(desk) if channel.home.key != here.key]
    if not names:
        return []
    return [say.meta(f"Alerts of {say.listed(names)} go on; to hear nothing at all: ", say.mono("snooze 8h"))]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
