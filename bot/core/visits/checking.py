"""What those are told who asked for a visit now."""

from datetime import datetime

from bot import say
from bot.model import Block, Feed, Message, Run, StoredDocument


def is_new(before: Feed, after: Feed) -> bool:
    """Whether the visit between brought news."""
    return after.health.newest_at != before.health.newest_at


def result(before: Feed, after: Feed, newest: StoredDocument | None) -> Message:
    """Of a visit that is over: whether there was news, and the newest item; or why it could not be read."""
    if after.failures:
        tried = (" Next try: ", say.moment(after.next_poll_at), ".") if after.next_poll_at else ()
        head = say.text(say.bold(f"{after.name} could not be read now."))
        return say.message(head, say.text(after.last_error), say.meta("It goes on being tried.", *tried))
    what = "something new" if is_new(before, after) else "nothing new"
    blocks = [say.text(say.bold(f"{after.name} was read now: {what}."))]
    blocks += [newest_line(newest)] if newest is not None else [say.meta("It has no items yet.")]
    return say.message(*blocks, *([say.meta(f"Note: {after.note}")] if after.note else []))


def newest_line(newest: StoredDocument) -> Block:
    """Its newest item, as a link, with its time."""
    document = newest.document
    when: datetime = document.published_at or newest.seen_at
    return say.text("Newest: ", Run(text=document.title or "Untitled", url=document.url), ", ", say.moment(when))
