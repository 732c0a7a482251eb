"""Pausing, resuming and moving destinations in memory."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from bot.model import Alert, Destination, content_id
from bot.stores._memory_outbox import MemoryOutbox

T = TypeVar("T")


class MemoryPlaces(MemoryOutbox):
    """What happens to a chat as a whole."""

    def pause_destination(self, destination: Destination, why: str) -> None:
        self._s.paused[destination.key] = why
        for key in self._threads(destination):
            self._s.paused[key] = why

    def resume_destination(self, destination: Destination) -> bool:
        keys = {destination.key, *self._threads(destination)} & self._s.paused.keys()
        for key in keys:
            del self._s.paused[key]
        return bool(keys)

    def _threads(self, destination: Destination) -> set[str]:
        """Keys of the known threads of a chat; none for a thread."""
        known = [one.destination for one in self._s.subscriptions.values()]
        known += [row.delivery.destination for row in self._s.outbox.values()]
        known += [one.destination for one in self._s.inbox.values()]
        return {one.key for one in known if one.thread_id and replace(one, thread_id="").key == destination.key}

    def move_destination(self, old: Destination, new: Destination) -> None:
        if old.key == new.key:
            return
        kept = self._s

        def moved(one: T) -> T:
            """With the new place in whichever field names the old one."""
            names = ("destination", "home")
            changes = {name: new for name in names if getattr(getattr(one, name, None), "key", "") == old.key}
            return replace(one, **changes) if changes else one  # type: ignore[type-var]

        def joined(lines: Iterable[T]) -> list[T]:
            """All of them moved, but for those that the new place has already."""
            there = list(lines)
            return [moved(one) for one in there if moved(one) is one or moved(one) not in there]

        kept.channels = {key: moved(one) for key, one in kept.channels.items()}
        kept.subscriptions = {(one.destination.key, one.channel_id): one for one in joined(kept.subscriptions.values())}
        kept.mutes = {key: moved(one) for key, one in kept.mutes.items()}
        kept.follows = {(one.user.key, one.destination.key, one.topic): one for one in joined(kept.follows.values())}
        self._move_alerts(old, new)
        kept.ledger = joined(kept.ledger)
        renamed = {old.key: new.key}
        there = {key: at for key, at in kept.marks.items() if key[0] not in renamed}
        kept.marks = {(renamed.get(place, place), story): at for (place, story), at in kept.marks.items()} | there
        kept.inbox = {key: moved(one) for key, one in kept.inbox.items()}
        for row in kept.outbox.values():
            row.delivery = moved(row.delivery)
        if old.key in kept.lanes:
            self._close(new, kept.lanes.pop(old.key))
        kept.paused.pop(old.key, None)

    def _move_alerts(self, old: Destination, new: Destination) -> None:
        """Their keys are derived from the place; without new ones the same stories would be raised there again."""
        renamed = {
            one.key: content_id("alert", new.key, one.story_id)
            for one in self._s.alerts.values()
            if one.destination.key == old.key
        }
        alerts: dict[str, Alert] = {}
        for one in self._s.alerts.values():
            key = renamed.get(one.key)
            if key is None:
                alerts[one.key] = one
            elif key not in self._s.alerts:
                alerts[key] = replace(one, key=key, destination=new)
        self._s.alerts = alerts
        for row in self._s.outbox.values():
            key = renamed.get(row.delivery.alert_key, row.delivery.alert_key)
            row.delivery = replace(row.delivery, alert_key=key)
