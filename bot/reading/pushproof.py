"""Is a pushed request from who holds the secret, fresh, and not seen before? Nothing here raises for what was sent."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)  # that a sender's clock may be off, or a request be under way
MOST_SEEN = 600  # requests to one address that are remembered, twice the window long
TIMESTAMP, SIGNATURE = "x-watchword-timestamp", "x-watchword-signature"
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}", re.ASCII)
_HUB_SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})", re.ASCII)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves `body`: HMAC-SHA256 with `secret` over "<timestamp>.<body>"."""
    signed = timestamp.encode("ascii", "replace") + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_from_hub(secret: str, header: str, body: bytes) -> bool:
    """Whether a WebSub hub signed `body` (X-Hub-Signature): SHA-1, as most hubs still do, or a longer one."""
    match = _HUB_SIGNATURE.fullmatch(header.strip())
    if match is None:
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, match[1]).hexdigest(), match[2].lower())


@dataclass(slots=True)
class Seen:
    """Signatures of requests that were let in, each with the second until which it is remembered."""

    until: dict[str, int] = field(default_factory=dict)

    def verdict(self, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[int, str]:
        """(200, the mark to `remember`), or (401 or 429, why not, in words). Header names are lower-case."""
        stamp, signed = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not _TIMESTAMP.fullmatch(stamp):
            return 401, f"The header {TIMESTAMP} must be the time in seconds since 1970."
        if not _SIGNATURE.fullmatch(signed):
            return 401, f"The header {SIGNATURE} must be sha256= and 64 hexadecimal digits."
        if not hmac.compare_digest(signature(secret, stamp, body), signed):
            return 401, "The signature does not fit the body and the secret."
        off = abs(int(stamp) - int(now.timestamp()))
        if off > WINDOW.total_seconds():
            return 401, f"The timestamp is {off} seconds off; {WINDOW.total_seconds():.0f} are let pass."
        self.forget_old(now)
        mark = signed.removeprefix("sha256=")[:24]
        if mark in self.until:
            return 401, "This very request came before."
        if len(self.until) >= MOST_SEEN:
            return 429, f"More than {MOST_SEEN} requests in ten minutes; put several documents into one."
        return 200, mark

    def remember(self, mark: str, now: datetime) -> None:
        """That request was let in."""
        self.until[mark] = int((now + 2 * WINDOW).timestamp())

    def forget_old(self, now: datetime) -> None:
        """Those that their own timestamp refuses by now."""
        self.until = {mark: until for mark, until in self.until.items() if until >= int(now.timestamp())}

    def dumps(self) -> str:
        """As a cursor."""
        return json.dumps(self.until, separators=(",", ":"))


def seen_in(cursor: str) -> Seen:
    """What a cursor remembers; nothing for what is not ours."""
    try:
        seen = json.loads(cursor)
    except (ValueError, RecursionError):
        return Seen()
    if not isinstance(seen, dict) or not all(isinstance(until, int) for until in seen.values()):
        return Seen()
    return Seen(until=seen)
