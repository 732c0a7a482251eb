"""`mute`: silence a topic, a site, a story, or whatever a rule matches."""

import re
from datetime import datetime, timedelta

from bot import say
from bot.commands._common import need_right, parse_here, pointed_alert, subscribed_channels
from bot.errors import UserError
from bot.model import Alert, Button, Message, Mute, MuteKind, content_id
from bot.ports import Desk
from bot.reading.durations import split_end
from rules import parse
from rules.lists import written_out

USAGE = "mute <topic | rule | site:<name> | this story> [for 2h | until mon 9:00]"
SUMMARY = "silence something for you (or `everyone`: for the chat)"
EXAMPLES = (
    "mute troops for 2h",
    'mute "football match" until mon 9:00',
    "mute site:fun.example",
    "mute everyone drills",
)
PRESSED = timedelta(days=1)  # how long the button of an alert mutes

_EVERYONE = re.compile(r"^(?:everyone|everybody)\b\s*", re.IGNORECASE)
_SITE = re.compile(r"^site(?::\s*|\s+)(.+)$", re.IGNORECASE | re.DOTALL)
_STORY = re.compile(r"^(?:this\s+)?story\b\s*", re.IGNORECASE)
_NAMED = re.compile(r"^(?:topic|rule)\s+", re.IGNORECASE)


def run(desk: Desk, argument: str) -> Message:
    """Save the mute and echo its end in absolute time. Raises UserError, RuleError."""
    here, speaker = desk.command.destination, desk.command.user
    by_the_chat = speaker.user_id == here.chat_id and not here.user_id  # a channel's own post or press
    whole_chat = by_the_chat or bool(_EVERYONE.match(argument))
    if whole_chat:
        need_right(desk, "mute for everyone")
    alert, rest = pointed_alert(desk, _EVERYONE.sub("", argument))
    what, until = split_end(rest, desk.now)
    kind, name, shown = _meaning(desk, what, alert)
    if alert is not None and not rest:
        until = desk.now + PRESSED
    owner = f"chat {desk.command.destination.key}" if whole_chat else f"user {desk.command.user.key}"
    mute = Mute(
        id=content_id("mute", owner, kind, name.casefold()),
        kind=kind,
        what=name,
        user=None if whole_chat else desk.command.user,
        destination=desk.command.destination if whole_chat else None,
        until=until,
        created_at=desk.now,
    )
    desk.store.save_mute(mute)
    return _echo(desk, mute, shown, until, alert, pressed=alert is not None and not rest)


def _meaning(desk: Desk, what: str, alert: Alert | None) -> tuple[MuteKind, str, str]:
    """(kind, what is stored, what is shown)."""
    if _STORY.match(what) and not _STORY.sub("", what):
        alert = alert or desk.store.last_alert(desk.command.destination)
        if alert is None:
            raise UserError("Which story? There was no alert here yet.", cure="Answer an alert with: mute this story")
        return MuteKind.STORY, alert.story_id, f"the story “{alert.reports[0].title}”"
    if site := _SITE.match(what):
        return MuteKind.SITE, site[1].strip(), f"everything from {site[1].strip()}"
    if not what:
        return _topic_of_alert(desk, alert)
    name = _NAMED.sub("", what).strip('"“”') if _NAMED.match(what) else what
    for channel in subscribed_channels(desk):
        for rule in desk.store.rules(channel.id):
            if name.strip('"“”').casefold() in (rule.topic.casefold(), str(rule.number)):
                return MuteKind.TOPIC, rule.topic, f"the topic “{rule.topic}”"
    parsed = parse_here(desk, name)
    if not parsed.lists:
        return MuteKind.RULE, name, f"whatever matches {parsed.reading}"
    now = parse(written_out(parsed.node))  # a mute outlives its lists, and silences for people of other channels
    return MuteKind.RULE, str(now), f"whatever matches {parsed.reading}, with the lists as they are now"


def _topic_of_alert(desk: Desk, alert: Alert | None) -> tuple[MuteKind, str, str]:
    if alert is None:
        raise UserError("What shall I mute?", cure=f"For example: {EXAMPLES[0]}")
    rules = [rule for rule_id in alert.rule_ids if (rule := desk.store.rule(rule_id)) is not None]
    if len(rules) == 1:
        return MuteKind.TOPIC, rules[0].topic, f"the topic “{rules[0].topic}”"
    # Several rules made this alert: silencing one of them would leave the alert, so the story is meant.
    return MuteKind.STORY, alert.story_id, f"the story “{alert.reports[0].title}”"


def _echo(desk: Desk, mute: Mute, shown: str, until: datetime | None, alert: Alert | None, *, pressed: bool) -> Message:
    end = (" until ", say.moment(until)) if until else (" until you unmute it",)
    buttons = [Button(label="Undo", command=f"unmute {mute.id}")]
    if pressed and alert is not None:
        buttons += [
            Button(label="1 week", command=f"mute alert:{alert.key} for 1w"),
            Button(label="This story", command=f"mute alert:{alert.key} story"),
        ]
    blocks = [say.text(say.bold("Muted"), f" for {'everyone here' if mute.destination else 'you'}: {shown}", *end, ".")]
    if mute.user is not None and not desk.command.destination.user_id:
        blocks.append(say.meta("Posts in this chat stay for the others; you get no mention and no direct alert."))
    return say.message(*blocks, buttons=buttons)
