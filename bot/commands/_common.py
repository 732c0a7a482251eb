"""What several commands need."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from bot import say
from bot.core.alerts import channels
from bot.core.rights import may_change
from bot.errors import UserError
from bot.model import Alert, Block, Button, Channel, Destination, Preferences, Subscription, User, WatchRule
from bot.ports import Desk
from bot.zones import zone_named
from rules import Rule, parse
from rules.lists import Lists

PAGE = 8
_ALERT = re.compile(r"\balert:([0-9a-f]{16})\b")
_LAST_ALERT = re.compile(r"(?:the\s+)?(?:last|latest|newest)\s+alert\b\s*", re.IGNORECASE)


def ensure_channel(desk: Desk) -> Channel:
    """This chat's channel; made, and subscribed to, when it is not there yet."""
    destination = desk.command.destination
    channel = own_channel(desk)
    if channel is None:
        channel = Channel(id=channels.new_channel_id(destination), owner=desk.command.user, home=destination)
        desk.store.save_channel(channel)
        desk.store.subscribe(Subscription(destination=destination, channel_id=channel.id))
    return channel


def own_rules(desk: Desk) -> list[WatchRule]:
    """The rules that were made in this chat."""
    return desk.store.rules(own_id(desk))


def own_id(desk: Desk) -> str:
    """The id of this chat's channel; empty, which is no channel's id, while it has none."""
    channel = own_channel(desk)
    return channel.id if channel else ""


def own_channel(desk: Desk) -> Channel | None:
    """This chat's channel, if it has one."""
    return channels.own_channel(subscribed_channels(desk), desk.command.destination)


def lists_of(desk: Desk, channel_id: str | None = None) -> Mapping[str, str]:
    """What `@name` stands for in the rules of a channel (this chat's own when none is given): name -> text."""
    wanted = own_id(desk) if channel_id is None else channel_id
    return Lists({word_list.name: word_list.text for word_list in desk.store.lists(wanted)})


def parse_here(desk: Desk, text: str, lang: str = "") -> Rule:
    """The rule that `text` says in this chat, with this chat's lists, in its language. Raises RuleError."""
    return parse(text, lang=lang or language_of(desk), lists=lists_of(desk))


def language_of(desk: Desk) -> str:
    """Of the rules that are written here."""
    return chosen_here(desk).language or "en"


def parse_stored(desk: Desk, rule: WatchRule) -> Rule:
    """A stored rule of any channel, with the lists of its channel. Raises RuleError."""
    return parse(rule.text, lang=rule.lang, lists=lists_of(desk, rule.channel_id))


def find_rule(desk: Desk, words: str) -> WatchRule:
    """The chat's rule with that number or topic. Raises UserError."""
    rules = own_rules(desk)
    wanted = words.strip().strip('"“”#').casefold()
    for rule in rules:
        if wanted in (str(rule.number), rule.topic.casefold(), rule.text.casefold()):
            return rule
    if not rules:
        raise UserError("This chat has no rules yet.", cure="Make one: watch troops AND Ukraine")
    known = ", ".join(f"{rule.number} “{rule.topic}”" for rule in rules[:PAGE])
    raise UserError(
        f"There is no rule “{words.strip()}” here." if words.strip() else "Which rule?",
        cure=f"Rules: {known}. Give a number.",
    )


def pointed_alert(desk: Desk, argument: str) -> tuple[Alert | None, str]:
    """The alert that `alert:<id>`, `last alert` or the answered message points at, and the argument without it.

    Raises UserError when it points at an alert that is not this chat's.
    """
    match = _ALERT.search(argument)
    if match:
        alert = desk.store.alert(match[1])
        if alert is None or not _same_chat(alert.destination, desk.command.destination):
            raise UserError("That alert is not here any more.", cure="Answer an alert of this chat.")
        return alert, (argument[: match.start()] + argument[match.end() :]).strip()
    here = desk.command.destination
    if last := _LAST_ALERT.match(argument):
        alert = desk.store.last_alert(here)
        if alert is None:
            raise UserError("There was no alert here yet.", cure="See what is watched: rules")
        return alert, argument[last.end() :]
    if desk.command.reply_to:
        # Below a message that stands in the chat itself, a thread is a destination of its own.
        places = [here, replace(here, thread_id="")] if here.thread_id else [here]
        alerts = (desk.store.alert_of_message(place, desk.command.reply_to) for place in places)
        return next((alert for alert in alerts if alert), None), argument
    return None, argument


def _same_chat(here: Destination, there: Destination) -> bool:
    return replace(here, thread_id="").key == replace(there, thread_id="").key


def subscribed_channels(desk: Desk) -> list[Channel]:
    """The channels that this chat gets."""
    return desk.store.subscriptions(desk.command.destination)


def reading(rule: Rule) -> list[Block]:
    """How the rule was understood, with the engine's remarks."""
    blocks = [say.code(rule.reading)]
    for note in rule.notes:
        other = (" The other reading: ", say.mono(note.other)) if note.other else ()
        blocks.append(say.meta("Note: ", note.message, *other))
    return blocks


def page_of(items: Sequence[object], argument: str) -> tuple[int, int]:
    """(page, pages) from a typed page number; 1 when none is given."""
    pages = max(1, -(-len(items) // PAGE))
    wanted = int(argument) if argument.isdecimal() and len(argument) < 6 else 1
    return min(max(wanted, 1), pages), pages


def page_buttons(verb: str, page: int, pages: int) -> tuple[Button, ...]:
    """Previous and next, where there are such."""
    back = (Button(label="‹ Back", command=f"{verb} {page - 1}"),) if page > 1 else ()
    more = (Button(label="More ›", command=f"{verb} {page + 1}"),) if page < pages else ()
    return back + more


def paused_mark(rule: WatchRule) -> tuple[say.Piece, ...]:
    """Behind the name of a rule that alerts nothing: ` (paused until Mon 02 Mar 2026, 12:00 UTC)`."""
    if rule.enabled:
        return ()
    return (" (paused until ", say.moment(rule.paused_until), ")") if rule.paused_until else (" (paused)",)


def made(by: User, at: datetime) -> str:
    """Who made something, and when: `Anna, 02 Mar 2026`."""
    return f"{by.name or 'somebody'}, {at:%d %b %Y}"


def chosen_here(desk: Desk) -> Preferences:
    """What this chat chose; in a direct chat what its person chose."""
    return desk.store.preferences(channels.chooser(desk.command.destination))


def zone_of(desk: Desk) -> tzinfo:
    """The zone in which times are read and shown here: that of the asker, else the chat's, else UTC."""
    own = desk.store.preferences(desk.command.user).zone
    return zone_named(own or chosen_here(desk).zone)


def has_right(desk: Desk, author: User | None = None) -> bool:
    """Whether the asker may change what the whole chat shares, or what `author` made there."""
    command, chosen = desk.command, chosen_here(desk)
    return may_change(command.user, admin=command.admin, chosen=chosen, here=command.destination, author=author)


def need_right(desk: Desk, what: str, author: User | None = None) -> None:
    """Raises UserError for somebody without it; says who has it."""
    if has_right(desk, author):
        return
    owner = chosen_here(desk).owner
    also = [person.name for person in (author, owner) if person is not None and person.name]
    who = f"Only this chat's admins and {' and '.join(dict.fromkeys(also))}" if also else "Only this chat's admins"
    raise UserError(f"{who} may {what}.", cure="Ask one of them. An admin can let everybody do it: settings members on")
