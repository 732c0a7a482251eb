"""Cleaning at the door: what may enter the store, the engine and the chats."""

import re
import unicodedata

# Lone surrogates make every later insert fail; NUL and controls break terminals; bidi controls spoof what is read;
# soft hyphens, zero-width spaces and byte order marks split words that people see as one.
_UNWANTED = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b\u2060\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
_OTHER_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")


def clean_text(text: str) -> str:
    """Text in NFC without surrogates, control, bidi and invisible characters; plain spaces, lines ended by \\n."""
    text = _LINE_ENDS.sub("\n", text)
    text = _OTHER_SPACES.sub(" ", _UNWANTED.sub("", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
