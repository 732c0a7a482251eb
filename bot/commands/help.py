"""`help`: every command, or one in detail."""

from types import ModuleType

from bot import registry, say
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk
from bot.reading import verbs

USAGE = "help [command]"
SUMMARY = "all commands, or one in detail"
EXAMPLES = ("help", "help watch")


def run(desk: Desk, argument: str) -> Message:
    """The list, or one command's usage and examples. Raises UserError for an unknown one."""
    wanted, _ = verbs.split(argument)
    if wanted:
        return _detail(wanted)
    lines = [say.item(say.mono("/" + str(module.USAGE)), f" - {module.SUMMARY}") for _, module in _commands()]
    return say.message(
        say.title("Commands"),
        *lines,
        say.meta("On Slack: ", say.mono("/watchword watch ..."), " or ", say.mono("@watchword watch ...")),
    )


def _commands() -> list[tuple[str, ModuleType]]:
    return list(registry.modules("bot.commands"))


def _detail(wanted: str) -> Message:
    modules = dict(_commands())
    module = modules.get(wanted)
    if module is None:
        near = verbs.nearest(wanted, list(modules))
        raise UserError(f"There is no command “{wanted}”.", cure=f"Did you mean help {near}?" if near else "See: help")
    return say.message(
        say.title("/" + str(module.USAGE)),
        say.text(str(module.SUMMARY)[:1].upper() + str(module.SUMMARY)[1:] + "."),
        *(say.code("/" + example) for example in module.EXAMPLES),
    )
