"""`unfollow`: no longer be mentioned for a topic or a story."""

from bot import say
from bot.commands._common import pointed_alert
from bot.commands._follows import BY_TITLE, described, is_this_story, own_follows, title_of
from bot.errors import UserError
from bot.model import Follow, Message
from bot.ports import Desk

USAGE = "unfollow <topic | this story>"
SUMMARY = "no longer be mentioned when a topic alerts, or when a story goes on"
EXAMPLES = ("unfollow troops", "unfollow this story")


def run(desk: Desk, argument: str) -> Message:
    """End it. Raises UserError."""
    mine = own_follows(desk)
    follow = _meant(desk, argument, mine)
    if follow is None:
        known = ", ".join(described(desk, each) for each in mine) or "nothing"
        raise UserError(f"You do not follow “{argument.strip()}” here.", cure=f"You follow: {known}.")
    desk.store.unfollow(follow)
    return say.message(say.text(say.bold(f"You no longer follow {described(desk, follow)}"), "."))


def _meant(desk: Desk, argument: str, mine: list[Follow]) -> Follow | None:
    alert, rest = pointed_alert(desk, argument)
    wanted = rest.strip().strip('"“”').casefold()
    if is_this_story(wanted) or (alert is not None and not wanted):
        alert = alert or desk.store.last_alert(desk.command.destination)
        stories = {alert.story_id, alert.folded} - {""} if alert is not None else set()
        return next((follow for follow in mine if follow.story in stories), None)
    topic = next((follow for follow in mine if wanted and follow.topic.casefold() == wanted), None)
    return topic or _titled(desk, wanted, mine)


def _titled(desk: Desk, wanted: str, mine: list[Follow]) -> Follow | None:
    """The followed story whose title begins so. Raises UserError when several do."""
    if not wanted.startswith(BY_TITLE):
        return None
    begun = wanted.removeprefix(BY_TITLE)
    stories = [each for each in mine if each.story and title_of(desk, each).casefold().startswith(begun)]
    if len(stories) > 1:
        raise UserError("Several stories that you follow begin like that.", cure="Answer its alert with: unfollow")
    return stories[0] if stories else None
