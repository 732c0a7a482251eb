"""Is this request Slack's, and new? What bolt leaves open: it takes exact replays and fails on malformed headers."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime

from slack_sdk.signature import Clock, SignatureVerifier

WINDOW = 300  # seconds either way
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Gate:
    """Lets each signed request in once. Only signed ones are remembered, so a stranger cannot fill the memory."""

    def __init__(self, signing_secret: str) -> None:
        self._clock = _SetClock()
        self._verifier = SignatureVerifier(signing_secret, self._clock)
        self._seen: OrderedDict[str, float] = OrderedDict()  # signature -> until when it must be remembered

    def admits(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Whether the signature is right, at most five minutes old and not seen before. Header names are lower-case."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        self._clock.seconds = now.timestamp()
        try:
            if not self._verifier.is_valid(body, timestamp, signature):
                return False
        except UnicodeDecodeError:
            return False
        self._forget_old(self._clock.seconds)
        if signature in self._seen:
            return False
        self._seen[signature] = self._clock.seconds + 2 * WINDOW  # a timestamp may lie five minutes ahead
        return True

    def forget(self, headers: Mapping[str, str]) -> None:
        """That request was not carried out: let it in again."""
        self._seen.pop(headers.get("x-slack-signature", ""), None)

    def _forget_old(self, now: float) -> None:
        while self._seen and next(iter(self._seen.values())) < now:
            self._seen.popitem(last=False)


class _SetClock(Clock):
    """The verifier's clock shows what it is told."""

    seconds = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return self.seconds
