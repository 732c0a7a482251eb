"""The nouns of a person's overview: what is theirs, in parts, each line with what can be done about it."""

from dataclasses import dataclass

from bot.model._going_out import Block, Button
from bot.model._who import Destination, WatchRule


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeLine:
    """A line; its button acts in the chat `here`. `rule` is the rule that it shows, if it shows one."""

    block: Block
    here: Destination
    button: Button | None = None
    rule: WatchRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePart:
    """A heading with its lines; `note` says what was left out, or what to do when there is no line."""

    title: str
    lines: tuple[HomeLine, ...] = ()
    note: Block | None = None
