"""`home`: what is yours, on one page: your rules, your mutes, how your sources are. Slack shows it as its App Home."""

from bot import say
from bot.commands._common import paused_mark, subscribed_channels
from bot.commands._health import health
from bot.commands._mutes import describe, ending
from bot.core.alerts import mutes
from bot.model import Block, Button, Channel, Feed, HomeLine, HomePart, Message, Mute, WatchRule
from bot.ports import Desk

USAGE = "home"
SUMMARY = "what is yours: your rules here and in other chats, your mutes, how the sources are"
EXAMPLES = ("home",)
MOST_RULES = 20  # of this chat, and as many of others
MOST_MUTES = 10
MOST_SOURCES = 15


def run(desk: Desk, argument: str) -> Message:
    """All parts as one message."""
    blocks: list[Block] = [say.title("Home")]
    for part in parts(desk):
        blocks.append(say.text(say.bold(part.title)))
        blocks += [line.block for line in part.lines]
        blocks += [part.note] if part.note else []
    buttons = [*say.button("Rules", "rules"), *say.button("Mutes", "mutes"), *say.button("Sources", "sources")]
    return say.message(*blocks, buttons=buttons)


def parts(desk: Desk) -> list[HomePart]:
    """The page in parts, for a platform that has a place for it."""
    return [*_rules(desk), _mutes(desk), _sources(desk)]


def _rules(desk: Desk) -> list[HomePart]:
    """The rules of this chat; in a direct chat also those that its person made elsewhere, which are nobody else's."""
    here = desk.command.destination
    channels = {channel.id: channel for channel in desk.store.channels()}
    rules = [(rule, channels[rule.channel_id]) for rule in desk.store.rules() if rule.channel_id in channels]
    own = [(rule, channel) for rule, channel in rules if channel.home.key == here.key]
    elsewhere = [
        (rule, channel)
        for rule, channel in rules
        if here.user_id and channel.home.key != here.key and rule.owner.key == desk.command.user.key
    ]
    none = say.meta("None yet. For example: ", say.mono('watch "troop deployment" AND Ukraine'))
    title = "Rules of our direct chat" if here.user_id else "Rules of this chat"
    listed = [HomePart(title=title, lines=_shown(own), note=_more(own, MOST_RULES) if own else none)]
    if elsewhere:
        elsewhere.sort(key=lambda pair: (pair[1].home.key, pair[0].number))
        listed.append(
            HomePart(title="My rules in other chats", lines=_shown(elsewhere), note=_more(elsewhere, MOST_RULES))
        )
    return listed


def _shown(rules: list[tuple[WatchRule, Channel]]) -> tuple[HomeLine, ...]:
    return tuple(
        HomeLine(
            block=say.item(
                say.bold(f"{rule.number} “{rule.topic}”"),
                f" of {channel.name}" if channel.name else "",
                *paused_mark(rule),
                ": ",
                say.mono(rule.text),
            ),
            here=channel.home,
            button=Button(label="Edit…", command=f"edit {rule.number}"),
            rule=rule,
        )
        for rule, channel in rules[:MOST_RULES]
    )


def _mutes(desk: Desk) -> HomePart:
    everything = desk.store.mutes(desk.now)
    own = mutes.of_user(everything, desk.command.user)
    lines = tuple(_muted(desk, mute) for mute in own[:MOST_MUTES])
    return HomePart(
        title="My mutes", lines=lines, note=_more(own, MOST_MUTES) if own else say.meta("Nothing is muted.")
    )


def _muted(desk: Desk, mute: Mute) -> HomeLine:
    end = (" until ", say.moment(mute.until)) if mute.until else (" until unmuted",)
    return HomeLine(
        block=say.item(describe(desk, mute), *end),
        here=desk.command.destination,
        button=Button(label="Unmute", command=ending(desk, mute)),
    )


def _sources(desk: Desk) -> HomePart:
    """What this chat reads, what needs somebody first."""
    feeds = {feed.id: feed for channel in subscribed_channels(desk) for feed in desk.store.feeds(channel.id)}
    ordered = sorted(feeds.values(), key=lambda feed: (not _ill(feed), feed.name))
    lines = tuple(
        HomeLine(block=say.item(say.bold(feed.name), f" - {health(desk, feed)}"), here=desk.command.destination)
        for feed in ordered[:MOST_SOURCES]
    )
    none = say.meta("None yet. Add one: ", say.mono("source add <address>"))
    return HomePart(title="Sources", lines=lines, note=_more(ordered, MOST_SOURCES) if ordered else none)


def _ill(feed: Feed) -> bool:
    return feed.failures > 0 or feed.health.silent_since is not None


def _more(all_of_them: list[Feed] | list[Mute] | list[tuple[WatchRule, Channel]], most: int) -> Block | None:
    return say.meta(f"… and {len(all_of_them) - most} more.") if len(all_of_them) > most else None
