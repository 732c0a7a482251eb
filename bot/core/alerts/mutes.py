"""Whether a mute silences an alert."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from bot.model import Destination, Mute, MuteKind, User, WatchRule
from rules import Document, Rule, RuleError, parse

MOST_PARSED = 4_000  # rules of mutes that are kept: 3,000 in one chat would cost 0.4 s at every hit


def of_user(mutes: Iterable[Mute], user: User) -> list[Mute]:
    """The mutes that this person made for themselves."""
    return [mute for mute in mutes if mute.user is not None and mute.user.key == user.key]


def of_destination(mutes: Iterable[Mute], destination: Destination) -> list[Mute]:
    """The mutes that silence what arrives there: the chat's own, and in a direct chat its person's."""
    person = User(platform=destination.platform, workspace=destination.workspace, user_id=destination.user_id)
    return [
        mute
        for mute in mutes
        if (mute.destination is not None and mute.destination.key == destination.key)
        or (destination.user_id and mute.user is not None and mute.user.key == person.key)
    ]


def silencing(mutes: Sequence[Mute], rule: WatchRule, document: Document, stories: Collection[str]) -> Mute | None:
    """The first of `mutes` that silences this rule's hit in this document, or None. `stories`: the document's, and
    that in whose thread it stands.
    """
    return next((mute for mute in mutes if _silences(mute, rule, document, stories)), None)


def _silences(mute: Mute, rule: WatchRule, document: Document, stories: Collection[str]) -> bool:
    match mute.kind:
        case MuteKind.TOPIC:
            return mute.what.casefold() == rule.topic.casefold()
        case MuteKind.SITE:
            return mute.what.casefold() == document.site.casefold()
        case MuteKind.STORY:
            return mute.what in stories
        case MuteKind.RULE:
            parsed = _parsed(mute.what)
            return parsed is not None and parsed.spans(document) is not None
        case MuteKind.ALL:
            return True


@lru_cache(MOST_PARSED)
def _parsed(text: str) -> Rule | None:
    """None of a rule that was saved by an older language: better an alert too many."""
    try:
        return parse(text)
    except RuleError:
        return None
