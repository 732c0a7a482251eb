"""Emoji: each is a word of its own, whatever it is put together from."""

import re

# Pictures that people send; not arrows, boxes, bullets and ™, which stand beside words for looks.
_PICTURES = (
    "\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u2600-\u2775\u2794-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001f0ff\U0001f170-\U0001f19a\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
)
_PART = rf"[{_PICTURES}][\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?\ufe0f?\u20e3?[\U000e0020-\U000e007f]*+"
EMOJI = (
    rf"{_PART}(?:\u200d{_PART})*+|[\U0001f1e6-\U0001f1ff]{{2}}"  # families are joined by \u200d, flags are two letters
)
_STARTS = re.compile(rf"[{_PICTURES}\U0001f1e6-\U0001f1ff]")


def is_emoji(word: str) -> bool:
    """Whether a word, or a character, begins an emoji."""
    return _STARTS.match(word) is not None
