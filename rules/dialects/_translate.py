"""Reads a source rule, writes it as ours and lists its parts."""

from collections.abc import Callable, Iterable, Sequence

from rules.cures import cure
from rules.dialects._common import Part, Token, Translation, plain_text
from rules.dialects._parser import Tree, read
from rules.dialects._writer import Place, Unsafe, Writer, short
from rules.errors import Refusal, RuleError
from rules.rule import LONGEST_RULE, parse

LONGEST_SOURCE = 2 * LONGEST_RULE  # characters


def translated(
    text: str, tokens: Callable[[str], Iterable[Token]], implicit: Token, *, typed: bool = True
) -> Translation:
    """The translation of one source rule; `typed` makes its quotes plain. Raises RuleError where it cannot be read."""
    if len(text) > LONGEST_SOURCE:
        message = f"a rule can have {LONGEST_SOURCE:,} characters at most, this has {len(text):,}; make two rules of it"
        raise RuleError(message, start=LONGEST_SOURCE, end=len(text), text=text)
    plain = plain_text(text) if typed else text

    def attempt(other: str) -> None:
        read(tokens(other), implicit=implicit, length=len(other))

    try:
        tree, taken = read(tokens(plain), implicit=implicit, length=len(plain))
    except Refusal as refusal:
        raise RuleError(
            refusal.message,
            start=refusal.start,
            end=refusal.end,
            text=text,
            expected=refusal.expected,
            cure=cure(plain, refusal, attempt),
        ) from None
    writer = Writer(text)
    rule, problem = _compose(writer, tree)
    return Translation(rule, tuple(_parts(text, taken, writer)), problem)


def _compose(writer: Writer, tree: Tree) -> tuple[str, str]:
    """(rule, ""), or ("", why there is none)."""
    try:
        made = writer.write(tree, Place())
    except Unsafe as refused:
        return "", str(refused)
    if made is None:
        writer.lose(tree, "nothing is left of the rule")
        return "", "nothing of it can be said here"
    try:
        parse(made.text)
    except RuleError as error:
        return "", f"{error.message}, in: {short(made.text)}"
    return made.text, ""


def _turned(why: str) -> str:
    """The same reason for what must be absent: a term that finds more makes the rule find less."""
    for word, other in (("more", "less"), ("less", "more")):
        if why.endswith((f"finds {word}", f"find {word}")):
            return why[: -len(word)] + other
    return why


def _parts(text: str, tokens: Sequence[Token], writer: Writer) -> Iterable[Part]:
    """Every token once: those of a merged stretch together, the widest stretch counting."""
    stretches = sorted(writer.merged, key=lambda each: (each.start, -each.end))
    end, number = 0, 0
    for token in tokens:
        while number < len(stretches) and (stretches[number].start < end or stretches[number].end <= token.start):
            number += 1
        if token.start < end:
            continue
        if number < len(stretches) and stretches[number].start == token.start and token.end > token.start:
            start, end, verdict, into, why = stretches[number]
            why = _turned(why) if verdict == "changed" and token.start in writer.absent else why
            yield Part(text[start:end], start, end, verdict, into, why)
        elif token.start in writer.joins and token.kind in ("infix", "not"):
            if token.end > token.start:
                yield Part(text[token.start : token.end], token.start, token.end, "lost", "", writer.joins[token.start])
        elif token.end > token.start or token.verdict != "kept":
            end = token.end
            why = _turned(token.why) if token.start in writer.absent else token.why
            yield Part(text[token.start : end], token.start, end, token.verdict, token.into, why)
