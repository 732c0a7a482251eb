"""Reads a regular expression and says what is wrong with one.

The syntax is RE2's and Perl's common part. `\\w`, `\\d`, `\\s` and `\\b` are those of Unicode. What a phone's keyboard
makes of quotes, apostrophes, hyphens and spaces is undone in rules, so each of these stands for all of its kind.
"""

import re
from typing import NoReturn

from rules.regex.parts import Char, Choice, Edge, Part, Repeat, Sequence

LONGEST = 500  # characters
MOST_TIMES = 100  # the n of {n}
DEEPEST = 20  # parentheses inside one another
WORD, DIGIT = r"\p{L}\p{N}\p{M}_", r"\p{Nd}"
SPACE = r"\s\x{b}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_MARKS = r"\x{10fffe}\x{10ffff}"  # of matcher.py: no part of the text
_HIGHEST = 0x10FFFD
_KINDS = ('"“”„‟«»‹›〝〞〟「」『』＂', "'‘’‚‛ʼ＇", "-‐‑‒–—―−－", " \u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
_SAME = {kind[0]: kind for kind in _KINDS}
_SETS = {"w": WORD, "d": DIGIT, "s": SPACE}
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})")
_PROPERTY = re.compile(r"([pP])(?:([A-Z])|\{([A-Za-z_]+)\})")
_TIMES = re.compile(r"\{(\d{1,9})(?:(,)(\d{0,9}))?\}")
_NAMED = re.compile(r"\?P?<[A-Za-z_]\w*>")
_FLAGS = re.compile(r"\(\?[a-zA-Z-]+[:)]")
_SWAPPED = re.compile(r"\(([ims])\?\)")


class Invalid(Exception):  # noqa: N818 - the operator makes a Refusal of it
    """What is wrong, from `start` to `end` of the pattern; `cures` are patterns, best first, "" for none at all."""

    def __init__(self, message: str, start: int, end: int, *cures: str, flags: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.cures, self.flags = message, start, end, cures, flags


def read(pattern: str) -> Part:
    """The parts of a pattern. Raises Invalid."""
    if len(pattern) > LONGEST:
        raise Invalid(f"a regular expression can have {LONGEST} characters at most", LONGEST, len(pattern))
    swapped = _SWAPPED.match(pattern)
    if swapped:
        message = f"{swapped[0]} is an optional {swapped[1]}; to ignore case write i behind the last slash"
        raise Invalid(message, *swapped.span(), pattern[swapped.end() :], flags="i")
    reader = _Reader(pattern)
    part = reader.choice(0)
    if reader.at < len(pattern):
        reader.refuse("this ) has no opening one", reader.at, reader.at + 1, r"\)")
    return part


def escaped(char: str) -> str:
    """The character as RE2 reads it, in a class or outside."""
    return char if char.isalnum() else rf"\x{{{ord(char):x}}}"


class _Reader:
    """Where we are in the pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def refuse(self, message: str, start: int, end: int, *texts: str) -> NoReturn:
        """Raises Invalid; `texts` could stand in the place of what is refused."""
        cures = [self.pattern[:start] + text + self.pattern[end:] for text in texts]
        raise Invalid(message, start, end, *cures)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    # --------------------------------------------------------------------------------------------------------- parts

    def choice(self, depth: int) -> Part:
        """Up to a closing parenthesis or the end."""
        parts = [self._sequence(depth)]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence(depth))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self, depth: int) -> Part:
        parts: list[Part] = []
        while self._next() not in ("", "|", ")"):
            start = self.at
            part = self._atom(depth)
            parts.append(self._repeated(part, start))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self, depth: int) -> Part:
        start, char = self.at, self._next()
        self.at += 1
        if char == "(":
            return self._group(start, depth)
        if char == "[":
            return self._class(start)
        if char == "\\":
            return self._escape(start)
        if char == ".":
            return Char(rf"[^\n{_MARKS}]")
        if char == "^":
            return Edge("^")
        if char == "$":
            return Edge("$")
        if char in "*+?" or (char == "{" and _TIMES.match(self.pattern, start)):
            self.refuse(f"{char} repeats what stands before it, and nothing does", start, self.at, "\\" + char, "")
        return _literal(char)

    def _repeated(self, part: Part, start: int) -> Part:
        at = self.at
        times = _TIMES.match(self.pattern, at)
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._next(), (-1, None))
        if times:
            low, high = int(times[1]), int(times[3]) if times[3] else None if times[2] else int(times[1])
            self._check_times(low, high, times)
        elif low < 0:
            return part
        if isinstance(part, Edge):
            self.refuse("a place between characters cannot be repeated", start, at + 1, self.pattern[start:at])
        self.at = times.end() if times else at + 1
        lazy = self._next() == "?"
        self.at += lazy
        if self._next() in ("*", "+") or (not lazy and self._next() == "?") or _TIMES.match(self.pattern, self.at):
            message = "what is repeated is repeated again; possessive repeats do not exist here and are not needed"
            self.refuse(message, self.at, self.at + 1, "")
        return Repeat(part, low, high, lazy)

    def _check_times(self, low: int, high: int | None, times: re.Match[str]) -> None:
        if max(low, high or 0) > MOST_TIMES:
            self.refuse(f"{times[0][:12]}: {MOST_TIMES} times at most", *times.span(), "+" if low else "*")
        if high is not None and high < low:
            self.refuse(f"{times[0]} ends before it begins", *times.span(), f"{{{high},{low}}}")
        if high == 0:
            self.refuse(f"{times[0]} says never", *times.span(), "?")

    def _group(self, start: int, depth: int) -> Part:
        if depth >= DEEPEST:
            self.refuse(f"parentheses can be {DEEPEST} levels deep at most", start, self.at)
        named = _NAMED.match(self.pattern, self.at)
        if named:
            self.at = named.end()
        elif self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self._next() == "?":
            self._refuse_group(start)
        part = self.choice(depth + 1)
        if self._next() != ")":
            self.refuse("this ( is never closed", start, start + 1, r"\(")
        self.at += 1
        return part

    def _refuse_group(self, start: int) -> NoReturn:
        rest = self.pattern[start : start + 4]
        if rest.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            end = start + (4 if rest[2] == "<" else 3)
            opened = self.pattern[start:end]
            message = f"{opened} looks around, which no linear-time engine can; say it with NEAR or NOT"
            self.refuse(message, start, end, "(?:")
        flags = _FLAGS.match(self.pattern, start)
        if flags:
            bare = self.pattern[:start] + ("(?:" if flags[0][-1] == ":" else "") + self.pattern[flags.end() :]
            message = f"flags stand behind the last slash, and i (ignore case) is the only one, not {flags[0][:12]}"
            raise Invalid(message, *flags.span(), bare, flags="i" if "i" in flags[0].partition("-")[0] else "")
        self.refuse(f"{rest[:3]} is no group that rules know", start, start + len(rest[:3]), "(?:")

    # ---------------------------------------------------------------------------------------------------- characters

    def _escape(self, start: int) -> Part:
        char = self._next()
        self.at += 1
        if char in ("b", "B"):
            return Edge("b" if char == "b" else "B")
        if char and char in "wWdDsS":
            return Char(_whole_set(char))
        named = _PROPERTY.match(self.pattern, self.at - 1)
        if named:
            self.at = named.end()
            return Char(f"[^{_property(named)}{_MARKS}]" if named[1] == "P" else f"[{_property(named)}]")
        return _literal(self._character(start, char))

    def _character(self, start: int, char: str) -> str:
        """What an escape means that stands for one character."""
        code = _CODE.match(self.pattern, self.at - 1)
        if code:
            self.at = code.end()
            point = int(code[1] or code[2] or code[3], 16)
            if point > _HIGHEST or 0xD800 <= point <= 0xDFFF:
                self.refuse(f"{code[0]} is no character", start, self.at, "")
            return chr(point)
        if char in _CONTROL:
            return _CONTROL[char]
        if char.isascii() and char.isdigit():
            message = f"\\{char} would be a back-reference, which no linear-time engine has; write out what is meant"
            self.refuse(message, start, self.at, "")
        if char in ("A", "z", "Z"):
            instead = "^" if char == "A" else "$"
            self.refuse(f"\\{char} is written {instead} here", start, self.at, instead)
        if not char or char.isalnum():
            self.refuse(f"\\{char} is no escape that rules know", start, self.at, char or r"\\")
        return char

    def _class(self, start: int) -> Part:
        negated = self._next() == "^"
        self.at += negated
        items: list[str] = []
        without: list[str] = []  # \W and the like: everything but these
        choices: list[str] = []
        first = True
        while first or self._next() != "]":
            if not self._next():
                self.refuse("this [ is never closed", start, start + 1, r"\[")
            first = False
            self._item(items, without, choices)
        self.at += 1
        if negated:
            return self._negated(start, items, without)
        if without:
            sets = [f"[^{each}{_MARKS}]" for each in without] + ([f"[{''.join(items)}]"] if items else [])
            return Char(f"(?:{'|'.join(sets)})")
        few = tuple(dict.fromkeys(choices)) if len(choices) == len(items) <= 8 else ()
        return Char(f"[{''.join(items)}]", few)

    def _negated(self, start: int, items: list[str], without: list[str]) -> Char:
        """`[^\\W\\d_]` is the usual way to say letters; other double negations are rare."""
        if not without:
            return Char(f"[^{''.join(items)}{_MARKS}]")
        if without != [WORD] or not set(items) <= {DIGIT, escaped("_")}:
            message = "a class that is not what is not this: name the characters that are meant"
            self.refuse(message, start, self.at, r"\w")
        numbers = r"\p{Nl}\p{No}" if DIGIT in items else r"\p{N}"
        return Char(rf"[\p{{L}}\p{{M}}{numbers}{'' if escaped('_') in items else '_'}]")

    def _item(self, items: list[str], without: list[str], choices: list[str]) -> None:
        """One set, character or range of a class."""
        start, char = self.at, self._next()
        self.at += 1
        if char == "[" and self._next() == ":":
            message = "[:names:] are not known here; write \\p{L} for letters, \\d for digits"
            end = self.pattern.find(":]", start)
            self.refuse(message, start, end + 2 if end > 0 else self.at + 1, r"\p{L}")
        if char == "\\":
            escape = self._next()
            self.at += 1
            named = _PROPERTY.match(self.pattern, self.at - 1)
            if named or (escape and escape in "wWdDsS"):
                self.at = named.end() if named else self.at
                (without if escape.isupper() else items).append(_property(named) if named else _SETS[escape.lower()])
                return
            char = "\b" if escape == "b" else self._character(start, escape)
        items.append(self._range(start, char, choices))

    def _range(self, start: int, low: str, choices: list[str]) -> str:
        if self._next() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", ""):
            choices.append(low)
            return _kind(low)
        self.at += 2
        high = self.pattern[self.at - 1]
        if high == "\\":
            self.at += 1
            high = self._character(self.at - 2, self.pattern[self.at - 1 : self.at])
        if high < low:
            swapped = f"{self.pattern[start : self.at][-1:]}-{low}" if low.isalnum() else ""
            self.refuse(f"the range {self.pattern[start : self.at]} ends before it begins", start, self.at, swapped)
        return f"{escaped(low)}-{escaped(min(high, chr(_HIGHEST)))}"


def _property(named: re.Match[str]) -> str:
    return rf"\p{{{named[2] or named[3]}}}"


def _whole_set(name: str) -> str:
    inside = _SETS[name.lower()]
    return f"[^{inside}{_MARKS}]" if name.isupper() else f"[{inside}]"


def _kind(char: str) -> str:
    """The character, or all that look like it, as the inside of a class."""
    return "".join(map(escaped, _SAME.get(char, char)))


def _literal(char: str) -> Char:
    source = f"[{_kind(char)}]" if char in _SAME else escaped(char)
    return Char(source, (char,))
