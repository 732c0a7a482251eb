"""Logs on standard error, with every secret cut out, whoever logs it."""

import logging
import sys
from collections.abc import Sequence
from typing import TextIO

import structlog

from bot.config import Settings

HIDDEN = "[secret]"


class Redact(logging.Formatter):
    """Formats as usual, then cuts the secrets out of the finished line, tracebacks included."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return redacted(super().format(record), self._secrets)


def redacted(text: str, secrets: Sequence[str]) -> str:
    """`text` with each of `secrets` replaced."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that is set, adapters' included."""
    return settings.secrets()


def set_up(settings: Settings, stream: TextIO | None = None) -> None:
    """Send structlog and the libraries' logging through one redacting handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
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
