"""Pausing, resuming and moving destinations in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.model import Alert, Destination, content_id
from bot.stores._memory_kept import follow_key
from bot.stores._memory_outbox import MemoryOutbox

T = TypeVar("T")


class MemoryPlaces(MemoryOutbox):
    """What happens to a chat as a whole."""

    def pause_destination(self, destination: Destination, why: str, *, removed_at: datetime | None = None) -> None:
        self._s.paused[destination.key] = why
        for key in self._threads(destination):
            self._s.paused[key] = why
        if removed_at is not None:
            self._s.removed[destination.key] = destination, removed_at

    def paused(self, destination: Destination) -> str:
        return self._s.paused.get(destination.key, "")

    def resume_destination(self, destination: Destination) -> bool:
        self._s.removed.pop(replace(destination, thread_id="").key, None)
        keys = {destination.key, *self._threads(destination)} & self._s.paused.keys()
        for key in keys:
            del self._s.paused[key]
        return bool(keys)

    def note_title(self, destination: Destination, title: str) -> None:
        self._s.titles[replace(destination, thread_id="").key] = title

    def title_of(self, destination: Destination) -> str:
        return self._s.titles.get(replace(destination, thread_id="").key, "")

    def _threads(self, destination: Destination) -> set[str]:
        """Keys of the known threads of a chat; none for a thread."""
        known = [subscription.destination for subscription in self._s.subscriptions.values()]
        known += [row.delivery.destination for row in self._s.outbox.values()]
        known += [command.destination for command in self._s.inbox.values()]
        return {place.key for place in known if place.thread_id and replace(place, thread_id="").key == destination.key}

    def move_destination(self, old: Destination, new: Destination) -> None:
        if old.key == new.key:
            return
        kept = self._s

        def moved(row: T) -> T:
            """With the new place in whichever field names the old one."""
            names = ("destination", "home")
            changes = {name: new for name in names if getattr(getattr(row, name, None), "key", "") == old.key}
            return replace(row, **changes) if changes else row  # type: ignore[type-var]

        def joined(lines: Iterable[T]) -> list[T]:
            """All of them moved, but for those that the new place has already."""
            there = list(lines)
            return [moved(row) for row in there if moved(row) is row or moved(row) not in there]

        kept.channels = {key: moved(channel) for key, channel in kept.channels.items()}
        kept.subscriptions = {
            (subscription.destination.key, subscription.channel_id): subscription
            for subscription in joined(kept.subscriptions.values())
        }
        kept.mutes = {key: moved(mute) for key, mute in kept.mutes.items()}
        kept.follows = {follow_key(follow): follow for follow in joined(kept.follows.values())}
        self._move_alerts(old, new)
        kept.ledger = joined(kept.ledger)
        renamed = {old.key: new.key}
        there = {key: at for key, at in kept.marks.items() if key[0] not in renamed}
        kept.marks = {(renamed.get(place, place), story): at for (place, story), at in kept.marks.items()} | there
        chosen = kept.preferences.pop(("chat", old.key), None)
        if chosen is not None:
            kept.preferences.setdefault(("chat", new.key), chosen)
        kept.audit = {(renamed.get(place, place), at): moved(entry) for (place, at), entry in kept.audit.items()}
        kept.numbers[f"audit {new.key}"] = max(kept.numbers.pop(f"audit {place.key}", 0) for place in (old, new))
        kept.inbox = {key: moved(command) for key, command in kept.inbox.items()}
        for row in kept.outbox.values():
            row.delivery = moved(row.delivery)
        if old.key in kept.lanes:
            self._close(new, kept.lanes.pop(old.key))
        kept.paused.pop(old.key, None)
        kept.removed.pop(old.key, None)
        if title := kept.titles.pop(old.key, ""):
            kept.titles[new.key] = kept.titles.get(new.key) or title

    def _move_alerts(self, old: Destination, new: Destination) -> None:
        """Their keys are derived from the place; without new ones the same stories would be raised there again."""
        renamed = {
            alert.key: content_id("alert", new.key, alert.story_id)
            for alert in self._s.alerts.values()
            if alert.destination.key == old.key
        }
        alerts: dict[str, Alert] = {}
        for alert in self._s.alerts.values():
            key = renamed.get(alert.key)
            if key is None:
                alerts[alert.key] = alert
            elif key not in self._s.alerts:
                alerts[key] = replace(alert, key=key, destination=new)
        self._s.alerts = alerts
        for row in self._s.outbox.values():
            key = renamed.get(row.delivery.alert_key, row.delivery.alert_key)
            row.delivery = replace(row.delivery, alert_key=key)
