"""`timezone`: the zone in which times are read and shown."""

from dataclasses import replace

from bot import say
from bot.commands._common import chosen_here, need_right, zone_of
from bot.core.alerts.channels import chooser
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk
from bot.reading import verbs
from bot.zones import zone_named, zones_like

USAGE = "timezone [<city or zone> | mine <city or zone>]"
SUMMARY = "the zone in which times are read and shown here, or for you alone"
EXAMPLES = ("timezone Kyiv", "timezone America/New_York", "timezone mine Berlin")
MOST_OFFERED = 6


def run(desk: Desk, argument: str) -> Message:
    """Show or choose it; the answer says what time it is there. Raises UserError."""
    words = argument.strip()
    mine, _, rest = words.partition(" ")
    own = mine.casefold() in ("mine", "my", "me")
    words = rest.strip() if own else words
    if not words:
        return _shown(desk)
    name = _zone(words)
    whose = desk.command.user if own else chooser(desk.command.destination)
    if not own and not desk.command.destination.user_id:
        need_right(desk, "change its time zone")
    desk.store.save_preferences(whose, replace(desk.store.preferences(whose), zone=name))
    head = "Your time zone" if own or desk.command.destination.user_id else "Time zone of this chat"
    return say.message(say.text(say.bold(f"{head}: {name}"), ". It is ", say.moment(desk.now, zone_named(name)), "."))


def _shown(desk: Desk) -> Message:
    chosen = desk.store.preferences(desk.command.user).zone or chosen_here(desk).zone
    return say.message(
        say.text(
            say.bold(f"Time zone: {chosen or 'UTC, as none was chosen'}"),
            ". It is ",
            say.moment(desk.now, zone_of(desk)),
            ".",
        ),
        say.meta(
            "Choose one by a city: ", say.mono("timezone Kyiv"), ", or for you alone: ", say.mono("timezone mine Kyiv")
        ),
    )


def _zone(words: str) -> str:
    """The one zone that is meant. Raises UserError."""
    likely = zones_like(words)
    if len(likely) == 1 or (likely and likely[0].casefold() == words.casefold()):
        return likely[0]
    if likely:
        offered = ", ".join(likely[:MOST_OFFERED])
        raise UserError(f"“{words[:40]}” can be several zones.", cure=f"Which one? {offered}")
    cities = {name.rpartition("/")[2].replace("_", " "): name for name in zones_like("/")}
    near = verbs.nearest(words, list(cities))
    raise UserError(
        f"I know no time zone “{words[:40]}”.",
        cure=f"Did you mean: timezone {near}?" if near else "Name a large city in it: timezone Kyiv",
    )
