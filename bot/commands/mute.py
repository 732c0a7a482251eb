"""`mute`: silence a topic, a site, a story, everything, or whatever a rule matches."""

import re
from datetime import datetime, timedelta

from bot import say
from bot.commands._common import need_right, pointed_alert, subscribed_channels, zone_of
from bot.commands._muting import EVERYTHING, SITE, STORY, Asked, Target, bare, question, target
from bot.commands._quotas import need_room, need_room_for_all
from bot.model import Alert, Button, Message, Mute, MuteKind, content_id
from bot.ports import Desk
from bot.reading.times import Ending, read_end

USAGE = "mute <topic | rule | site:<name> | this story | everything> [for 2h | until mon 9:00]"
SUMMARY = "silence something for you (or `everyone`: for the chat)"
EXAMPLES = (
    "mute troops for 2h",
    "mute troops until monday 9",
    'mute "football match" tomorrow',
    "mute site:fun.example",
    "mute everything for 8h",
    "mute everyone drills",
)
PRESSED, LONGER = timedelta(days=1), timedelta(weeks=1)  # how long the button of an alert mutes, and the next one

_EVERYONE = re.compile(r"^(?:everyone|everybody)\b\s*", re.IGNORECASE)
_FOR_WHOM = re.compile(r"(?<!\S)for\s+(?:(everyone|everybody|the\s+chat)|me)(?!\S)\s*", re.IGNORECASE)
_INSTEAD = re.compile(r"^story\s+instead$", re.IGNORECASE)
_WORDS = re.compile(r"^words\s+(?=\S)", re.IGNORECASE)


def run(desk: Desk, argument: str) -> Message:
    """Save the mute and echo its end in absolute time; what may be something else is asked about, and not saved.

    Raises UserError, RuleError.
    """
    names = _names(desk)
    whole_chat, rest = _for_whom(desk, argument, names)
    alert, rest = pointed_alert(desk, rest)
    instead = alert is not None and _INSTEAD.match(rest) is not None
    asked = _taken_apart(desk, "story" if instead else rest, alert, names, whole_chat=whole_chat)
    unclear = question(asked)
    if unclear is not None:
        return unclear
    meant = target(desk, asked)
    pressed = alert is not None and not rest
    mute = _mute(desk, meant, desk.now + PRESSED if pressed else asked.end.until, whole_chat=whole_chat)
    if instead and alert is not None:
        _end_pressed(desk, alert, mute)
    _check_room(desk, mute)
    desk.store.save_mute(mute)
    return _echo(desk, mute, meant[2], alert if pressed else None)


def _for_whom(desk: Desk, argument: str, names: dict[str, str]) -> tuple[bool, str]:
    """Whether it is for the whole chat, and the rest. Raises UserError when that is for others to do."""
    here, speaker = desk.command.destination, desk.command.user
    by_the_chat = speaker.user_id == here.chat_id and not here.user_id  # a channel's own post or press
    rest = _EVERYONE.sub("", argument)
    everyone = by_the_chat or rest != argument
    whom = _FOR_WHOM.search(rest)
    if whom is not None and not set('"“«') & set(rest) and bare(rest) not in names:
        everyone = everyone or whom[1] is not None
        rest = f"{rest[: whom.start()]}{rest[whom.end() :]}".strip()
    if everyone:
        need_right(desk, "mute for everyone")
    return everyone, rest


def _names(desk: Desk) -> dict[str, str]:
    """What a topic can be called by: its name, casefolded, or the number of its rule; names win."""
    rules = [rule for channel in subscribed_channels(desk) for rule in desk.store.rules(channel.id)]
    numbers = {str(rule.number): rule.topic for rule in reversed(rules)}
    return numbers | {rule.topic.casefold(): rule.topic for rule in reversed(rules)}


def _taken_apart(desk: Desk, rest: str, alert: Alert | None, names: dict[str, str], *, whole_chat: bool) -> Asked:
    def is_name(thing: str) -> bool:
        if not thing:
            return alert is not None
        return bare(thing) in names or any(form.match(thing) for form in (SITE, STORY, EVERYTHING))

    as_words = _WORDS.match(rest) is not None and rest.casefold() not in names
    typed = _WORDS.sub("", rest) if as_words else rest
    end = read_end(typed, desk.now, zone_of(desk), (lambda thing: False) if as_words else is_name)
    if as_words and not end.sure:
        end = Ending(thing=typed)
    return Asked(end=end, alert=alert, names=names, whole_chat=whole_chat, as_words=as_words)


def _mute(desk: Desk, meant: Target, until: datetime | None, *, whole_chat: bool) -> Mute:
    kind, name, _ = meant
    here, speaker = desk.command.destination, desk.command.user
    owner = f"chat {here.key}" if whole_chat else f"user {speaker.key}"
    return Mute(
        id=content_id("mute", owner, kind, name.casefold()),
        kind=kind,
        what=name,
        user=None if whole_chat else speaker,
        destination=here if whole_chat else None,
        until=until,
        created_at=desk.now,
    )


def _check_room(desk: Desk, mute: Mute) -> None:
    """Raises UserError when there is no room for another one; another end for one in force takes none."""
    before = desk.store.mute(mute.id)
    if before is not None and (before.until is None or before.until > desk.now):
        return
    if mute.user is None:
        need_room_for_all(desk)
    else:
        need_room(desk, "mutes")


def _end_pressed(desk: Desk, alert: Alert, story: Mute) -> None:
    """End what the buttons of this alert muted, for the same people: the story takes its place; other ends stay."""
    for rule in (desk.store.rule(rule_id) for rule_id in alert.rule_ids):
        if rule is None:
            continue
        owner = f"chat {story.destination.key}" if story.destination else f"user {desk.command.user.key}"
        mute = desk.store.mute(content_id("mute", owner, MuteKind.TOPIC, rule.topic.casefold()))
        if mute is not None and mute.until in (mute.created_at + PRESSED, mute.created_at + LONGER):
            desk.store.remove_mute(mute.id)


def _echo(desk: Desk, mute: Mute, shown: str, pressed: Alert | None) -> Message:
    """`pressed`: the alert whose button was pressed; other ends and things are offered then."""
    here = desk.command.destination
    end = (" until ", say.moment(mute.until)) if mute.until else (" until you unmute it",)
    you = "you" if here.user_id else desk.command.user.name or "you"
    buttons = [] if pressed is None else [Button(label="1 week", command=f"mute alert:{pressed.key} for 1w")]
    if pressed is not None and mute.kind is MuteKind.TOPIC:
        buttons.append(Button(label="This story", command=f"mute alert:{pressed.key} story instead"))
    blocks = [say.text(say.bold("Muted"), f" for {'everyone here' if mute.destination else you}: {shown}", *end, ".")]
    if mute.user is not None and not here.user_id:
        blocks.append(say.meta("Posts in this chat stay for the others; you get no mention and no direct alert."))
    return say.message(*blocks, buttons=buttons)
