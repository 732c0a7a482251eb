"""What a chat is answered when no command of its own does: a welcome, refusals, unknown words, faults of ours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import say
from bot.errors import UserError, WatchwordError
from bot.model import AuditEntry, Block, Button, Command, Delivery, Message, content_id
from rules import RuleError


def welcome() -> Message:
    """To a chat that the bot was added to."""
    return say.message(
        say.text(say.bold("Watchword is here."), " A story that matches your words comes once, in the source's words."),
        *steps(),
        buttons=(Button(label="Help", command="help"), Button(label="Channels", command="channels")),
    )


def first_steps(sample: str = "") -> Message:
    """The first thing that a new installation says by itself; `sample` is the channel that it brings, if any."""
    blocks = [say.title("Watchword is running. Three steps to your own alerts:"), *steps()]
    buttons = [Button(label="Help", command="help")]
    if sample:
        blocks.append(say.meta("The alert of 2025 is a sample: it shows what yours will look like."))
        buttons.append(Button(label="Remove the sample", command=f"unsubscribe {sample}"))
    return say.message(*blocks, buttons=buttons, gist="Three steps to your own alerts")


def steps() -> list[Block]:
    """What to do first, by example."""
    return [
        say.text("1. Give me something to read:"),
        say.code("/source add https://news.un.org/feed/subscribe/en/news/all/rss.xml"),
        say.text("2. Say what to watch for:"),
        say.code('/watch "troop deployment" AND Ukraine'),
        say.text("3. Too much of it? ", say.mono("/mute troops for 2h"), ". Everything else: ", say.mono("/help")),
    ]


def unknown_command(text: str, verb: str, meant: Sequence[str]) -> Message:
    """No command begins like that; `meant` are those that can be meant, the likeliest first, each as a button."""
    pieces: list[say.Piece] = [f"There is no command “{verb[:40]}”."] if verb else ["I did not find a command in that."]
    watched = f"watch {text.strip()}"
    if meant:
        pieces.append(" Did you mean ")
        for number, command in enumerate(meant):
            pieces += [" or " if number else "", say.mono(command[:200])]
        pieces.append("?")
    else:
        pieces += [" To watch for words: ", say.mono(watched[:200]), "."]
    buttons = [button for command in [*meant, watched][:4] for button in say.button(command, command)]
    return say.message(say.text(*pieces), say.meta("What you can do: ", say.mono("help")), buttons=buttons)


def refusal(command: Command, error: UserError | RuleError) -> Message:
    """The error in the user's words, its place and its cure; what was typed is repeated, never lost."""
    if isinstance(error, RuleError):
        blocks = [say.text("This rule cannot be read: ", error.message), say.code(error.caret())]
        if error.cure:
            blocks.append(say.text("Try: ", say.mono(error.cure)))
        return say.message(*blocks, gist=f"Rule error: {error.message}")
    blocks = [say.text(str(error))]
    if error.cure:
        blocks.append(say.text(error.cure))
    return replace(say.message(*blocks, say.you_typed(command.text)), ask=error.ask)


def undoable(answer: Message, entry: AuditEntry) -> Message:
    """With a button that takes the change back."""
    undo = Button(label="Undo", command=f"undo {entry.number}")
    others = [button for button in answer.buttons if button.label != undo.label]
    return replace(answer, buttons=(*others, undo))


def without_button(message: Message, press: Command) -> Message | None:
    """The message after its button was pressed and did what it says; None when it has no such button."""
    pressed = next((button for button in message.buttons if button.command == press.text), None)
    if pressed is None:
        return None
    left = tuple(button for button in message.buttons if button is not pressed)
    note = say.meta(f"{pressed.label}: {press.user.name or 'done'}")
    return replace(message, blocks=(*message.blocks, note), buttons=left)


def held_back(command: Command, per_minute: int, now: datetime) -> Delivery:
    """To whoever sends more commands than are carried out in a minute."""
    who = f"{command.user.name}, you" if command.user.name else "You"
    return Delivery(
        id=content_id("held back", command.id),
        destination=command.destination,
        message=say.message(
            say.text(f"{who} sent more than {per_minute} commands within a minute. The next ones wait for their turn."),
            say.meta("Nothing is lost: they are carried out in their order, so many a minute. Nobody else waits."),
        ),
        created_at=now,
    )


def looking(command: Command, typed: str, now: datetime) -> Delivery:
    """Before the answer, when an address answers slowly. `typed` is what was pasted."""
    words = typed.split()
    what = words[0].removeprefix("https://").removeprefix("http://").partition("/")[0] if len(words) == 1 else ""
    return Delivery(
        id=content_id("looking", command.id),
        destination=command.destination,
        message=say.message(
            say.text(f"Looking at {what[:100] or 'what you pasted'} …"),
            say.meta("It answers slowly. Other commands need not wait for it."),
        ),
        reply_to=command.message_id or command.reply_to,
        reply_handle=command.reply_handle,
        created_at=now,
    )


def broken(command: Command, error: Exception) -> Message:
    """A bug of ours stood in the way."""
    kind = "this" if isinstance(error, WatchwordError) else f"an internal error ({type(error).__name__})"
    return say.message(
        say.text(f"That did not work because of {kind}; nothing was changed, and the operator's log has the details."),
        say.you_typed(command.text),
    )
