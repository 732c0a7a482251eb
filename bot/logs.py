"""Logs on standard error, with every secret cut out, whoever logs it."""

import logging
import re
import sys
from collections.abc import Sequence
from typing import TextIO

import structlog

from bot.config import Settings

HIDDEN = "[secret]"
MOST_A_MINUTE = 10  # records of an event that are written
MINUTE = 60.0
MOST_EVENTS = 1_000  # that are counted at the same time
_TOKEN = re.compile(r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[\w-]{6,}")  # of Slack
_OURS = re.compile(r"""event=(?:'([^']*)'|"([^"]*)")""")  # as structlog writes it below


class Redact(logging.Formatter):
    """Formats as usual, then cuts the secrets out of the finished line, tracebacks included."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return redacted(super().format(record), self._secrets)


class Folding(logging.StreamHandler[TextIO]):
    """Writes the first few of an event in a minute, counts the others, and says how many there were.

    At the limit of open files asyncio alone logs some 3,000 lines a second: that fills a disk, which then is the fault.
    """

    def __init__(self, stream: TextIO, *, most: int = MOST_A_MINUTE) -> None:
        super().__init__(stream)
        self._most = most
        self._counts: dict[tuple[str, int, str], _Count] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it; before it, what was counted in minutes that are over."""
        self._tell(record.created - MINUTE)
        count = self._counts.setdefault(_event(record), _Count(record))
        count.number += 1
        if count.number <= self._most:
            super().emit(record)

    def close(self) -> None:
        """Say what is still counted."""
        self._tell(float("inf"))
        super().close()

    def _tell(self, until: float) -> None:
        """Of the minutes that began before. The oldest go first, for a dict keeps its order."""
        while self._counts:
            key, count = next(iter(self._counts.items()))
            if count.first.created > until and len(self._counts) <= MOST_EVENTS:
                return
            del self._counts[key]
            if (left := count.number - self._most) > 0:
                words = f"{left:,} more like this within a minute: {key[2]}"
                record = logging.LogRecord(count.first.name, count.first.levelno, "", 0, words, None, None)
                super().emit(record)


class _Count:
    """How often an event came since its first record."""

    def __init__(self, first: logging.LogRecord) -> None:
        self.first = first
        self.number = 0


def _event(record: logging.LogRecord) -> tuple[str, int, str]:
    """What makes records the same event: who says it, how grave it is, and the words without what changes in them."""
    words = str(record.msg).partition("\n")[0]
    ours = _OURS.match(words)
    return record.name, record.levelno, (ours[1] or ours[2]) if ours else words[:200]


def redacted(text: str, secrets: Sequence[str]) -> str:
    """`text` with each of `secrets` replaced, and what looks like a token: workspaces' own are in no setting."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _TOKEN.sub(HIDDEN, text) if "xox" in text or "xapp-" in text else text


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that is set, adapters' included."""
    return settings.secrets()


def set_up(settings: Settings, stream: TextIO | None = None) -> None:
    """Send structlog and the libraries' logging through one redacting handler."""
    handler = Folding(stream or sys.stderr)
    handler.setFormatter(Redact(secrets_of(settings)))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
