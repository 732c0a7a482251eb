"""The text of a feed made into XML that a parser can read: control characters, entities, no DTD.

XML parsers drop what they do not know: `caf&eacute;` becomes "caf", `AT&T` ends a title. So that is mended before.
"""

import re
from html.entities import html5

_XML_DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_LEAD = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.S)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
_SUSPECT = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#)\b;?)|&(?:amp|lt|gt|quot|apos)(?!;)")
_AMPERSAND = re.compile(r"&(#?[A-Za-z0-9]{1,40};)?")
_OWN = re.compile(r"&([A-Za-z_][\w.-]{0,40});")
_ENTITY = re.compile(
    r"<!ENTITY\s{1,20}([A-Za-z_][\w.-]{0,40})\s{1,20}(?:\"([^\"&%<]{0,1000})\"|'([^'&%<]{0,1000})')\s{0,20}>"
)
_XML_NAMES = ("amp;", "lt;", "gt;", "quot;", "apos;")


def after_comments(text: str) -> str:
    """The document without the comments before its root element: a feed quoted there is not the feed."""
    match = _LEAD.match(text)
    return _COMMENT.sub("", text[: match.end()]) + text[match.end() :] if match and "<!--" in match[0] else text


def mend(text: str) -> str:
    """XML with UTF-8 as its encoding, without DTD, without characters that XML forbids, with entities spelled out.

    The content of CDATA sections stays as it is, but for forbidden characters.
    """
    text = _NOT_XML.sub("", text[max(text.find("<"), 0) :])
    own = _own_entities(text)
    text = _without_dtd(text)
    declaration = _XML_DECLARATION.match(text)
    if declaration:
        text = text[declaration.end() :].lstrip()
    out = []
    for part, is_cdata in _sections(text):
        if not is_cdata:
            if "&#" in part:
                part = _NUMBER.sub(_number, part)
            if own:
                part = _OWN.sub(lambda match: own.get(match[1], match[0]), part)
            if _SUSPECT.search(part):
                part = _AMPERSAND.sub(_ampersand, part)
        out.append(part)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "".join(out)


def _sections(text: str) -> list[tuple[str, bool]]:
    """Alternating (text, is CDATA section); linear, which a non-greedy regex is not for unclosed sections."""
    sections, position = [], 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            break
        sections += [(text[position:start], False), (text[start : end + 3], True)]
        position = end + 3
    return [*sections, (text[position:], False)]


def _own_entities(text: str) -> dict[str, str]:
    """The plain words that a DTD within the feed gives names to; none when they would make the text much longer.

    What refers to another entity or to a file is refused: that is how a few bytes become gigabytes, or a file a feed.
    """
    start = text[:20_000].find("<!DOCTYPE")
    if start < 0:
        return {}
    own = {name: value or other for name, value, other in _ENTITY.findall(text[start : start + 50_000])}
    grown = sum(len(own.get(name, "")) for name in _OWN.findall(text)) if own else 0
    return own if grown <= max(len(text), 10_000) else {}


def _without_dtd(text: str) -> str:
    """No DOCTYPE and so no entities of the feed's own: they can grow without bound (billion laughs)."""
    start = text[:20_000].upper().find("<!DOCTYPE")
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end:
        closed = re.compile(r"\]\s{0,50}>").search(text, subset)
        end = closed.end() - 1 if closed else end
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _number(match: re.Match[str]) -> str:
    """A numeric reference if XML allows its character; Windows-1252 meanings for 128-159; else nothing."""
    point = int(match[1], 16) if match[1] else int(match[2])
    if 128 <= point <= 159:
        return bytes([point]).decode("cp1252", "ignore")
    if point in (9, 10, 13) or 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or 0x10000 <= point <= 0x10FFFF:
        return f"&#{point};"
    return ""


def _ampersand(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES or name.startswith("#"):
        return match[0]
    meant = html5.get(name, "")
    return meant if meant and not set(meant) & set("&<>\"'") else f"&amp;{name}"
