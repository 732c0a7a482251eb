"""`forgetme`: delete what is kept of a person."""

from bot import say
from bot.core.alerts.channels import direct
from bot.errors import UserError
from bot.model import Button, Message
from bot.ports import Desk
from bot.ports.farewell import tell_subscribers

USAGE = "forgetme [yes]"
SUMMARY = (
    "delete what I keep of you: your direct chat with all its rules and sources, your mutes and follows everywhere"
)
EXAMPLES = ("forgetme",)


def run(desk: Desk, argument: str) -> Message:
    """Ask, and with `yes` do it. Raises UserError."""
    word, user = argument.strip().casefold(), desk.command.user
    if word not in ("", "yes"):
        raise UserError("Nothing was deleted.", cure="To have it done: forgetme yes")
    if not word:
        return say.message(
            say.text(say.bold("Shall I forget you?"), " This cannot be undone. I would delete:"),
            say.item("your direct chat with me: its rules, sources, lists, alerts and settings"),
            say.item("your mutes, follows, quiet hours and typed commands in every chat"),
            say.item("your name at rules that you made in shared chats: the chats keep the rules"),
            say.meta("To keep a copy of your rules first: ", say.mono("export")),
            buttons=(
                Button(label="Forget me", command="forgetme yes", danger=True),
                Button(label="Cancel", command="cancel"),
            ),
        )
    tell_subscribers(desk.store, lambda place: place.key == direct(user).key, desk.now)
    counts = desk.store.forget_person(user)
    lines = [say.item(_counted(number, words)) for words, number in sorted(counts.items())]
    return say.message(
        say.text(say.bold("Forgotten."), " Deleted:" if lines else " There was nothing of yours."),
        *lines,
        say.meta("What is left is this answer. Backups of the operator keep older data until they are replaced."),
    )


def _counted(number: int, words: str) -> str:
    """ "1 rule", "2 changes in the log"."""
    thing, space, rest = words.partition(" ")
    return say.count(number, thing.removesuffix("s")) + space + rest
