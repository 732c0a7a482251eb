"""What a command changes, thing by thing, and how it is taken back."""

from collections.abc import Sequence

from bot.model import Was


def changes(before: Sequence[Was], after: Sequence[Was]) -> tuple[tuple[Was, ...], tuple[Was, ...]]:
    """Those things that are not after it as they were before it: (before, after), in the same order."""
    then = {(was.kind, was.key): was for was in after}
    changed = [was for was in before if is_other(was, then[was.kind, was.key])]
    return tuple(changed), tuple(then[was.kind, was.key] for was in changed)


def is_other(was: Was, now: Was) -> bool:
    """Whether a thing changed between. Of a source that it is there, and its interval: the rest changes by itself."""
    if was.kind in ("source", "subscription", "follow"):
        return (was.there, was.every) != (now.there, now.every)
    return was != now


def changed_since(after: Sequence[Was], now: Sequence[Was]) -> list[Was]:
    """Things that somebody changed once more since a command did: to take that one back would undo theirs, too."""
    return [later for was, later in zip(after, now, strict=True) if is_other(was, later)]


def is_shared(changed: Sequence[Was]) -> bool:
    """Whether it concerns more than the one person who did it."""
    return any(_is_shared(was) for was in changed)


def _is_shared(was: Was) -> bool:
    if was.kind == "mute":
        return was.mute is not None and was.mute.destination is not None
    if was.kind == "preferences":
        return was.chat is not None
    return was.kind != "follow"
