"""What a mute is meant for, and what is asked when that is not clear."""

import re
from dataclasses import dataclass

from bot import say
from bot.commands._common import parse_here
from bot.errors import UserError
from bot.model import Alert, Message, MuteKind
from bot.ports import Desk
from bot.reading import verbs
from bot.reading.times import Ending
from rules import parse
from rules.lists import written_out

SITE = re.compile(r"^site(?::\s*|\s+)(\S+)$", re.IGNORECASE)
STORY = re.compile(r"^(?:this\s+)?story$", re.IGNORECASE)
EVERYTHING = re.compile(r"^(?:all|everything|all\s+alerts|alles|все|усе|tout|todo)$", re.IGNORECASE)
NAMED = re.compile(r"^(?:(topic)|rule)\s+(?=\S)", re.IGNORECASE)
Target = tuple[MuteKind, str, str]  # what is stored, and how it is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed, taken apart."""

    end: Ending
    alert: Alert | None
    names: dict[str, str]  # topics and numbers of rules, casefolded -> the topic
    whole_chat: bool
    as_words: bool  # "words" was typed: it is no topic, whatever it is like

    @property
    def topic(self) -> str:
        """The topic that was named, by its name or its rule's number; empty when none was."""
        return self.names.get(bare(self.end.thing), "")


def bare(thing: str) -> str:
    """A name as it is compared: without "topic" and quotes."""
    return NAMED.sub("", thing).strip('"“”').casefold()


# ------------------------------------------------------------------------------------------------------ what is asked


def question(asked: Asked) -> Message | None:
    """What to ask instead of saving a guess; None when it is clear what is meant."""
    end, thing = asked.end, asked.end.thing
    everyone = "everyone " if asked.whole_chat else ""
    if asked.as_words or not thing:
        return None
    if not asked.topic and EVERYTHING.match(thing):
        return None if end.until else _ask_how_long(everyone)
    if not end.sure:
        return _ask_whether_time(asked, everyone)
    if asked.topic or SITE.match(thing) or STORY.match(thing) or bare(thing).isdecimal():
        return None
    near = verbs.mistyped(bare(thing), sorted(set(asked.names.values())))
    return _ask_which(near, asked, everyone) if near else None


def _ask_which(near: str, asked: Asked, everyone: str) -> Message:
    """A topic is called nearly so."""
    thing = NAMED.sub("", asked.end.thing)
    tail = f" {asked.end.words}" if asked.end.words else ""
    return say.message(
        say.text("Did you mean the topic ", say.bold(near), "? Nothing is muted yet."),
        buttons=[
            *say.button(f"Mute {near}", f"mute {everyone}{near}{tail}"),
            *say.button(f"Mute the words “{thing}”", f"mute {everyone}words {thing}{tail}"),
        ],
    )


def _ask_how_long(everyone: str) -> Message:
    return say.message(
        say.text("Mute everything for how long? Nothing is muted yet."),
        say.meta("For example: ", say.mono(f"mute {everyone}everything until monday 9")),
        buttons=[
            *say.button("1 h", f"mute {everyone}everything for 1h"),
            *say.button("8 h", f"mute {everyone}everything for 8h"),
            *say.button("1 day", f"mute {everyone}everything for 1d"),
        ],
    )


def _ask_whether_time(asked: Asked, everyone: str) -> Message:
    """ "red friday": until Friday, or those words?"""
    end = asked.end
    when = ("until ", say.moment(end.until)) if end.until else ("for good",)
    whole = f"{end.thing} {end.words}"
    return say.message(
        say.text(f"Mute “{end.thing}” ", *when, f", or the words “{whole}”? Nothing is muted yet."),
        buttons=[
            *say.button(f"{end.thing} until {end.words}", f"mute {everyone}words {end.thing} until {end.words}"),
            *say.button(f"The words “{whole}”", f"mute {everyone}words {whole}"),
        ],
    )


# ------------------------------------------------------------------------------------------------------- what is meant


def target(desk: Desk, asked: Asked) -> Target:
    """What is to be silent. Raises UserError, RuleError."""
    thing = asked.end.thing
    if not thing:
        return _of_alert(desk, asked)
    if asked.as_words:
        return _words(desk, thing)
    if asked.topic:
        return _topic(asked.topic)
    if STORY.match(thing):
        alert = asked.alert or desk.store.last_alert(desk.command.destination)
        if alert is None:
            raise UserError("Which story? There was no alert here yet.", cure="Answer an alert with: mute this story")
        return _story(alert)
    if site := SITE.match(thing):
        return MuteKind.SITE, site[1], f"everything from {site[1]}"
    if EVERYTHING.match(thing):
        return MuteKind.ALL, "everything", "everything"
    _refuse_unknown(asked)
    return _words(desk, NAMED.sub("", thing).strip('"“”') if NAMED.match(thing) else thing)


def _refuse_unknown(asked: Asked) -> None:
    """Raises UserError for a number of no rule, and for what was called a topic and is none."""
    thing, called = asked.end.thing, NAMED.match(asked.end.thing)
    a_topic = called is not None and bool(called[1])
    name = bare(thing)[:80]
    if not (a_topic or name.isdecimal()):
        return
    topics = ", ".join(sorted(set(asked.names.values()))[:8])
    itself = f"For the word itself: mute words {name}"
    raise UserError(
        f"There is no {'topic' if a_topic else 'rule'} “{name}” here.",
        cure=f"Topics: {topics}. {itself}" if topics else itself,
    )


def _of_alert(desk: Desk, asked: Asked) -> Target:
    alert = asked.alert
    if alert is None:
        words = asked.end.words
        cure = f"For example: mute troops {words or 'for 2h'}."
        if words:
            raise UserError("What shall I mute?", cure=f"{cure} The words themselves: mute words {words}")
        raise UserError("What shall I mute?", cure=cure, ask="mute everyone" if asked.whole_chat else "mute")
    rules = [rule for rule_id in alert.rule_ids if (rule := desk.store.rule(rule_id)) is not None]
    if len(rules) == 1:
        return _topic(rules[0].topic)
    # Several rules made this alert: silencing one of them would leave the alert, so the story is meant.
    return _story(alert)


def _topic(topic: str) -> Target:
    return MuteKind.TOPIC, topic, f"the topic “{topic}”"


def _story(alert: Alert) -> Target:
    return MuteKind.STORY, alert.story_id, f"the story “{alert.reports[0].title}”"


def _words(desk: Desk, text: str) -> Target:
    parsed = parse_here(desk, text)
    if not parsed.lists:
        return MuteKind.RULE, text, f"whatever matches {parsed.reading}"
    now = parse(written_out(parsed.node))  # a mute outlives its lists, and silences for people of other channels
    return MuteKind.RULE, str(now), f"whatever matches {parsed.reading}, with the lists as they are now"
