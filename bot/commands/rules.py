"""`rules`: what this chat watches."""

from bot import say
from bot.commands._common import PAGE, made, own_id, own_rules, page_buttons, page_of, paused_mark, subscribed_channels
from bot.errors import UserError
from bot.model import Message
from bot.ports import Desk

USAGE = "rules [page]"
SUMMARY = "the rules of this chat and of the channels that it gets"
EXAMPLES = ("rules",)


def run(desk: Desk, argument: str) -> Message:
    """The list, eight to a page. Raises UserError when there is none."""
    own = own_id(desk)
    entries = [(rule, "") for rule in own_rules(desk)]
    for channel in subscribed_channels(desk):
        if channel.id != own:
            entries += [(rule, channel.name or channel.id) for rule in desk.store.rules(channel.id)]
    if not entries:
        raise UserError("This chat watches nothing yet.", cure='For example: watch "troop deployment" AND Ukraine')
    page, pages = page_of(entries, argument)
    lines, shared = [], not desk.command.destination.user_id
    for rule, channel_name in entries[(page - 1) * PAGE : page * PAGE]:
        of = f" of {channel_name}" if channel_name else ""
        author = f" - {made(rule.owner, rule.created_at)}" if shared else ""
        urgent = " (urgent)" if rule.urgent else ""
        lines.append(
            say.item(
                say.bold(f"{rule.number} “{rule.topic}”"),
                f"{of}{urgent}",
                *paused_mark(rule),
                ": ",
                say.mono(rule.text),
                author,
            )
        )
    head = f"Rules ({page} of {pages})" if pages > 1 else "Rules"
    return say.message(
        say.title(head),
        *lines,
        say.meta(
            "Change: ",
            say.mono("edit <number> <rule>"),
            " · remove: ",
            say.mono("unwatch <number>"),
            " · pause: ",
            say.mono("pause <number>"),
        ),
        buttons=page_buttons("rules", page, pages),
    )
