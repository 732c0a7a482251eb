"""From bytes to text: which encoding they are in, as browsers find it out."""

import codecs
import re
import zlib

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages call Latin-1 is Windows-1252 in truth (WHATWG encoding standard).
_REAL = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
REPLACED = "\ufffd"


_MAX_UNPACKED = 10_000_000  # bytes: a bomb is unpacked no further
_C1 = re.compile("[\x80-\x9f]")
_MEANT = {ord(sign): bytes([ord(sign)]).decode("cp1252", "ignore") for sign in map(chr, range(0x80, 0xA0))}


def unpacked(body: bytes) -> bytes:
    """The content of a gzip or zlib stream that arrived without a header to say so; any other body as it is."""
    if not body.startswith((b"\x1f\x8b\x08", b"x\x9c", b"x\xda")):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        return unpacker.decompress(body, _MAX_UNPACKED) or body
    except zlib.error:
        return body


def windows_signs(text: str) -> str:
    """C1 controls are Windows-1252 in truth: U+0096 is a dash (so browsers read `&#150;`, too)."""
    return text.translate(_MEANT) if _C1.search(text) else text


def decode(body: bytes, content_type: str) -> str:
    """The text of `body`. A byte order mark decides, then valid UTF-8, the document's own word, the server's, a guess.

    Never fails: bytes that do not fit become U+FFFD.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if body[:4] in (b"<\0\0\0", b"\0\0\0<"):
        return body.decode("utf-32-le" if body[:1] == b"<" else "utf-32-be", "replace")
    if body[:1] == b"<" and body[1:2] == b"\0":
        return body.decode("utf-16-le", "replace")
    if body[:2] == b"\0<":
        return body.decode("utf-16-be", "replace")
    declared = _DECLARED.search(body[:1000])
    named = [declared[1].decode("ascii")] if declared else []
    named += _CHARSET.findall(content_type)[:1]
    stateful = [name for name in named if name.lower().startswith(("iso-2022", "hz", "utf-7"))]
    for name in (*stateful[:1], "utf-8", *named):
        try:
            return body.decode(_REAL.get(name.lower(), name))
        except (LookupError, UnicodeError, ValueError):
            continue
    try:
        return body.decode(_guess(body, named), "replace")
    except (LookupError, UnicodeError, ValueError):  # a codec that is none of text: rot13, idna, undefined
        return body.decode("cp1252", "replace")


def _guess(body: bytes, named: list[str]) -> str:
    """The likeliest encoding of bytes that are not what they are said to be."""
    damaged = body.decode("utf-8", "replace").count(REPLACED)
    if damaged * 20 < len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", body)) or (damaged < 3 and not named):
        return "utf-8"  # UTF-8 with a few broken characters
    from resiliparse.parse.encoding import detect_encoding

    for name in (*named, str(detect_encoding(body))):
        try:
            if codecs.lookup(name).name == "utf-8":  # it was tried
                continue
            return _REAL.get(name.lower(), name)
        except LookupError:
            continue
    return "cp1252"
