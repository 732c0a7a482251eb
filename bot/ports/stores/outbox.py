"""Deliveries: written with the document, sent after, marked after that."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Delivery, Destination, Message, State


class Outbox(Protocol):
    """Deliveries: written with the document, sent after, marked after that."""

    def put(self, delivery: Delivery) -> None:
        """Queue it. Same id again: nothing happens.

        An edit whose alert is still waiting to be sent or held (or has an edit waiting) is not needed: what waits says
        it all, because it is written when it is claimed.
        """
        ...

    def held(self, destination: Destination) -> list[Delivery]:
        """What is held for it, oldest first."""
        ...

    def count_held(self, destination: Destination) -> int:
        """How many are held for it."""
        ...

    def due_holds(self, now: datetime, *, limit: int) -> list[Destination]:
        """Chats, paused ones left out, for which something is held whose time has come (`not_before`)."""
        ...

    def release(self, delivery_ids: Iterable[str], *, state: State, error: str = "") -> None:
        """Held ones are held no longer: they wait to be sent, or something else said it (sent), or nobody wants it
        (dead).
        """
        ...

    def hold_until(self, destination: Destination, until: datetime | None) -> None:
        """What is held for it waits until then; None: until its chat is back."""
        ...

    def claim(self, now: datetime, *, limit: int, lease: timedelta, platforms: Sequence[str]) -> list[Delivery]:
        """Due deliveries, at most one per destination, in order of arrival, marked `sending` with one attempt more.

        Nothing for a destination that is paused, that has one in `sending` under a live lease, or whose lane is closed.
        A `sending` whose lease ran out comes back as `unknown`. Edits come with their message's id.
        """
        ...

    def sent(self, delivery_id: str, *, message: Message, message_id: str, at: datetime, lane_opens: datetime) -> None:
        """It arrived, saying `message`. Its alert learns the message id; its destination's lane stays closed until
        `lane_opens`.
        """
        ...

    def retry(
        self, delivery_id: str, *, not_before: datetime, error: str, close_lane: bool, plain: bool = False
    ) -> None:
        """Try again at `not_before`; `close_lane` holds the whole destination back until then."""
        ...

    def unknown(self, delivery_id: str, *, not_before: datetime, error: str) -> None:
        """It may have arrived: claimed again at `not_before`, as `unknown`."""
        ...

    def dead(self, delivery_id: str, *, error: str) -> bool:
        """Give up on it; it stays in the ledger and no longer blocks its lane. False when it is over already, or was
        forgotten.
        """
        ...

    def deliveries(self, destination: Destination, *, limit: int) -> list[Delivery]:
        """The newest `limit` there that are written, oldest first; edits applied to the message that they changed."""
        ...

    def counts(self) -> dict[str, int]:
        """Deliveries by state."""
        ...
