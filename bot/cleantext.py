"""Cleaning at the door: what may enter the store, the engine and the chats."""

import re
import unicodedata

# Lone surrogates make every later insert fail; NUL and controls break terminals; bidi controls spoof what is read;
# soft hyphens, zero-width spaces and byte order marks split words that people see as one.
_UNWANTED = (
    "\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b\u2060\ufeff\ufffe\uffff\U000e0000-\U000e007f"
)
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNWANTED_ONE, _OTHER_SPACE = re.compile(f"[{_UNWANTED}]"), re.compile(f"[{_SPACES}]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_ANY = re.compile(f"[{_UNWANTED}{_SPACES}\r\u2028\u2029]")  # one look for all of them: most texts have none


def clean_text(text: str) -> str:
    """Text in NFC without surrogates, control, bidi and invisible characters; plain spaces, lines ended by \\n."""
    if _ANY.search(text):
        text = _LINE_END.sub("\n", text)
        text = _OTHER_SPACE.sub(" ", _UNWANTED_ONE.sub("", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
