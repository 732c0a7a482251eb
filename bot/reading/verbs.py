"""Splitting what was typed into a verb and its argument."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

_WORD = re.compile(r"\s*/?([^\W\d_]+)(?=\s|$)(.*)", re.DOTALL)


# What people type for what we call otherwise: a verb -> the commands that it can mean, `*` for what follows it.
MEANT = {
    "delete": ("unwatch *", "source remove *"),
    "remove": ("unwatch *", "source remove *"),
    "rm": ("unwatch *", "source remove *"),
    "del": ("unwatch *", "source remove *"),
    "stop": ("snooze 8h", "mute everything for 8h", "rules"),
    "off": ("snooze 8h", "mute everything for 8h", "rules"),
    "silence": ("mute *", "snooze 8h"),
    "shut": ("snooze 8h",),
    "leave": ("unsubscribe *", "channels"),
    "unsub": ("unsubscribe *",),
    "sub": ("subscribe *",),
    "add": ("source add *", "watch *"),
    "feed": ("source add *", "sources"),
    "feeds": ("sources",),
    "rss": ("source add *", "sources"),
    "new": ("watch *",),
    "alert": ("watch *",),
    "track": ("watch *",),
    "monitor": ("watch *",),
    "keyword": ("watch *",),
    "keywords": ("rules",),
    "find": ("search *", "test *"),
    "archive": ("search *",),
    "ls": ("rules", "sources"),
    "show": ("rules", "sources"),
    "watches": ("rules",),
    "alerts": ("rules", "missed"),
    "log": ("changes", "missed"),
    "history": ("changes", "missed"),
    "audit": ("changes",),
    "ledger": ("missed",),
    "back": ("undo",),
    "revert": ("undo",),
    "restore": ("undo",),
    "config": ("settings",),
    "configure": ("settings",),
    "options": ("settings",),
    "preferences": ("settings",),
    "tz": ("timezone *",),
    "zone": ("timezone *",),
    "lang": ("language *",),
    "sleep": ("snooze *", "quiet 22:00-07:00"),
    "dnd": ("quiet 22:00-07:00", "snooze 8h"),
    "summary": ("digest daily 8:00", "stats"),
    "statistics": ("stats",),
    "hello": ("start", "help"),
    "hi": ("start", "help"),
    "hey": ("start", "help"),
    "commands": ("help",),
    "menu": ("help",),
    "enable": ("resume *",),
    "disable": ("pause *",),
    "unpause": ("resume *",),
    "backup": ("export",),
    "whoami": ("settings",),
}


def meant(verb: str, rest: str) -> list[str]:
    """Commands of ours that somebody can mean who types another verb, with what follows it; the likeliest first.

    An address behind it is a source's; anything else a rule's.
    """
    commands = [form.replace("*", rest).strip() for form in MEANT.get(verb, ())]
    if "://" in rest or re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", rest):
        commands.sort(key=lambda command: not command.startswith("source"))
    return commands


def split(text: str) -> tuple[str, str]:
    """`/Watch  troops ` -> (`watch`, `troops`). The verb is empty when the text begins with something else."""
    match = _WORD.match(text)
    return (match[1].casefold(), match[2].strip()) if match else ("", text.strip())


def mistyped(words: str, names: Sequence[str]) -> str:
    """The name that differs from `words` by a letter or two, or an empty string."""
    plain = {name.casefold(): name for name in names}
    best = process.extractOne(words.casefold(), list(plain), scorer=fuzz.ratio, score_cutoff=75)
    return plain[str(best[0])] if best else ""


def nearest(verb: str, names: Sequence[str]) -> str:
    """The known verb that was probably meant, or an empty string."""
    best = process.extractOne(verb, names, scorer=fuzz.WRatio, score_cutoff=60)
    return str(best[0]) if best else ""
