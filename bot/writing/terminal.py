"""How the terminal shows a message: lines of text, wrapped by display cells, safe to print.

Source text cannot move the cursor, set the title or colour anything: escape sequences and control characters are
taken out of every run before a style is put around it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from bot import say
from bot.model import Block, Button, Message, Run

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]"  # the short ones
)
_BREAKS = {"\n", "\r", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}
_JOINERS = {"\u200c", "\u200d"}  # needed by Persian and Indic scripts and by emoji
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_CODES = {  # SGR
    "title": "1",
    "meta": "2",
    "bold": "1",
    "italic": "3",
    "code": "36",
    "hit": "1;30;43",
    "bar": "2",
    "danger": "31",
}
_LEADS = {"quote": ("│ ", "│ "), "item": ("• ", "  ")}


# What is never broken apart (a character with the marks on it, a link), its style (SGR code or empty), its cells.
_Atom = tuple[str, str, int]


def format_message(message: Message, *, color: bool, width: int = 88, newest: bool = False) -> str:
    """The message as lines of at most `width` cells, without a line end after the last.

    Nothing can be answered here: `newest` says that it is the chat's last alert, so that its commands can be typed.
    Code lines and links are never broken, however wide. Hits are `[hit]`, or black on yellow with `color` (ANSI).
    """
    width = max(width, 20)
    button_urls = {button.url for button in message.buttons if button.url}
    lines: list[str] = []
    for block in message.blocks:
        lines += _code_lines(block, color) if block.kind == "code" else _block_lines(block, button_urls, color, width)
    return "\n".join(lines + _button_lines(message.buttons, color, width, newest))


def clean(text: str, *, keep_lines: bool = False) -> str:
    """`text` without escape sequences, control, bidi and invisible characters; line breaks become spaces."""
    return "".join(_clean_characters(_SEQUENCE.sub("", text.replace("\r\n", "\n")), keep_lines))


def _clean_characters(text: str, keep_lines: bool) -> Iterator[str]:
    for character in text:
        if character in _BREAKS:
            yield "\n" if keep_lines and character != "\t" else " "
        elif character in _JOINERS or unicodedata.category(character) not in _UNSEEN:
            yield character


def cells(text: str) -> int:
    """How many columns a terminal gives to `text`: 2 for wide characters, 0 for marks that sit on others."""
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _code_lines(block: Block, color: bool) -> list[str]:
    """Unbroken, because a caret in the next line points at a place in this one."""
    text = clean("".join(run.text for run in block.runs), keep_lines=True)
    return [_paint(f"  {line}".rstrip(), _CODES["code"] if color else "") for line in text.split("\n")]


def _block_lines(block: Block, button_urls: set[str], color: bool, width: int) -> list[str]:
    first, rest = _LEADS.get(block.kind, ("", ""))
    atoms: list[_Atom] = []
    for run, following in zip_longest(block.runs, block.runs[1:]):
        atoms += _run_atoms(run, _CODES.get(block.kind, ""), color)
        if run.url not in button_urls and (following is None or following.url != run.url):
            atoms += _link_atoms(run)
    bar = _CODES["bar"] if color else ""
    return [
        _paint(rest if number else first, bar) + _styled(line, color)
        for number, line in enumerate(_wrapped(atoms, width - cells(first)))
    ]


def _run_atoms(run: Run, base: str, color: bool) -> list[_Atom]:
    text = clean(run.text)
    code = ";".join(dict.fromkeys(filter(None, (base, *(_CODES[style] for style in run.styles)))))
    if "hit" in run.styles:
        code = _CODES["hit"]  # alone: dim or bold from around it would wash it out
        text = text if color or not text.strip() else f"[{text}]"
    atoms: list[_Atom] = []
    for character in text:
        size = _cell(character)
        if not size and atoms:
            atoms[-1] = (atoms[-1][0] + character, code, atoms[-1][2])
        else:
            atoms.append((character, code, size))
    return atoms


def _link_atoms(run: Run) -> list[_Atom]:
    """Where a link leads, in words: not every terminal can hide an address behind text."""
    link = clean(run.url).strip()
    if not link.startswith(("http://", "https://")) or link == run.text.strip():
        return []
    return [(" ", "", 1), (f"<{link}>", _CODES["meta"], cells(link) + 2)]


def _wrapped(atoms: Sequence[_Atom], room: int) -> list[Sequence[_Atom]]:
    """Cut into lines: after a space, or between two wide characters, or, in a word wider than a line, anywhere."""
    lines: list[Sequence[_Atom]] = []
    start = at = used = 0
    good = -1  # where this line may end
    while at < len(atoms):
        text, _, size = atoms[at]
        if at > start and (atoms[at - 1][0] == " " or (size == 2 and atoms[at - 1][2] == 2)):
            good = at
        if used + size > room and at > start and text != " ":
            at = good if good > start else at
            lines.append(_trimmed(atoms[start:at]))
            start, used, good = at, 0, -1
            continue
        used += size
        at += 1
    return [*lines, _trimmed(atoms[start:])]


def _trimmed(line: Sequence[_Atom]) -> Sequence[_Atom]:
    end = len(line)
    while end and line[end - 1][0] == " ":
        end -= 1
    return line[:end]


def _button_lines(buttons: Sequence[Button], color: bool, width: int, newest: bool) -> list[str]:
    lines: list[list[str]] = []
    used = 0
    for button in buttons:
        text = _button(button, newest)
        if not text:
            continue
        size = cells(text) + 1
        if not lines or used + size > width + 1:
            lines.append([])
            used = 0
        lines[-1].append(_paint(text, _CODES["danger"] if color and button.danger else ""))
        used += size
    return [" ".join(line) for line in lines]


def _button(button: Button, newest: bool) -> str:
    """`[Open: https://…]`, `[Mute: /mute last alert]`: what to follow or to type, for nothing can be pressed here.

    Empty where nobody could type it.
    """
    verb = say.verb_of_alert(button) if newest else ""
    does = f"{verb} last alert" if verb else clean(say.typeable(button))
    if not (button.url or does):
        return ""
    return f"[{clean(button.label).rstrip('…')}: {clean(button.url).strip() if button.url else '/' + does}]"


def _styled(line: Sequence[_Atom], color: bool) -> str:
    return "".join(
        _paint("".join(atom[0] for atom in group), code if color else "")
        for code, group in groupby(line, key=lambda atom: atom[1])
    )


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text
