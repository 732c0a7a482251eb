"""What is said of deliveries: that one may be a repeat, that one could not be made, what was held."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import groupby

from bot import say
from bot.model import Alert, Block, Button, Delivery, Destination, Message, Run


def as_repeat(delivery: Delivery) -> Delivery:
    """A delivery whose earlier try may have arrived says so; a repeat of an edit changes nothing, and does not."""
    note = say.meta("(Possibly sent twice: the connection broke while this was sent.)")
    message = replace(delivery.message, blocks=(*delivery.message.blocks, note))
    return replace(delivery, message=message)


def with_secrets(delivery: Delivery, secret: Callable[[str, str], str]) -> Delivery:
    """A delivery as it is shown this once; what is stored has no secret in it."""
    blocks = delivery.message.blocks
    if not any(run.secret_of for block in blocks for run in block.runs):
        return delivery
    shown = tuple(_filled(block, secret) for block in blocks)
    return replace(delivery, message=replace(delivery.message, blocks=shown))


def _filled(block: Block, secret: Callable[[str, str], str]) -> Block:
    """Runs of one look are joined: platforms mark a code block as a whole."""
    runs = [replace(run, text=secret(*run.secret_of), secret_of=None) if run.secret_of else run for run in block.runs]
    alike = groupby(runs, key=lambda run: replace(run, text=""))
    return replace(block, runs=tuple(replace(form, text="".join(run.text for run in same)) for form, same in alike))


def not_delivered(delivery: Delivery, error: str, *, title: str) -> Message:
    """To the author of a rule whose alert could not be delivered to a chat that is there."""
    return say.message(
        say.text(
            say.bold("An alert could not be delivered"),
            f" to {_named(delivery.destination, title)}: {delivery.message.gist}",
        ),
        say.text(f"Reason: {error}"),
        say.text("Later alerts go there as before."),
    )


def chat_lost(chat: Destination, why: str, *, title: str, gist: str = "") -> Message:
    """To who can mend it: nothing can be posted to a chat. `gist`: the alert that was lost first, if one was."""
    where = _named(chat, title)
    lost = (say.text(say.bold("An alert could not be delivered"), f" there: {gist}"),) if gist else ()
    return say.message(
        say.text(say.bold("I cannot post"), f" to {where}. {why}"),
        *lost,
        say.text(_cure(chat.platform, why.casefold())),
        say.meta("What matches meanwhile is kept, and offered there then."),
        gist=f"I cannot post to {where}",
    )


def channel_gone(name: str) -> Message:
    """To a chat that gets a channel whose own chat was deleted. `name` may be empty."""
    what = f"The channel “{name}”" if name else "A channel that this chat gets"
    return say.message(
        say.text(say.bold(f"{what} is gone."), " The chat that it belonged to was deleted, and all in it."),
        say.text("Nothing comes from it any more; what this chat gets from elsewhere stays."),
        say.meta("Other channels: ", say.mono("channels")),
        gist=f"{what} is gone",
    )


def _named(chat: Destination, title: str) -> str:
    """A chat as its platform shows it; its id says nothing to anybody."""
    if chat.user_id:
        return "a direct chat"
    return (f"“{title}”" if not title.startswith("#") else title) if title else f"a {chat.platform.capitalize()} chat"


# platform: the cure by what the reason names; the last one is for all other reasons
_CURES = {
    "telegram": (
        (
            ("right", "forbidden", "restricted", "not allowed", "admin"),
            "To mend it: open the group's settings, Permissions (in a channel: Administrators), and let me send "
            "messages. Then say /start there.",
        ),
        (
            ("deleted", "deactivated", "not found"),
            "If the chat is still there, add me again (to a channel as an administrator who may post messages), and "
            "say /start there.",
        ),
        (
            (),
            "To mend it: add me again (to a channel as an administrator who may post messages), and say /start there.",
        ),
    ),
    "slack": (
        (("archived", "deactivated", "ask an admin", "install it again"), "Then say something to me there."),
        ((), "To mend it: type /invite @watchword in that channel."),
    ),
}
_ELSEWHERE = "Say something to me there once I may post again."


def _cure(platform: str, why: str) -> str:
    for words, cure in _CURES.get(platform, ()):
        if not words or any(word in why for word in words):
            return cure
    return _ELSEWHERE


_SINCE = {"snoozed": "From your snooze", "quiet hours": "From the quiet hours", "the chat was away": "Meanwhile"}


def digest_message(
    rows: Sequence[tuple[Alert, str]],
    *,
    why: str,
    total: int,
    page: tuple[int, int],
    left: int,
    now: datetime,
    zone: tzinfo,
) -> Message:
    """Alerts that were held, in one message of several (`page`: which, of how many), each with its topics, in the
    order of `rows`. `total` counts all of them, `left` those that have no room in any of the messages.
    """
    head = f"{_SINCE.get(why, 'Your digest')}: {say.count(total, 'story', 'stories')}"
    of = f" ({page[0]} of {page[1]})" if page[1] > 1 else ""
    blocks = [say.title(f"{head}{of}")]
    for topics, alike in groupby(rows, key=lambda row: row[1]):
        blocks += [say.text(say.bold(topics))] if topics else []
        blocks += [_digest_line(alert, now, zone) for alert, _ in alike]
    if left > 0:
        blocks.append(say.meta(f"{left:,} more are listed in: ", say.mono("missed")))
    return say.message(*blocks, gist=f"{head}: {rows[0][0].reports[0].title or 'Untitled'}")


def _digest_line(alert: Alert, now: datetime, zone: tzinfo) -> Block:
    lead = alert.reports[0]
    more = len({report.site for report in alert.reports}) - 1
    when = lead.published_at or alert.raised_at
    by = f" - {lead.site}" if lead.site else " -"
    also = f", +{say.count(more, 'source')}" if more else ""
    return say.item(Run(text=lead.title or "Untitled", url=lead.url), f"{by}{also}, ", say.clock(when, now, zone))


HELD_BUTTONS = (
    Button(label="Show as a digest", command="held digest"),
    Button(label="Show each", command="held each"),
    Button(label="Drop", command="held drop", danger=True),
)


def held_offer(count: int) -> Message:
    """To a chat that is back: what matched meanwhile, and what can become of it."""
    stories = say.count(count, "story", "stories")
    return say.message(
        say.text(say.bold(f"While I could not post here, {stories} matched."), " What shall become of them?"),
        buttons=HELD_BUTTONS,
        gist=f"Meanwhile {stories} matched",
    )
