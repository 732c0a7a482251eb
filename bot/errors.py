"""What can go wrong, told by who can mend it.

WatchwordError
 ├─ UserError        what a person typed or pasted; the message is for them, with the place and the cure
 ├─ TransientError   worth another try, after `retry_after` when the other side named a time
 ├─ UnknownOutcome   the link died after the request went out: it may or may not have arrived
 ├─ PermanentError   trying again will not help; `gone` says that the other end itself is gone
 └─ StoreError       the database cannot be used as it is; never overwritten
"""

from datetime import timedelta


class WatchwordError(Exception):
    """Base of all errors that Watchword raises on purpose; `str(error)` is fit to be shown, `cure` after it."""

    cure = ""


class UserError(WatchwordError):
    """Input that cannot be used; `cure` is a next step in the user's words, possibly empty.

    `ask`: the message is a question, and an answer to it completes this command ("watch").
    """

    def __init__(self, message: str, *, cure: str = "", ask: str = "") -> None:
        super().__init__(message)
        self.cure = cure
        self.ask = ask


class TransientError(WatchwordError):
    """A fault that passes; `retry_after` is the pause that the other side asked for, if it did.

    `unread`: it came, but this machine had no time to read it, so what it is nobody knows. `cure`: what people can try.
    """

    def __init__(
        self, message: str, *, retry_after: timedelta | None = None, unread: bool = False, cure: str = ""
    ) -> None:
        super().__init__(message)
        self.cure = cure
        self.retry_after = retry_after
        self.unread = unread


class UnknownOutcome(WatchwordError):  # noqa: N818 - it is not known to be an error
    """The request left, the answer never came."""


class PermanentError(WatchwordError):
    """A refusal that stands. `gone`: the chat, message or feed itself is no longer there for us, and will not be;
    `missing`: nothing is there now. `unread`: it came, but takes too much to read, so what it is nobody knows.
    `cure`: what people can try instead.
    """

    def __init__(
        self, message: str, *, gone: bool = False, missing: bool = False, unread: bool = False, cure: str = ""
    ) -> None:
        super().__init__(message)
        self.cure = cure
        self.unread = unread
        self.gone = gone
        self.missing = missing or gone


def is_busy(error: Exception) -> bool:
    """Whether only this machine was too slow: that says nothing about what was to be read."""
    return isinstance(error, TransientError) and error.unread


class StoreError(WatchwordError):
    """A damaged, newer or unusable database; `cure` is what the operator can do."""

    def __init__(self, message: str, *, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure
