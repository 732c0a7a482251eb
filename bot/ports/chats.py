"""What takes messages out and brings commands in."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from bot.model import Command, Delivery, Destination, HomePart, Limits, Message, User

Handle = Callable[[Command], Awaitable[None]]


class Chat(Protocol):
    """One platform. Says whether trying again helps; never tries again itself."""

    platform: str
    limits: Limits

    async def listen(self, handle: Handle) -> None:
        """Take commands until cancelled. `handle` returns once the command is on disk: acknowledge after that.

        Raises PermanentError when the credentials are refused.
        """
        ...

    async def send(self, delivery: Delivery) -> str:
        """Post `delivery.message`; the platform's message id. `delivery.plain` asks for the plainest form.

        Raises TransientError (with `retry_after`), UnknownOutcome, PermanentError (`gone`: the chat is lost to us).
        """
        ...

    async def lookup(self, delivery: Delivery) -> str | None:
        """Of a `send` that may have arrived: the id of its message; "" when it is not there, or when sending it again
        makes no second one; None when nobody can say.

        Raises TransientError when the answer is to be had later, PermanentError.
        """
        ...

    async def edit(self, delivery: Delivery) -> None:
        """Replace the message `delivery.message_id`. An edit that changes nothing succeeds. Raises as `send`."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class HttpReceiver(Protocol):
    """A chat that also takes its events over HTTP: the application serves `path` for it."""

    path: str

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Answer one POST: (status, headers, body). Header names are lower-case. Never raises; forged ones get 401."""
        ...


@runtime_checkable
class HttpPages(Protocol):
    """A chat with pages of its own: the application answers GETs at `pages` with them."""

    pages: Sequence[str]

    async def page(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """(status, headers, body) of one of them. Header names are lower-case. Never raises."""
        ...


class Vault(Protocol):
    """Where a chat keeps a secret for each of its workspaces: nobody else can read it."""

    async def keep(self, workspace: str, secret: str) -> None:
        """In place of the one before. Raises StoreError. Forgotten with the workspace."""
        ...

    async def secrets(self) -> Mapping[str, str]:
        """All of them, by workspace. Raises PermanentError when they were sealed with another key, StoreError."""
        ...


class Peek(Protocol):
    """What a chat may ask at once, past the inbox: answers that change nothing, for windows that show as one types."""

    async def answer(self, command: Command) -> Message:
        """What a verb that prepares its answer (`test`) says to the command. Raises UserError, RuleError."""
        ...

    async def home(self, command: Command) -> Sequence[HomePart]:
        """The overview of the command's user, as seen from the command's destination."""
        ...


@runtime_checkable
class Peeking(Protocol):
    """A chat that asks so: the pipeline sets `peek`."""

    peek: Peek | None


class LocalChat(Chat, Protocol):
    """The embedded chat, which a web page and the terminal share."""

    here: Destination
    you: User

    async def submit(self, text: str, *, reply_to: str = "") -> None:
        """Say `text` as the local user; a pressed button gives its command and the message's id as `reply_to`."""
        ...

    def events(self) -> AsyncIterator[Delivery]:
        """Every delivery (send or edit) from now on; each caller gets all of them."""
        ...
