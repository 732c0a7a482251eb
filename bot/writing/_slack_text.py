"""Text for Slack: the escaped fallback of a message, addresses and people fit to be named, sizes."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot import say
from bot.cleantext import clean_text
from bot.model import Block, Button, Message, Run

MOST_FALLBACK = 3_900  # `chat.update` takes fewer than 4,000
MOST_URL = 3_000

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LEADS = {"quote": (_ESCAPES[">"], " "), "item": ("•", " ")}
_VERB = re.compile(r"\A/(?!watchword\b)(?=[a-z]+(?:\s|\Z))")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_ADDRESS = re.compile(r"(?:https?://|www\.)?((?:[\w-]+\.)+[^\W\d_]{2,})(?=[/:?#\s]|$)", re.I)


def fallback(message: Message, *, plain: bool, is_alert: bool = False) -> str:
    """The message as escaped text within `MOST_FALLBACK` units: for notifications, screen readers and `plain`.

    `plain` is all that is shown: hits are `[hit]`, the title is followed by its address, buttons are told; those of an
    alert (`is_alert`) can be said in its thread.
    """
    lines = [line for block in message.blocks if (line := "".join(_line(block, plain))).strip()]
    if plain:
        lines += ["".join(escaped(line)) for line in _button_lines(message.buttons, is_alert)]
    else:
        first = next(("".join(run.text for run in block.runs) for block in message.blocks if block.runs), "")
        if not first.startswith(message.gist):  # a gist that says more than the first line stands in its place
            lines[: 1 if first and message.gist.startswith(first) else 0] = ["".join(escaped(message.gist))]
    text = "\n".join(lines).strip()
    return _shortened(text) or "Watchword"


def _line(block: Block, plain: bool) -> Iterator[str]:
    yield from _LEADS.get(block.kind, ())
    url = ""
    for run in block.runs:
        if mentioned(run):
            yield f"<@{user_id(run)}>"
            continue
        text = typed(run.text) if "code" in run.styles else run.text
        yield from escaped(f"[{text}]" if plain and "hit" in run.styles else text)
        url = safe_url(run.url) or url
    if plain and url and block.kind == "title":
        yield from escaped(f"\n{url}")


def _button_lines(buttons: Sequence[Button], is_alert: bool) -> Iterator[str]:
    """The buttons where none can be shown, as far as people can type what they do."""
    for button in buttons:
        label, url, command = clean_text(button.label).strip(), safe_url(button.url), say.typeable(button)
        if url or command:
            yield f"{label}: {url or '/watchword ' + command}"
    verbs = [verb for button in buttons if (verb := say.verb_of_alert(button))]
    if is_alert and verbs:
        yield f"Mention me in this message's thread and say: {say.listed(verbs, most=len(verbs))}"


def typed(text: str) -> str:
    """Something to type, as it is typed here: `/rules` is `/watchword rules`, as an app has one slash command."""
    return _VERB.sub("/watchword ", text)


def escaped(text: str) -> Iterator[str]:
    """The clean characters of `text` as Slack's markup writes them: nothing in it can be read as markup."""
    return (_ESCAPES.get(character, character) for character in clean_text(text))


def _shortened(text: str) -> str:
    """Escaped text within `MOST_FALLBACK` units, cut between characters, never within `&amp;` or `<@U…>`."""
    if units(text) <= MOST_FALLBACK:
        return text
    whole = next(pieces(text, MOST_FALLBACK - 1))
    return re.sub(r"(?:&[a-z]*|<[^>]*)\Z", "", whole).rstrip() + "…"


# ------------------------------------------------------------------------------------------------ people and addresses


def mentioned(run: Run) -> bool:
    """Whether the run names somebody whom Slack knows."""
    return _USER.fullmatch(user_id(run)) is not None


def user_id(run: Run) -> str:
    """Whom the run mentions, if that is a person on Slack."""
    person = run.mention
    return person.user_id if person is not None and person.platform == "slack" else ""


def safe_url(url: str) -> str:
    """`url` fit for a link: http(s) with a host, nobody's name in front of it, nothing unseen in it; else empty."""
    if any(character <= " " or character == "\x7f" for character in url) or clean_text(url) != url:
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    safe = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace('"', "%22")
    return safe if units(safe) <= MOST_URL else ""


def honest(text: str, url: str) -> str:
    """The text of a link to `url`: one that poses as another address says where it leads."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    posed = _ADDRESS.match(text.strip())
    if posed is None or posed[1].lower().removeprefix("www.") == host:
        return text
    return f"{text} [{host}]"


# --------------------------------------------------------------------------------------------------------------- sizes


def units(text: str) -> int:
    """Size in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, most: int) -> str:
    """`text`, or its beginning with an ellipsis, within `most` units."""
    return text if units(text) <= most else next(pieces(text, most - 1)).rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """`text` in parts of at most `most` units, ended after a line or a word where there is one."""
    start = 0
    while start < len(text):
        end = _reach(text, start, most)
        if end < len(text):
            natural = max(text.rfind("\n", start, end), text.rfind(" ", start, end)) + 1
            end = natural if natural - start > most // 2 else end
        yield text[start:end]
        start = end


def _reach(text: str, start: int, most: int) -> int:
    """Where the first `most` units after `start` end."""
    end, size = start, 0
    for character in text[start : start + most]:
        size += 2 if character > "\uffff" else 1
        if size > most:
            break
        end += 1
    return end
