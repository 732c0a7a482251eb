"""`import everything`: a chat's export put into this chat; what is there already stays as it is."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot import say
from bot.commands._common import ensure_channel, lists_of, need_right, own_rules, parse_stored, subscribed_channels
from bot.commands._quotas import need_room, need_room_for_all
from bot.core.alerts import topics
from bot.core.alerts.channels import chooser
from bot.core.quotas import Kind
from bot.errors import UserError
from bot.model import Feed, Follow, Message, Mute, MuteKind, Subscription, WatchRule, WordList, content_id
from bot.ports import Desk, Export
from bot.reading import pasted
from bot.reading.imports import takeout
from bot.reading.imports.takeout import WORDS, Line
from rules import Rule, RuleError, parse
from rules.lists import Lists
from rules.operators.lists import NAME
from rules.typed import read_typed

MOST_RULES, MOST_SOURCES, MOST_LISTS = 1000, 500, 100  # in one chat
MOST_FAULTS, MOST_SKIPPED = 8, 12  # that are told
_KINDS: Mapping[str, Kind] = {"rule": "rules", "source": "sources", "list": "lists", "follow": "follows"}
_PLURALS = {"rule": "rules", "list": "lists", "source": "sources", "setting": "settings", "mute": "mutes"}
_WRAPPED = re.compile(r"<(?:https?|mailto):|&(?:amp|lt|gt);|^\w+\s+[“„«]")
_OWN = frozenset({"mute", "follow"})  # which everybody decides for themselves


@dataclass(frozen=True, slots=True)
class Ready:
    """An export that can be read, with each rule's plain form, and those of the rules that the chat had then."""

    lines: Sequence[Line]
    plain: Mapping[int, str]  # by line
    stored: Mapping[tuple[str, str], str]  # by id and text


def ready(desk: Desk, text: str) -> Ready:
    """Outside the writer thread, because many rules take long. Raises UserError that names the lines."""
    lines = takeout.read("\n".join(_as_typed(row) for row in text.strip("\n ").splitlines()))
    if not lines:
        raise UserError("There is nothing in that export.", cure="Below its first line there is a thing on each line.")
    if any(line.word not in _OWN or "everyone" in line.options for line in lines):
        need_right(desk, "import what all share")
    there = dict(lists_of(desk))
    known = {name.casefold() for name in there}
    new = [each for each in lines if each.word == "list" and each.name.casefold() not in known]
    lists = Lists(there | {each.name: each.text for each in new})
    faults, plain = list[str](), dict[int, str]()
    for line in lines:
        try:
            rule = _checked(line, lists)
        except RuleError as error:
            faults.append(f"Line {line.number} ({line.word} “{line.name}”): {error.message}.")
        except UserError as error:
            faults.append(f"Line {line.number}: {error}")
        else:
            plain |= {line.number: str(rule)} if rule is not None else {}
    if faults:
        more = f" And {len(faults) - MOST_FAULTS} more." if len(faults) > MOST_FAULTS else ""
        raise UserError(
            f"Nothing was imported. {' '.join(faults[:MOST_FAULTS])}{more}", cure="Mend these lines, or leave them out."
        )
    return Ready(lines, plain, {(rule.id, rule.text): _written(desk, rule) for rule in own_rules(desk)})


def _as_typed(row: str) -> str:
    """Without Slack's wrapping and a phone's quotes around a name; the spaces before it count."""
    if not _WRAPPED.search(row):
        return row
    indent = row[: len(row) - len(row.lstrip())]
    return indent + read_typed(row.strip()).plain


def _checked(line: Line, lists: Mapping[str, str]) -> Rule | None:
    """A rule's parsed form. Raises RuleError, UserError."""
    until = line.option("until ") or line.option("paused until ")
    if until is not None and takeout.read_moment(until) is None:
        raise UserError(f"“{until}” is no time.", cure="For example: 2026-03-02 15:00Z")
    if line.word == "rule":
        if not line.text or not 0 < len(line.name) <= topics.LONGEST:
            raise UserError(f"A rule has a topic of 1 to {topics.LONGEST} characters, a colon and a text.")
        return parse(line.text, lang=line.option("language ") or "en", lists=lists)
    if line.word == "list":
        if not NAME.fullmatch(line.name) or not line.text.strip():
            raise UserError("A list has a name that a rule can use, a colon and words.")
        parse(f"@{line.name}", lists=lists)
    if line.word == "setting" and takeout.with_setting(takeout.USUAL, line) is None:
        raise UserError(f"“{line.text[:40]}” is nothing that the setting {line.name[:40]} can be.")
    if line.word == "source" and (not line.options or not line.text):
        raise UserError("A source has its kind in brackets, a colon and an address.")
    if line.word == "mute" and not any(kind.value in line.options for kind in MuteKind):
        raise UserError("A mute says in brackets what it is: topic, rule, site or everything.")
    if line.word == "mute" and MuteKind.RULE.value in line.options:
        parse(line.name, lists=lists)
    return None


def _written(desk: Desk, rule: WatchRule) -> str:
    try:
        return str(parse_stored(desk, rule))
    except RuleError:
        return ""


# -------------------------------------------------------------------------------------------------------- putting back


def restore(desk: Desk, made_ready: Ready) -> Message:
    """Save what is not there yet; say what was, line by line. Raises UserError."""
    restoring = _Restoring(desk, made_ready)
    for word in WORDS_IN_ORDER:
        for line in made_ready.lines:
            if line.word == word:
                restoring.put(line)
    restoring.check_room()
    done = [_counted(word, number) for word, number in restoring.done.items()]
    head = f"Imported: {', '.join(done)}" if done else "Nothing was imported: all of it is here already"
    shown = [say.item(text) for text in restoring.skipped[:MOST_SKIPPED]]
    more = len(restoring.skipped) - MOST_SKIPPED
    shown += [say.meta(f"and {more} more that stay as they are")] if more > 0 else []
    return say.message(say.text(say.bold(head), "."), *shown)


WORDS_IN_ORDER = ("list", *(word for word in WORDS if word != "list"))  # rules need their lists


def _counted(word: str, number: int) -> str:
    return say.count(number, word, _PLURALS.get(word, f"{word}s"))


@dataclass(slots=True)
class _Restoring:
    desk: Desk
    made_ready: Ready
    done: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)

    def put(self, line: Line) -> None:
        """Save it, or note why it stays out."""
        put: dict[str, Callable[[Line], str]] = {
            "list": self._list,
            "rule": self._rule,
            "source": self._source,
            "setting": self._setting,
            "channel": self._channel,
            "subscription": self._subscription,
            "mute": self._mute,
            "follow": self._follow,
        }
        if why := put[line.word](line):
            self.skipped.append(f"Line {line.number}: {why}.")
        else:
            self.done[line.word] += 1

    def check_room(self) -> None:
        """Raises UserError when that is too much: then nothing of it is saved."""
        for word, kind in _KINDS.items():
            if self.done[word]:
                need_room(self.desk, kind, more=0)

    def _list(self, line: Line) -> str:
        there = self.desk.store.lists(ensure_channel(self.desk).id)
        same = next((each for each in there if each.name.casefold() == line.name.casefold()), None)
        if same is not None:
            alike = same.text == line.text
            return f"the list {same.name} is here already" + ("" if alike else ", with other words; it stays as it is")
        if len(there) >= MOST_LISTS:
            raise UserError(f"A chat can have {MOST_LISTS} lists.", cure="Remove one first: list remove <name>")
        self.desk.store.save_list(WordList(channel_id=ensure_channel(self.desk).id, name=line.name, text=line.text))
        return ""

    def _rule(self, line: Line) -> str:
        plain = self.made_ready.plain[line.number]
        stored = self.made_ready.stored
        there = own_rules(self.desk)
        for rule in there:
            if plain in (stored.get((rule.id, rule.text)), self._saved.get(rule.id)):
                return f"rule {rule.number} “{rule.topic}” is the same"
        if len(there) >= MOST_RULES:
            raise UserError(f"A chat can have {MOST_RULES} rules.", cure="Remove some first: unwatch <number>")
        channel, until = ensure_channel(self.desk), line.option("paused until ")
        ends = takeout.read_moment(until) if until else None
        paused = "paused" in line.options or (ends is not None and ends > self.desk.now)
        saved = self.desk.store.add_rule(
            WatchRule(
                id=content_id("rule", channel.id, self.desk.command.id, str(line.number)),
                number=0,
                channel_id=channel.id,
                owner=self.desk.command.user,
                topic=line.name,
                text=line.text,
                lang=line.option("language ") or "en",
                enabled=not paused,
                paused_until=ends if paused else None,
                urgent="urgent" in line.options,
                created_at=self.desk.now,
            )
        )
        self._saved[saved.id] = plain
        return ""

    _saved: dict[str, str] = field(default_factory=dict)  # plain forms, by id

    def _source(self, line: Line) -> str:
        """Only of kinds that anybody may name: a folder of this machine is no address."""
        kind, channel = line.options[0], ensure_channel(self.desk)
        there = self.desk.store.feeds(channel.id)
        if self.desk.exports.get(kind, Export.NOT) is Export.NOT:
            return f"a source of the kind {kind[:40]} cannot be taken over here; add it: source add <address>"
        if pasted.identity(line.text) in {pasted.identity(feed.url) for feed in there}:
            return f"{line.name} is read here already"
        if not line.text.startswith(("http://", "https://")):
            return f"{line.text[:60]} is no address"
        if len(there) >= MOST_SOURCES:
            raise UserError(f"A chat can have {MOST_SOURCES} sources.", cure="Remove one first: source remove <number>")
        feed = Feed(
            id=content_id("feed", kind, line.text),
            kind=kind,
            url=line.text,
            title="" if line.name == kind else line.name,
            next_poll_at=self.desk.now,
        )
        self.desk.store.add_feed(feed, channel.id)
        seconds = (line.option("every ") or "").removesuffix("s")
        if seconds.isdecimal() and 60 <= int(seconds) <= 604_800:
            self.desk.store.set_pace(channel.id, feed.id, timedelta(seconds=int(seconds)))
        return ""

    def _setting(self, line: Line) -> str:
        whose = chooser(self.desk.command.destination)
        before = self.desk.store.preferences(whose)
        after = takeout.with_setting(before, line)
        assert after is not None, "checked before"
        if after == before:
            return f"{line.name} is {line.text} already"
        if line.name == "snooze" and after.snoozed_until is not None and after.snoozed_until <= self.desk.now:
            return "that snooze is over"
        self.desk.store.save_preferences(whose, after)
        return ""

    def _channel(self, line: Line) -> str:
        own = ensure_channel(self.desk)
        if own.public:
            return f"this chat is published already, as {own.name}"
        if self.desk.store.channel_named(line.name) is not None:
            return f"the name {line.name} is another chat's; publish this one with: publish <name>"
        self.desk.store.save_channel(replace(own, name=line.name, public=True))
        return ""

    def _subscription(self, line: Line) -> str:
        channel = self.desk.store.channel_named(line.name)
        own = ensure_channel(self.desk)
        if channel is None or not channel.public or channel.id == own.id:
            return f"no channel {line.name} is published here"
        here = self.desk.command.destination
        fresh = self.desk.store.subscribe(Subscription(destination=here, channel_id=channel.id))
        if fresh:
            need_room(self.desk, "subscriptions", more=0)
        return "" if fresh else f"this chat gets {line.name} already"

    def _mute(self, line: Line) -> str:
        kind = next(kind for kind in MuteKind if kind.value in line.options)
        until, here, asker = line.option("until "), self.desk.command.destination, self.desk.command.user
        ends = takeout.read_moment(until) if until else None
        shared = "everyone" in line.options
        if kind is MuteKind.STORY or (ends is not None and ends <= self.desk.now):
            return "that mute is over" if ends else "a story is of the Watchword that has it"
        owner = f"chat {here.key}" if shared else f"user {asker.key}"
        mute = Mute(
            id=content_id("mute", owner, kind, line.name.casefold()),
            kind=kind,
            what=line.name,
            user=None if shared else asker,
            destination=here if shared else None,
            until=ends,
            created_at=self.desk.now,
        )
        before = self.desk.store.mute(mute.id)
        if before is not None and (before.until is None or before.until > self.desk.now):
            return f"{line.name} is muted already"
        if shared:
            need_room_for_all(self.desk)
        else:
            need_room(self.desk, "mutes")
        self.desk.store.save_mute(mute)
        return ""

    def _follow(self, line: Line) -> str:
        topic = next((each for each in self._topics() if each.casefold() == line.name.casefold()), None)
        if topic is None:
            return f"no rule here has the topic {line.name}"
        here, asker = self.desk.command.destination, self.desk.command.user
        fresh = self.desk.store.follow(Follow(user=asker, destination=here, topic=topic))
        return "" if fresh else f"you follow {topic} already"

    def _topics(self) -> Iterator[str]:
        for channel in subscribed_channels(self.desk):
            for rule in self.desk.store.rules(channel.id):
                yield rule.topic
