"""`changes`: who changed what here, and when."""

from bot import say
from bot.commands._common import PAGE, page_buttons, page_of
from bot.errors import UserError
from bot.model import AuditEntry, Block, Message
from bot.ports import Desk

USAGE = "changes [page]"
SUMMARY = "who changed what in this chat, and when; each with the number that takes it back"
EXAMPLES = ("changes",)
SHOWN = 400  # the newest


def run(desk: Desk, argument: str) -> Message:
    """The list, newest first; of what people changed for themselves each sees only their own. Raises UserError."""
    me = desk.command.user
    newest = desk.store.audit_entries(desk.command.destination, limit=SHOWN)
    entries = [entry for entry in newest if entry.shared or entry.user.key == me.key]
    if not entries:
        raise UserError("Nothing was changed here yet.", cure='Begin with: watch "troop deployment" AND Ukraine')
    page, pages = page_of(entries, argument)
    head = f"Changes ({page} of {pages})" if pages > 1 else "Changes"
    lines = [_line(desk, entry) for entry in entries[(page - 1) * PAGE : page * PAGE]]
    take_back = say.meta("Take one back: ", say.mono("undo <number>"))
    return say.message(say.title(head), *lines, take_back, buttons=page_buttons("changes", page, pages))


def _line(desk: Desk, entry: AuditEntry) -> Block:
    who = "you" if entry.user.key == desk.command.user.key else entry.user.name or "somebody"
    back = f" (taken back by {entry.undone_by.name or 'somebody'})" if entry.undone_by else ""
    return say.item(say.bold(f"{entry.number}"), f" {entry.what}{back} - {who}, ", say.moment(entry.at))
