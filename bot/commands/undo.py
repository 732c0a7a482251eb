"""`undo`: take a change back, whole."""

from bot import say
from bot.commands._common import has_right
from bot.commands._resting import hold_anew
from bot.core import audit
from bot.errors import UserError
from bot.model import AuditEntry, Message, User
from bot.ports import Desk
from bot.ports.recording import as_it_is, put_back

USAGE = "undo [number]"
SUMMARY = "take back the last thing that you changed here, or a change by its number"
EXAMPLES = ("undo", "undo 12")
LOOKED_THROUGH = 200  # entries of the audit log, for somebody's last one


def run(desk: Desk, argument: str) -> Message:
    """Make everything again what it was before that change. Raises UserError."""
    entry = _entry(desk, argument.strip().lstrip("#"))
    if entry.undone_by is not None:
        raise UserError(f"That was taken back already, by {_who(desk, entry.undone_by)}.", cure="See: changes")
    if entry.user.key != desk.command.user.key and not (entry.shared and has_right(desk)):
        raise UserError(f"Only {_who(desk, entry.user)} or an admin can take that back.", cure="Ask one of them.")
    _refuse_changed(desk, entry)
    for was in entry.before:
        put_back(desk.store, was)
        if was.kind == "preferences" and (whom := was.chat or was.person):
            hold_anew(desk, whom)
    desk.store.mark_undone(entry.destination, entry.number, desk.command.user)
    return say.message(say.text(say.bold("Taken back"), f": {entry.what}"))


def _entry(desk: Desk, words: str) -> AuditEntry:
    here, me = desk.command.destination, desk.command.user
    if words:
        entry = desk.store.audit_entry(here, int(words)) if words.isdecimal() and len(words) < 10 else None
        if entry is None:
            raise UserError(f"There is no change “{words}” here.", cure="See the numbers with: changes")
        return entry
    newest = desk.store.audit_entries(here, limit=LOOKED_THROUGH)
    mine = next((each for each in newest if each.user.key == me.key and not (each.undone_by or each.takes_back)), None)
    if mine is None:
        raise UserError("There is nothing of yours to take back here.", cure="What was changed here: changes")
    return mine


def _refuse_changed(desk: Desk, entry: AuditEntry) -> None:
    """Raises UserError when somebody changed one of these things since."""
    since = audit.changed_since(entry.after, [as_it_is(desk.store, was) for was in entry.after])
    if not since:
        return
    keys = {(was.kind, was.key) for was in since}
    newer = [
        other
        for other in desk.store.audit_entries(entry.destination, limit=LOOKED_THROUGH)
        if other.number > entry.number and keys & {(was.kind, was.key) for was in other.after}
    ]
    last = max(newer, key=lambda other: other.number, default=None)
    if last is None:
        raise UserError("That is not as it was left any more, so it cannot be taken back.", cure="See: changes")
    raise UserError(
        f"It was changed again since, by {_who(desk, last.user)}: {last.what}",
        cure=f"Take that back first: undo {last.number}",
    )


def _who(desk: Desk, user: User) -> str:
    return "you" if user.key == desk.command.user.key else user.name or "somebody else"
