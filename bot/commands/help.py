"""`help`: what people want to do, on one phone screen; a group of commands; or one command in detail."""

from collections.abc import Sequence
from types import ModuleType
from typing import NamedTuple

from bot import registry, say
from bot.errors import UserError
from bot.model import Button, Message
from bot.ports import Desk
from bot.reading import verbs

USAGE = "help [command or subject]"
SUMMARY = "what you can do, by subject; or one command in detail"
EXAMPLES = ("help", "help rules", "help watch")
MOST = 12  # commands of one message


class _Subject(NamedTuple):
    """What somebody wants, with the commands for it, the usual first, and a line that says it by example."""

    name: str
    want: str
    example: str
    commands: tuple[str, ...]


SUBJECTS = (
    _Subject(
        "rules",
        "Watch for words",
        'watch "troop deployment" AND Ukraine',
        (
            "watch",
            "rules",
            "edit",
            "unwatch",
            "pause",
            "resume",
            "test",
            "narrow",
            "list",
            "doctor",
            "import",
            "export",
        ),
    ),
    _Subject("sources", "Give me something to read", "source add <address>", ("source", "sources")),
    _Subject(
        "silence",
        "Have less of it, for a while or for good",
        "mute troops for 2h",
        ("mute", "unmute", "mutes", "snooze", "quiet", "digest", "held"),
    ),
    _Subject(
        "stories",
        "Ask about an alert, or find one",
        "why",
        ("why", "search", "missed", "stats", "follow", "unfollow", "same", "another", "irrelevant", "relevant"),
    ),
    _Subject(
        "channels",
        "Share rules and sources with other chats",
        "publish newsroom",
        ("channels", "subscribe", "unsubscribe", "publish"),
    ),
    _Subject(
        "settings",
        "Settings, and what was changed",
        "settings",
        ("settings", "timezone", "language", "undo", "changes", "forgetme", "home", "start", "help", "cancel"),
    ),
)


def run(desk: Desk, argument: str) -> Message:
    """The subjects, one of them, or one command's usage and examples. Raises UserError for an unknown word."""
    wanted, _ = verbs.split(argument)
    if not wanted:
        return _overview()
    modules = dict(registry.modules("bot.commands"))
    subject = next((subject for subject in SUBJECTS if subject.name == wanted), None)
    if subject is not None:
        return _subject(subject.want, subject.commands, modules)
    if wanted == "all":
        return _subject("All commands", [*modules], modules)
    return _detail(wanted, modules)


def _overview() -> Message:
    """One phone screen: what people want to do, each with an example to type."""
    lines = [say.item(say.bold(f"{subject.want}: "), say.mono(f"/{subject.example}")) for subject in SUBJECTS]
    buttons = [Button(label=subject.name.capitalize(), command=f"help {subject.name}") for subject in SUBJECTS]
    return say.message(
        say.title("What do you want to do?"),
        *lines,
        say.meta("One command: ", say.mono("/help watch"), " · all: ", say.mono("/help all")),
        buttons=buttons,
    )


def _subject(head: str, names: Sequence[str], modules: dict[str, ModuleType]) -> Message:
    """Its commands with a line each; where there are many, only their usage."""
    short = len(names) > MOST
    lines = [
        say.item(say.mono(f"/{name if short else modules[name].USAGE}"), f" - {modules[name].SUMMARY}")
        for name in names
    ]
    return say.message(
        say.title(head),
        *lines,
        say.meta("On Slack: ", say.mono("/watchword watch ..."), " or ", say.mono("@watchword watch ...")),
        buttons=(Button(label="‹ Help", command="help"),),
    )


def _detail(wanted: str, modules: dict[str, ModuleType]) -> Message:
    module = modules.get(wanted)
    if module is None:
        meant = verbs.meant(wanted, "")
        near = meant[0].split()[0] if meant else verbs.nearest(wanted, list(modules))
        raise UserError(f"There is no command “{wanted}”.", cure=f"Did you mean help {near}?" if near else "See: help")
    return say.message(
        say.title("/" + str(module.USAGE)),
        say.text(str(module.SUMMARY)[:1].upper() + str(module.SUMMARY)[1:] + "."),
        *(say.code("/" + example) for example in module.EXAMPLES),
    )
