"""What brings text in: the web, the killable worker, the sources."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from bot.model import Feed, Found, Poll, Response


class Http(Protocol):
    """The only way out to the web: guarded, capped, timed."""

    async def get(self, url: str, *, headers: dict[str, str] | None = None) -> Response:
        """Fetch `url`, following at most five redirects, each guarded anew.

        Answers any status below 400 and 304. Raises UserError (an address that is not for us: scheme, private
        network), TransientError (408, 429 and 5xx with their Retry-After, time-out, link), PermanentError (other 4xx;
        `gone` for 410; too large).
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Worker(Protocol):
    """Runs what outside input could make slow or deadly in another process that can be killed."""

    async def run(self, function: Callable[..., Any], *args: object, seconds: float = 3.0) -> Any:
        """`function(*args)` (module-level, arguments and result pickled) in the worker process.

        Raises what the function raised; PermanentError when it takes longer than `seconds` or dies.
        """
        ...

    async def close(self) -> None:
        """Stop the process."""
        ...


class Source(Protocol):
    """Reads one kind of feed."""

    kind: str
    least_interval: timedelta

    def accepts(self, url: str) -> bool:
        """Whether an address (or path) looks like this kind's business."""
        ...

    async def discover(self, url: str) -> Sequence[Found]:
        """What is behind a pasted address, best first. Raises UserError saying what was tried and found."""
        ...

    async def poll(self, feed: Feed) -> Poll:
        """Entries since `feed.cursor`, oldest first. Raises TransientError or PermanentError, in words."""
        ...
