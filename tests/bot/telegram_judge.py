"""Telegram's own text code (TDLib, offline through tdjson) as the judge of what we send."""

import json
from functools import cache
from typing import Any

Json = dict[str, Any]

KINDS = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "code": "Code", "pre": "Pre", "text_link": "TextUrl",
    "blockquote": "BlockQuote", "expandable_blockquote": "ExpandableBlockQuote", "text_mention": "MentionName",
    "date_time": "DateTime",
}  # fmt: skip
DEAD = {"Code", "Pre", "TextUrl"}  # Telegram looks for nothing inside these
NUMBERS = {"BankCardNumber", "MediaTimestamp"}  # what an app may offer to copy
MARKDOWN = "*_~|`[]"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def part(text: str, offset: int, length: int) -> str:
    """Strict: a halved character raises."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@cache
def _quiet() -> None:
    """TDLib logs each request otherwise."""
    import tdjson

    tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')


def ask(kind: str, **arguments: Any) -> Json:
    import tdjson

    _quiet()
    answer = tdjson.td_execute(json.dumps({"@type": kind, **arguments}).encode())
    assert answer is not None
    read: Json = json.loads(answer)
    return read


def kind_of(entity: Json) -> str:
    return str(entity["type"]["@type"]).removeprefix("textEntityType")


def found_in(text: str) -> list[tuple[str, int, int]]:
    """(kind, start, end) of all that Telegram makes out of bare text by itself."""
    found = ask("getTextEntities", text=text)["entities"]
    return [(kind_of(one), one["offset"], one["offset"] + one["length"]) for one in found]


def alive(payload: Json) -> list[str]:
    """What can be pressed in a message although we made no link of it."""
    text = payload["text"]
    dead = [one for one in payload.get("entities", []) if KINDS[one["type"]] in DEAD]
    covered = {place for one in dead for place in range(one["offset"], one["offset"] + one["length"])}
    return [
        part(text, start, end - start)
        for kind, start, end in found_in(text)
        if kind not in NUMBERS and not covered & set(range(start, end))
    ]


def looks(entities: list[Json]) -> set[tuple[int, str]]:
    """Which unit has which look, of our entities or of Telegram's."""
    return {
        (place, KINDS.get(one["type"], "") if isinstance(one["type"], str) else kind_of(one))
        for one in entities
        for place in range(one["offset"], one["offset"] + one["length"])
    }


def accepted(payload: Json) -> Json:
    """The message as Telegram keeps it: text and entities, or its error. Text without `MARKDOWN` only."""
    entities = [
        {"@type": "textEntity", "offset": one["offset"], "length": one["length"], "type": _type(one)}
        for one in payload.get("entities", [])
    ]
    return ask("parseMarkdown", text={"@type": "formattedText", "text": payload["text"], "entities": entities})


def _type(one: Json) -> Json:
    made: Json = {"@type": f"textEntityType{KINDS[one['type']]}"}
    if one["type"] == "text_link":
        made["url"] = one["url"]
    if one["type"] == "text_mention":
        made["user_id"] = one["user"]["id"]
    if one["type"] == "date_time":
        made["unix_time"] = one["unix_time"]
    return made


def linked(url: str) -> str:
    """The address that Telegram makes of a link's, empty when it takes none."""
    escaped = url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    answer = ask("parseTextEntities", text=f'<a href="{escaped}">x</a>', parse_mode={"@type": "textParseModeHTML"})
    return str(next((one["type"]["url"] for one in answer.get("entities", []) if kind_of(one) == "TextUrl"), ""))
