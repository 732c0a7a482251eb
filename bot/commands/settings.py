"""`settings`: how alerts read in this chat, and who may change what."""

from collections.abc import Mapping
from dataclasses import replace

from bot import say
from bot.commands._common import chosen_here, ensure_channel, need_right
from bot.core.alerts.channels import chooser
from bot.errors import UserError
from bot.model import Block, Button, Message, Preferences
from bot.ports import Desk
from bot.reading import verbs

USAGE = "settings [<name> <value>]"
SUMMARY = "how alerts read in this chat, its time zone and language, and who may change what"
EXAMPLES = (
    "settings",
    "settings format compact",
    "settings excerpts off",
    "settings source host",
    "settings members on",
)
_VALUES: Mapping[str, tuple[str, str]] = {  # the usual one first
    "format": ("full", "compact"),
    "excerpts": ("on", "off"),
    "source": ("title", "host"),
    "preview": ("off", "on"),
    "members": ("off", "on"),
}
_MEANING = {
    "format": "full shows excerpts and why; compact is two lines",
    "excerpts": "the source's own words with the hits marked",
    "source": "a source by its title or by its host",
    "preview": "the platform's preview of the link",
    "members": "on lets every member change what this chat shares",
}


def run(desk: Desk, argument: str) -> Message:
    """Show them, or change one. Raises UserError."""
    words = argument.casefold().replace("=", " ").replace(":", " ").split()
    if not words:
        return _shown(desk, chosen_here(desk))
    name, value = words[0], " ".join(words[1:])
    if name == "topic":
        return _own_topic(desk, value)
    if name in ("zone", "timezone", "language"):
        verb = "language" if name == "language" else "timezone"
        raise UserError("That has a command of its own.", cure=f"Type: {verb} {' '.join(words[1:])}".rstrip())
    if name not in _VALUES:
        near = verbs.nearest(name, list(_VALUES))
        raise UserError(
            f"There is no setting “{name[:40]}”.", cure=f"Did you mean: settings {near}?" if near else "See: settings"
        )
    if value not in _VALUES[name]:
        typed = f"“{value[:40]}” is nothing that {name} can be." if value else f"What shall {name} be?"
        raise UserError(typed, cure=f"Type: settings {name} {' or '.join(_VALUES[name])}")
    return _change(desk, name, value)


def _change(desk: Desk, name: str, value: str) -> Message:
    need_right(desk, "change its settings")
    whose = chooser(desk.command.destination)
    before = desk.store.preferences(whose)
    after = _with(before, name, value)
    if after == before:
        raise UserError(f"{name.capitalize()} is {value} already.", cure="See: settings")
    desk.store.save_preferences(whose, after)
    return say.message(
        say.text(say.bold(f"Settings: {name} is {value}"), f" from the next message on ({_MEANING[name]}).")
    )


def _with(chosen: Preferences, name: str, value: str) -> Preferences:
    if name == "format":
        return replace(chosen, compact=value == "compact")
    if name == "excerpts":
        return replace(chosen, excerpts=value == "on")
    if name == "source":
        return replace(chosen, source_as="host" if value == "host" else "title")
    if name == "preview":
        return replace(chosen, preview=value == "on")
    return replace(chosen, open_to_members=value == "on")


def _now(chosen: Preferences) -> dict[str, str]:
    return {
        "format": "compact" if chosen.compact else "full",
        "excerpts": "on" if chosen.excerpts else "off",
        "source": chosen.source_as,
        "preview": "on" if chosen.preview else "off",
        "members": "on" if chosen.open_to_members else "off",
    }


def _shown(desk: Desk, chosen: Preferences) -> Message:
    """Each with its value and meaning, and a button that turns it round."""
    direct = bool(desk.command.destination.user_id)
    values = {name: value for name, value in _now(chosen).items() if not (direct and name == "members")}
    lines = [_line(name, value) for name, value in values.items()]
    lines += [
        say.item(say.bold("timezone"), f" {chosen.zone or 'UTC'}"),
        say.item(say.bold("language"), f" {chosen.language or 'en'}"),
    ]
    if chosen.owner is not None and chosen.owner.name:
        lines.append(say.meta(f"{chosen.owner.name} brought me here and may change everything, as admins may."))
    turned = [(name, next(other for other in _VALUES[name] if other != value)) for name, value in values.items()]
    buttons = [
        Button(label=f"{name.capitalize()}: {value}", command=f"settings {name} {value}") for name, value in turned
    ]
    return say.message(
        say.title("Settings of this chat" if not direct else "Your settings"),
        *lines,
        say.meta("Change one: ", say.mono("settings <name> <value>")),
        buttons=buttons,
    )


def _line(name: str, value: str) -> Block:
    return say.item(say.bold(name), f" {value} - {_MEANING[name]}")


def _own_topic(desk: Desk, value: str) -> Message:
    """A forum topic or thread speaks for its group until it gets rules and sources of its own."""
    here = desk.typed_in
    if here is None or not here.thread_id:
        raise UserError("This is no topic of a group.", cure="Type it in the topic that shall have rules of its own.")
    if value not in ("own", ""):
        raise UserError(f"“{value[:40]}” is nothing that a topic can be.", cure="Type: settings topic own")
    need_right(desk, "give a topic rules of its own")
    if desk.command.destination.key == here.key:
        raise UserError("This topic has rules and sources of its own already.", cure="See: rules")
    ensure_channel(replace(desk, command=replace(desk.command, destination=here)))
    return say.message(
        say.text(say.bold("This topic has rules and sources of its own from now on"), ": give it some."),
        say.code("/source add <address>"),
        say.code("/watch <rule>"),
    )
