"""`why not`: what kept a document from becoming an alert here, rule by rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from bot import say
from bot.addresses import canonical_url, opened_url
from bot.commands._changes import Change, change_button, mark_of
from bot.commands._common import lists_of, own_id, parse_stored, subscribed_channels
from bot.core.alerts.alerting import alert_key
from bot.core.stories.facts import recalled
from bot.errors import UserError
from bot.model import Block, Button, Feed, LedgerLine, Message, Mute, MuteKind, Reason, Run, StoredDocument, WatchRule
from bot.ports import Desk
from rules import Rule, RuleError, explain
from rules.edits import Change as Edit
from rules.nearest import MOST_TRIED, nearest_miss

MOST_MISSES = 5
MOST_RULES = 200  # that are looked at
_MOST_TITLES = 2000  # newest documents whose titles are looked through
_EXPLAINED = 2  # misses that are shown part by part
_FAR = 1 << 30
_FARTHEST = 200  # what costs more, four words taken away for example, is another rule
_USUAL = 4000  # characters of a usual report
_ADDRESS = re.compile(r"<?(https?://[^\s<>|]+|[^\s<>|/\"]+\.[^\s<>|/\"]+/[^\s<>|]*)(?:\|[^>]*)?>?", re.IGNORECASE)
_KNOWN = re.compile(r"doc:(\S+)(?: take:([0-9a-f]{8}))?$")
_BEFORE = timedelta(days=1)

_BECAME = {
    Reason.NEW_SOURCE: "it joined the alert of its story as another source",
    Reason.NEW_RULE: "the alert of its story was there, and names this rule since",
    Reason.UPDATED: "it is a newer version of a report, and the alert shows it in place of the older one",
    Reason.DUPLICATE: "the alert of its story names this source already, so nothing was sent again",
    Reason.OLD: "it is old: published long before it came, or a version of what was there when the source was added",
    Reason.FIRST_POLL: "it was there when the source was added: what is there already is archived, not alerted",
    Reason.FAILED: "its alert could not be delivered",
}


@dataclass(frozen=True, slots=True)
class _Miss:
    """A rule that is false of the document, with what would make it true."""

    rule: WatchRule
    parsed: Rule
    nearest: Edit | None

    @property
    def distance(self) -> int:
        return self.nearest.cost if self.nearest else _FAR


def why_not(desk: Desk, words: str) -> Message | Change:
    """The closest misses with the change that would have made them hits, and what became of hits; or that change,
    where `take:` asks for it. Writes nothing. Raises UserError.
    """
    known = _KNOWN.match(words)
    stored = _document_here(desk, desk.store.document(known[1])) if known else _find(desk, words)
    if stored is None:
        raise UserError("That document is not in the archive any more.", cure="Ask again: why not <address>")
    rules = _rules(desk)
    if not rules:
        raise UserError("This chat has no rules yet.", cure="Make one: watch troops AND Ukraine")
    stored = replace(stored, document=recalled(stored, desk.store.story_documents(stored.story_id)))
    hits, misses = _sorted(desk, stored, rules[:MOST_RULES])
    if known and known[2]:
        return _take(desk, misses, known[2])
    return _answer(desk, stored, hits, misses)


def _rules(desk: Desk) -> list[WatchRule]:
    """Those that this chat gets, its own first."""
    own = own_id(desk)
    ids = sorted((channel.id for channel in subscribed_channels(desk)), key=lambda channel_id: channel_id != own)
    return [rule for channel_id in ids for rule in desk.store.rules(channel_id)]


# ------------------------------------------------------------------------------------------------- finding the document


def _find(desk: Desk, words: str) -> StoredDocument | None:
    if not words:
        raise UserError("Which report?", cure="Give its address: why not https://example.org/news")
    address = _ADDRESS.fullmatch(words)
    return _by_address(desk, address[1]) if address else _by_title(desk, words.strip(' "“”„«»'))


def _by_address(desk: Desk, typed: str) -> StoredDocument:
    whole = typed if "://" in typed else f"https://{typed}"
    url = canonical_url(whole)
    stored = _document_here(desk, desk.store.document_by_url(opened_url(whole)) or desk.store.document_by_url(url))
    if stored is not None:
        return stored
    feeds = [feed for channel in subscribed_channels(desk) for feed in desk.store.feeds(channel.id)]
    host = urlsplit(url).hostname or typed
    same = [feed for feed in feeds if _host(feed.url) and _host(feed.url) in (host, host.removeprefix("www."))]
    if same:
        raise UserError(
            f"{url} is not in the archive: {_name(same[0])} is read here, and did not bring it.",
            cure="A feed holds only what its site puts there; see how it is: sources",
        )
    cure = f"To have that site read: source add {host}"
    if not feeds:
        raise UserError(f"{url} is not in the archive: this chat reads nothing yet.", cure=cure)
    read = say.listed([_name(feed) for feed in feeds])
    raise UserError(f"{url} is not in the archive. This chat reads {read}.", cure=cure)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _name(feed: Feed) -> str:
    return feed.name


def _document_here(desk: Desk, stored: StoredDocument | None) -> StoredDocument | None:
    """The document, if one of this chat's sources gave it: the archive has the documents of other chats, too."""
    if stored is None:
        return None
    feeds = (feed for channel in subscribed_channels(desk) for feed in desk.store.feeds(channel.id))
    given = any(desk.store.known_documents(feed.id, [stored.document.id]) for feed in feeds)
    return stored if given else None


def _by_title(desk: Desk, part: str) -> StoredDocument:
    ids = [channel.id for channel in subscribed_channels(desk)]
    wanted = " ".join(part.casefold().split())
    for stored in desk.store.channel_documents(ids, limit=_MOST_TITLES):
        if wanted and wanted in " ".join(stored.document.title.casefold().split()):
            return stored
    raise UserError(
        f"None of the {_MOST_TITLES:,} newest reports here has “{part}” in its title.",
        cure="Give the report's address: why not https://example.org/news",
    )


# -------------------------------------------------------------------------------------------------------- the answer


def _sorted(desk: Desk, stored: StoredDocument, rules: Sequence[WatchRule]) -> tuple[list[WatchRule], list[_Miss]]:
    """The rules that are true of it, and the others, the closest first."""
    hits, misses = [], []
    tried = max(30, MOST_TRIED * _USUAL // (_USUAL + len(stored.document.body)))  # a long text takes longer to try on
    for rule in rules:
        try:
            parsed = parse_stored(desk, rule)
        except RuleError:  # saved by another version's language; `rules` shows it
            continue
        if parsed.spans(stored.document) is not None:
            hits.append(rule)
        else:
            lists = lists_of(desk, rule.channel_id)
            nearest = nearest_miss(parsed, stored.document, lists=lists, most_tried=tried)
            misses.append(_Miss(rule, parsed, nearest if nearest and nearest.cost <= _FARTHEST else None))
    return hits, sorted(misses, key=lambda miss: (miss.distance, miss.rule.number))


def _take(desk: Desk, misses: Sequence[_Miss], mark: str) -> Change:
    for miss in misses:
        if miss.nearest and miss.rule.channel_id == own_id(desk) and mark == mark_of(miss.rule, miss.nearest.text):
            return Change.to(desk, miss.rule, miss.nearest.text)
    raise UserError("That rule was changed since.", cure="Ask again: why not <address>")


def _answer(desk: Desk, stored: StoredDocument, hits: Sequence[WatchRule], misses: Sequence[_Miss]) -> Message:
    document = stored.document
    site = f"{document.site}, " if document.site else ""
    blocks = [
        say.text(say.bold("Why not: "), Run(text=document.title or "Untitled", url=document.url)),
        say.meta(f"{site}read ", say.moment(stored.seen_at)),
    ]
    if hits:
        lines = desk.store.ledger(desk.command.destination, since=stored.seen_at - _BEFORE)
        mine = [line for line in lines if line.document_id == document.id]
        blocks += [_hit(desk, stored, rule, mine) for rule in hits[:MOST_MISSES]]
    buttons: list[Button] = []
    near = [miss for miss in misses if miss.nearest][:MOST_MISSES]
    for number, miss in enumerate(near):
        blocks += _miss(desk, stored, miss, full=number < _EXPLAINED)
        if miss.nearest and miss.rule.channel_id == own_id(desk):
            asked = f"why not doc:{document.id}"
            buttons.append(change_button(f"Change rule {miss.rule.number}", miss.rule, miss.nearest.text, asked))
    far = len(misses) - len(near)
    if far:
        what = say.count(far, "other rule") if near or hits else say.count(far, "rule")
        blocks.append(say.meta(f"No small change would make {what} match it."))
    return say.message(*blocks, buttons=buttons)


def _miss(desk: Desk, stored: StoredDocument, miss: _Miss, *, full: bool) -> list[Block]:
    assert miss.nearest is not None
    blocks = [say.text(say.bold(f"Rule {miss.rule.number} “{miss.rule.topic}”"), f" misses it: {miss.nearest.why}.")]
    if full:
        blocks.append(say.code("\n".join(explain(miss.parsed, stored.document).lines())))
    blocks.append(say.text("It would match as ", say.mono(miss.nearest.text)))
    return blocks


def _hit(desk: Desk, stored: StoredDocument, rule: WatchRule, lines: Sequence[LedgerLine]) -> Block:
    """A rule that is true of it, and what became of that."""
    name = say.bold(f"Rule {rule.number} “{rule.topic}”")
    line = next((line for line in lines if rule.id in line.rule_ids), None)
    if line is None:
        return say.text(name, " matches it: ", _never_matched(rule, stored), ".")
    if line.reason is Reason.NEW_STORY:
        alert = desk.store.alert(alert_key(desk.command.destination, stored.story_id))
        arrived = "its alert was sent" if alert is None or alert.message_id else "its alert waits to be sent"
        return say.text(name, f" matches it: {arrived}, raised ", say.moment(line.at), ".")
    if line.reason is Reason.MUTED:
        mute = next((mute for mute in desk.store.mutes(desk.now) if mute.id == line.detail), None)
        return say.text(name, " matches it: ", *_muted(mute), ".")
    return say.text(name, f" matches it: {_BECAME.get(line.reason, line.reason.value)} (", say.moment(line.at), ").")


def _never_matched(rule: WatchRule, stored: StoredDocument) -> str:
    if not rule.enabled:
        return "but the rule is paused"
    if rule.created_at > stored.seen_at:
        return "but it was read before the rule was made, and only what comes later is alerted"
    return "but it was read before the rule was changed, or before this chat got its source or channel"


def _muted(mute: Mute | None) -> list[str | Run]:
    if mute is None:
        return ["but it was muted, by a mute that has ended since"]
    what = {MuteKind.STORY: "its story", MuteKind.ALL: "everything"}.get(mute.kind, f"“{mute.what}”")
    until: tuple[str | Run, ...] = (" until ", say.moment(mute.until)) if mute.until else ()
    return [f"but {what} is muted", *until]
