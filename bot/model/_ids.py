"""Ids that are derived from content."""

import hashlib


def content_id(*parts: str) -> str:
    """Sixteen hexadecimal digits derived from `parts`: the same parts give the same id everywhere."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
