"""What `snooze`, `quiet` and `digest` share: whose they are, and what becomes of what is held already."""

from dataclasses import replace

from bot.commands._common import chosen_here, need_right
from bot.core.alerts.channels import chooser, direct
from bot.core.alerts.holding import hold
from bot.model import Destination, Preferences, User
from bot.ports import Desk
from bot.zones import zone_named


def whose(desk: Desk, argument: str, what: str) -> tuple[Destination | User, str, str]:
    """(whose preferences are meant, the argument without `mine`, that person or chat in words).

    In a shared chat it is the chat, which needs the right to change what is shared, unless it begins with `mine`: then
    the asker is not mentioned, and their direct chat with the bot is quiet. Raises UserError.
    """
    words = argument.strip()
    first, _, rest = words.partition(" ")
    here = desk.command.destination
    if first.casefold() in ("mine", "me", "my"):
        return desk.command.user, rest.strip(), f"you, {desk.command.user.name}".rstrip(", ")
    if here.user_id:
        return chooser(here), words, "you"
    need_right(desk, what)
    return chooser(here), words, "this chat"


def chosen_with_zone(desk: Desk, whom: Destination | User) -> Preferences:
    """What they chose; the hours of somebody who chose no zone are those of the chat where they say it, else UTC."""
    chosen = desk.store.preferences(whom)
    return chosen if chosen.zone else replace(chosen, zone=chosen_here(desk).zone)


def save(desk: Desk, whom: Destination | User, chosen: Preferences) -> None:
    """Keep what was chosen, and hold what is held accordingly."""
    desk.store.save_preferences(whom, chosen)
    hold_anew(desk, whom)


def hold_anew(desk: Desk, whom: Destination | User) -> None:
    """What is held for them waits until the end that they chose, and comes now where there is none any more."""
    chosen = desk.store.preferences(whom)
    place = whom if isinstance(whom, Destination) else direct(whom)
    now = hold(chosen, desk.now, zone_named(chosen.zone))
    if not desk.store.paused(place):
        desk.store.hold_until(place, now.until if now and now.until else desk.now)
