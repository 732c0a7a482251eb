"""What a chat is answered when no command of its own does: a welcome, refusals, unknown words, faults of ours."""

from dataclasses import replace
from datetime import datetime

from bot import say
from bot.errors import UserError, WatchwordError
from bot.model import AuditEntry, Button, Command, Delivery, Message, content_id
from rules import RuleError


def welcome() -> Message:
    """To a chat that the bot was added to."""
    return say.message(
        say.text("Watchword is here. Tell me what to watch, for example:"),
        say.code('/watch "troop deployment" AND Ukraine'),
        say.text("Then give me something to read: ", say.mono("/source add <address>")),
        say.meta("More: ", say.mono("/help")),
    )


def unknown_command(text: str, verb: str, near: str) -> Message:
    """No command begins like that; `near` is the one that was probably meant, if there is one."""
    rest = text.strip().lstrip("/")[len(verb) :].strip()
    pieces: list[say.Piece] = [f"There is no command “{verb}”."] if verb else ["I did not find a command in that."]
    if near:
        pieces += [" Did you mean ", say.mono(f"{near} {rest}".strip()[:200]), "?"]
    else:
        pieces += [" To watch for words: ", say.mono(f"watch {text.strip()}"[:200]), "."]
    return say.message(say.text(*pieces), say.meta("All commands: ", say.mono("help")))


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
    return say.message(*blocks, say.meta("You typed: ", say.mono(command.text[:500])))


def undoable(answer: Message, entry: AuditEntry) -> Message:
    """With a button that takes the change back."""
    undo = Button(label="Undo", command=f"undo {entry.number}")
    others = [button for button in answer.buttons if button.label != undo.label]
    return replace(answer, buttons=(*others, undo))


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


def broken(command: Command, error: Exception) -> Message:
    """A bug of ours stood in the way."""
    kind = "this" if isinstance(error, WatchwordError) else f"an internal error ({type(error).__name__})"
    return say.message(
        say.text(f"That did not work because of {kind}; nothing was changed, and the operator's log has the details."),
        say.meta("You typed: ", say.mono(command.text[:500])),
    )
