"""What Slack says about blocks, as strictly as its documentation: the judge of what the formatter may produce."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

STYLES = {"bold", "italic", "strike", "code"}
SECTIONS = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}
KEYS = {  # type -> (must have, may have)
    "header": ({"text"}, set()),
    "section": ({"text"}, {"accessory"}),
    "context": ({"elements"}, set()),
    "actions": ({"elements"}, set()),
    "divider": (set(), set()),
    "rich_text": ({"elements"}, set()),
    "rich_text_section": ({"elements"}, set()),
    "rich_text_quote": ({"elements"}, {"border"}),
    "rich_text_preformatted": ({"elements"}, {"border"}),
    "rich_text_list": ({"elements", "style"}, {"indent", "offset", "border"}),
    "text": ({"text"}, {"style"}),
    "link": ({"url"}, {"text", "style", "unsafe"}),
    "user": ({"user_id"}, {"style"}),
    "channel": ({"channel_id"}, {"style"}),
    "date": ({"timestamp", "format"}, {"fallback", "url"}),
    "button": ({"text", "action_id"}, {"value", "url", "style"}),
    "input": ({"label", "element"}, {"dispatch_action", "hint", "optional"}),
    "plain_text_input": (
        {"action_id"},
        {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "placeholder"},
    ),
    "conversations_select": (
        {"action_id"},
        {"default_to_current_conversation", "initial_conversation", "response_url_enabled", "filter", "placeholder"},
    ),
    "plain_text": ({"text"}, {"emoji"}),
    "mrkdwn": ({"text"}, {"verbatim"}),
}
MARKUP = re.compile(r"<[^<>]*>")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def faults(blocks: Any) -> list[str]:
    """Everything that Slack would refuse about a message's blocks, each with its place."""
    total = sum(units(text) for text in texts(blocks))
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks or ()):
        return ["[ERROR] inputs stand in views"]
    return _blocks(blocks, 50) + (["[ERROR] msg_blocks_too_long"] if total > 13_200 else [])


def _blocks(blocks: Any, most: int) -> list[str]:
    if not isinstance(blocks, list):
        return ["[ERROR] blocks must be an array"]
    found = [f"[ERROR] no more than {most} items allowed"] if len(blocks) > most else []
    for number, block in enumerate(blocks):
        found += [f"[ERROR] {fault} [json-pointer:/blocks/{number}]" for fault in _block(block)]
    ids = [one.get("action_id") for block in blocks for one in block.get("elements", []) if one.get("type") == "button"]
    if len(ids) != len(set(ids)):
        found.append("[ERROR] action_id must be unique")
    marks = [block["block_id"] for block in blocks if "block_id" in block]
    found += ["[ERROR] block_id already exists"] if len(marks) != len(set(marks)) else []
    return found + (["[ERROR] block_id too long"] if any(len(mark) > 255 for mark in marks) else [])


def view_faults(view: Any) -> list[str]:
    """Everything that Slack would refuse about a view."""
    if not isinstance(view, dict) or view.get("type") not in ("home", "modal"):
        return ["[ERROR] unsupported type of view"]
    modal = view["type"] == "modal"
    known = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    known |= {"title", "submit", "close", "clear_on_close", "notify_on_close"} if modal else set()
    wrong = [f"[ERROR] additional field: {key}" for key in set(view) - known]
    wrong += _blocks(view.get("blocks"), 100)
    for name, most in (("private_metadata", 3_000), ("callback_id", 255), ("external_id", 255)):
        wrong += [f"[ERROR] {name} too long"] if len(view.get(name, "")) > most else []
    for name in ("title", "submit", "close") if modal else ():
        if name in view or name == "title":
            wrong += [f"[ERROR] {name}: {fault}" for fault in _plain(view.get(name), 24)]
    asks = any(block.get("type") == "input" for block in view.get("blocks") or [])
    return wrong + (["[ERROR] submit is needed with inputs"] if modal and asks and "submit" not in view else [])


def texts(part: Any) -> Iterator[str]:
    """Every text that is shown, wherever in the blocks."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "fallback") and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)


def _keys(part: Any, *kinds: str) -> list[str]:
    if not isinstance(part, dict) or part.get("type") not in kinds:
        return [f"unsupported type: {part.get('type') if isinstance(part, dict) else part!r}"]
    must, may = KEYS[part["type"]]
    there = set(part) - {"type", "block_id"}
    return [f"missing required field: {key}" for key in must - there] + [
        f"additional field: {key}" for key in there - must - may
    ]


def _block(block: Any) -> list[str]:
    if isinstance(block, dict) and block.get("type") == "input":
        return _input(block)
    wrong = _keys(block, "header", "section", "context", "actions", "divider", "rich_text")
    if wrong or block["type"] == "divider":
        return wrong
    if block["type"] == "header":
        return _plain(block["text"], 150)
    if block["type"] == "section":
        return _words(block["text"], 3_000) + (_button(block["accessory"]) if "accessory" in block else [])
    most = {"context": 10, "actions": 25, "rich_text": 50}[block["type"]]
    if not 1 <= len(block["elements"]) <= most:
        return [f"must have 1 to {most} elements"]
    judge = {"context": lambda one: _words(one, 3_000), "actions": _button, "rich_text": _rich}[block["type"]]
    return [fault for one in block["elements"] for fault in judge(one)]


def _input(block: Any) -> list[str]:
    element = block.get("element")
    wrong = _keys(block, "input") + _keys(element, "plain_text_input", "conversations_select")
    if wrong:
        return wrong
    wrong = _plain(block["label"], 2_000) + (_plain(block["hint"], 2_000) if "hint" in block else [])
    wrong += _length(element["action_id"], 255)
    wrong += _plain(element["placeholder"], 150) if "placeholder" in element else []
    most = element.get("max_length", 3_000)
    wrong += [] if 1 <= most <= 3_000 else ["max_length is 1 to 3,000"]
    return wrong + (["initial_value too long"] if units(element.get("initial_value", "")) > most else [])


def _words(part: Any, most: int) -> list[str]:
    return _keys(part, "plain_text", "mrkdwn") or _length(part["text"], most)


def _plain(part: Any, most: int) -> list[str]:
    return _keys(part, "plain_text") or _length(part["text"], most)


def _length(text: Any, most: int) -> list[str]:
    if not isinstance(text, str) or not text.strip():
        return ["must be more than 0 characters"]
    return [f"must be less than {most + 1} characters"] if units(text) > most else []


def _button(part: Any) -> list[str]:
    wrong = _keys(part, "button")
    if wrong:
        return wrong
    wrong = _plain(part["text"], 75) + _length(part["action_id"], 255)
    if "url" in part:
        wrong += _url(part["url"])
    if "value" in part:
        wrong += _length(part["value"], 2_000)
    return wrong + (["invalid style"] if part.get("style", "danger") not in ("danger", "primary") else [])


def _url(url: Any) -> list[str]:
    if not isinstance(url, str) or units(url) > 3_000 or re.search(r"[\s<>|\x00-\x1f]", url):
        return ["invalid url"]
    return [] if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else ["invalid url"]


def _rich(part: Any) -> list[str]:
    wrong = _keys(part, *SECTIONS, "rich_text_list")
    if wrong:
        return wrong
    if part["type"] == "rich_text_list":
        lines = [fault for line in part["elements"] for fault in _keys(line, "rich_text_section") or _section(line)]
        return lines + ([] if part["style"] in ("bullet", "ordered") and part["elements"] else ["invalid list"])
    return _section(part)


def _section(part: Any) -> list[str]:
    if not part["elements"]:
        return ["must have elements"]
    kinds = (
        ("text", "link") if part["type"] == "rich_text_preformatted" else ("text", "link", "user", "channel", "date")
    )
    wrong = [fault for one in part["elements"] for fault in _keys(one, *kinds) or _inline(one)]
    shown = sum(units(text) for text in texts(part["elements"]))
    return wrong + (["must be less than 3001 characters"] if shown > 3_000 else [])


def _inline(part: Any) -> list[str]:
    wrong = [] if set(part.get("style", {})) <= STYLES else ["invalid style"]
    wrong += [] if part.get("style", {"bold": True}) else ["empty style"]
    if "text" in part and (not isinstance(part["text"], str) or not part["text"]):
        wrong.append("text must be more than 0 characters")
    if part["type"] == "link":
        wrong += _url(part["url"])
    if part["type"] == "user" and not re.fullmatch(r"[UW][A-Z0-9]+", part["user_id"]):
        wrong.append("invalid user")
    if part["type"] == "date" and (type(part["timestamp"]) is not int or "{" not in part["format"]):
        wrong.append("invalid date")
    return wrong
