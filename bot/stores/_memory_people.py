"""`ports.PersonStore` in memory."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.model import AuditEntry, Delivery, Destination, State, User
from bot.stores._memory_kept import Kept
from bot.stores._memory_places import MemoryPlaces
from bot.stores._memory_rules import MemoryRules


class MemoryPeople(MemoryRules, MemoryPlaces):
    """Forgetting people, chats and workspaces."""

    _s: Kept

    def forget_person(self, user: User) -> Mapping[str, int]:
        s, nobody = self._s, User(platform=user.platform, workspace=user.workspace, user_id="")
        places = {
            place.key
            for place in (
                *(channel.home for channel in s.channels.values()),
                *(subscription.destination for subscription in s.subscriptions.values()),
                *(row.delivery.destination for row in s.outbox.values()),
                *(command.destination for command in s.inbox.values()),
            )
            if (place.platform, place.workspace) == (user.platform, user.workspace)
            and user.user_id in (place.user_id, place.chat_id)
        }
        counts: dict[str, int] = {}
        self._forget_places(places, counts)
        before = len(s.mutes), len(s.follows), len(s.inbox), len(s.audit)
        self._forget_people({user.key})
        after = len(s.mutes), len(s.follows), len(s.inbox), len(s.audit)
        words = ("mutes", "follows", "commands", "changes in the log")
        for name, there, left in zip(words, before, after, strict=True):
            _add(counts, name, there - left)
        s.rules = {
            key: replace(rule, owner=nobody) if rule.owner.key == user.key else rule for key, rule in s.rules.items()
        }
        s.channels = {
            key: replace(channel, owner=nobody) if channel.owner.key == user.key else channel
            for key, channel in s.channels.items()
        }
        self._forget_mentions(user, nobody)
        return counts

    def forget_workspace(self, platform: str, workspace: str) -> int:
        if not workspace:
            raise ValueError("a platform without workspaces is never forgotten as a whole")
        s, prefix = self._s, f"{platform}/{workspace}/"
        keys = {subscription.destination.key for subscription in s.subscriptions.values()}
        keys |= {channel.home.key for channel in s.channels.values()}
        keys |= {row.delivery.destination.key for row in s.outbox.values()}
        keys |= {command.destination.key for command in s.inbox.values()} | s.paused.keys()
        places = {key for key in keys if key.startswith(prefix)}
        self._forget_places(places, {})
        people = {mute.user.key for mute in s.mutes.values() if mute.user} | {key for _, key in s.preferences}
        people |= {follow.user.key for follow in s.follows.values()}
        self._forget_people({key for key in people if key.startswith(prefix)})
        s.sealed.pop((platform, workspace), None)
        return len(places)

    def removed_before(self, before: datetime) -> list[Destination]:
        gone = sorted((at, key) for key, (_, at) in self._s.removed.items() if at < before)
        return [self._s.removed[key][0] for _, key in gone]

    def forget_destination(self, destination: Destination) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        self._forget_places({destination.key, *self._threads(destination)}, counts)
        return counts

    def keep_sealed(self, platform: str, workspace: str, value: str) -> None:
        self._s.sealed[platform, workspace] = value

    def sealed(self, platform: str) -> dict[str, str]:
        return {workspace: value for (of, workspace), value in self._s.sealed.items() if of == platform}

    def drop_sealed(self, platform: str) -> int:
        workspaces = self.sealed(platform)
        for workspace in workspaces:
            del self._s.sealed[platform, workspace]
        return len(workspaces)

    def _forget_places(self, places: Collection[str], counts: dict[str, int]) -> None:
        s = self._s
        homes = {key for key, channel in s.channels.items() if channel.home.key in places}
        rules = [rule for rule in s.rules.values() if rule.channel_id in homes]
        for rule in rules:
            self.remove_rule(rule.id)
        _add(counts, "rules", len(rules))
        _add(counts, "lists", sum(channel in homes for channel, _ in s.lists))
        _add(counts, "sources", sum(channel in homes for channel, _ in s.channel_feeds))
        s.lists = {key: words for key, words in s.lists.items() if key[0] not in homes}
        s.channel_feeds = [pair for pair in s.channel_feeds if pair[0] not in homes]
        s.channels = {key: channel for key, channel in s.channels.items() if key not in homes}
        for name, words in (
            ("mutes", "mutes"),
            ("follows", "follows"),
            ("alerts", "alerts"),
            ("outbox", "messages"),
            ("inbox", "commands"),
            ("audit", "changes in the log"),
            ("subscriptions", "subscriptions"),
        ):
            kept = {
                key: thing
                for key, thing in getattr(s, name).items()
                if _place(thing) not in places and not (name == "subscriptions" and key[1] in homes)
            }
            gone = getattr(s, name).keys() - kept.keys()
            # That a chat gets its own channel is no choice of anybody's.
            _add(counts, words, sum(not (name == "subscriptions" and key[1] in homes) for key in gone))
            setattr(s, name, kept)
        s.ledger = [line for line in s.ledger if line.destination.key not in places]
        s.marks = {key: at for key, at in s.marks.items() if key[0] not in places}
        s.preferences = {key: chosen for key, chosen in s.preferences.items() if key[1] not in places}
        for place in places:
            s.numbers.pop(f"audit {place}", None)
            s.lanes.pop(place, None)
            s.paused.pop(place, None)
            s.removed.pop(place, None)
            s.titles.pop(place, None)

    def _forget_people(self, keys: Collection[str]) -> None:
        s = self._s
        s.mutes = {key: mute for key, mute in s.mutes.items() if mute.user is None or mute.user.key not in keys}
        s.follows = {key: follow for key, follow in s.follows.items() if follow.user.key not in keys}
        s.inbox = {key: command for key, command in s.inbox.items() if command.user.key not in keys}
        s.audit = {key: entry for key, entry in s.audit.items() if entry.user.key not in keys}
        s.preferences = {key: chosen for key, chosen in s.preferences.items() if key[1] not in keys}

    def _forget_mentions(self, user: User, nobody: User) -> None:
        s = self._s
        s.alerts = {
            key: replace(alert, mentions=tuple(each for each in alert.mentions if each.key != user.key))
            for key, alert in s.alerts.items()
        }
        s.audit = {
            key: replace(entry, undone_by=nobody) if entry.undone_by and entry.undone_by.key == user.key else entry
            for key, entry in s.audit.items()
            if not _names(entry, user)
        }
        s.preferences = {
            key: replace(chosen, owner=None) if chosen.owner and chosen.owner.key == user.key else chosen
            for key, chosen in s.preferences.items()
        }
        s.outbox = {key: row for key, row in s.outbox.items() if not _says(row.delivery, user)}
        names = {user.name, user.user_id} - {""}
        s.ledger = [replace(line, detail="") if line.detail in names else line for line in s.ledger]


def _place(thing: object) -> str:
    """The key of where it belongs."""
    owner = getattr(thing, "delivery", thing)
    place = getattr(owner, "destination", None)
    return place.key if place is not None else ""


def _names(entry: AuditEntry, user: User) -> bool:
    """Whether what was before and after names somebody."""
    return f"user_id='{user.user_id}'" in repr((entry.before, entry.after))


def _says(delivery: Delivery, user: User) -> bool:
    """Whether a message that is over names somebody."""
    if delivery.state not in (State.SENT, State.DEAD):
        return False
    said = repr(delivery.message)
    return f"user_id='{user.user_id}'" in said or bool(user.name and not delivery.alert_key and user.name in said)


def _add(counts: dict[str, int], words: str, number: int) -> None:
    if number:
        counts[words] = counts.get(words, 0) + number
