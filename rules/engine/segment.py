"""The committed rules of a set: postings, stored ids and texts. A removed rule has a tombstone until the next merge."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from rules.engine import rows, strings
from rules.engine.arrays import Array, Bools, Ints, Ints32, Words64, offsets_of, ragged
from rules.engine.postings import Postings, arrange, invert
from rules.engine.rows import Rows
from rules.engine.strings import StringArray


class Mergeable(NamedTuple):
    """Rules to be committed: equal ones share a row. `row[number]` is the row of a rule."""

    rows: Rows
    row: Ints32
    ids: StringArray
    texts: StringArray


class Segment:
    """Rules by number. `members` from `member_at[row]` on are the numbers of the rules that share a row."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self.rows = Rows(**{name: arrays[name] for name in Rows._fields})
        self.postings = Postings(self.rows, arrays["posting_at"], arrays["postings"])
        self.member_at: Ints32 = arrays["member_at"]
        self.members: Ints32 = arrays["members"]
        self.ids = StringArray(arrays["id_data"], arrays["id_at"])
        self.texts = StringArray(arrays["text_data"], arrays["text_at"])
        self._hashes: Words64 = arrays["id_hashes"]
        self._order: Ints32 = arrays["id_order"]
        self.live: Bools = np.array(arrays["live"])
        self.tombstones = int(len(self.live) - self.live.sum())
        self.checked: Bools = np.diff(self.rows.check_at) > 0

    @classmethod
    def committed(cls, listed: Mergeable) -> "Segment":
        """The segment of these rules, in the order that is quickest to match."""
        order = arrange(listed.rows)
        ordered = listed.rows.take(order)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        row = place[listed.row]
        posting_at, listing = invert(ordered)
        hashes = np.fromiter(map(_id_hash, listed.ids), np.uint64, len(listed.ids))
        by_hash = np.argsort(hashes)
        return cls(
            {
                **ordered._asdict(),
                "posting_at": posting_at,
                "postings": listing,
                "member_at": offsets_of(np.bincount(row, minlength=len(order)), np.int32),
                "members": np.argsort(row, kind="stable").astype(np.int32),
                "id_data": listed.ids.data,
                "id_at": listed.ids.at,
                "text_data": listed.texts.data,
                "text_at": listed.texts.at,
                "id_hashes": hashes[by_hash],
                "id_order": by_hash.astype(np.int32),
                "live": np.ones(len(listed.ids), np.bool_),
            }
        )

    def __len__(self) -> int:
        return len(self.live) - self.tombstones

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved."""
        return {**self._arrays, "live": self.live}

    def number(self, rule_id: str) -> int:
        """The number of a rule that is there; -1 when it is not."""
        wanted = np.uint64(_id_hash(rule_id))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            number = int(self._order[at])
            if self.live[number] and self.ids[number] == rule_id:
                return number
            at += 1
        return -1

    def bury(self, number: int) -> None:
        """Remove a rule: its tombstone hides it until the next merge."""
        self.live[number] = False
        self.tombstones += 1

    def numbers(self) -> Ints:
        """The rules that are there."""
        return np.flatnonzero(self.live)

    def shared(self, slots: Array) -> tuple[Ints, Ints]:
        """The rules of some rows that are there: for each its place in `slots`, and its number."""
        start = self.member_at[slots].astype(np.int64)
        count = self.member_at[slots + 1] - start
        numbers = self.members[ragged(start, count)].astype(np.int64)
        place = np.repeat(np.arange(len(slots)), count)
        kept = self.live[numbers]
        return place[kept], numbers[kept]

    def mergeable(self) -> Mergeable:
        """What is there, as it came."""
        row = np.empty(len(self.live), np.int32)
        row[self.members] = np.repeat(np.arange(self.rows.size, dtype=np.int32), np.diff(self.member_at))
        row = row[self.live]
        used = np.zeros(self.rows.size, np.bool_)
        used[row] = True
        place = np.cumsum(used, dtype=np.int32) - 1
        return Mergeable(
            self.rows.take(np.flatnonzero(used)), place[row], self.ids.keep(self.live), self.texts.keep(self.live)
        )


def merge(many: list[Mergeable]) -> Mergeable:
    """All of them; rows that are equal across the parts stay apart."""
    shifts = np.cumsum([0, *(each.rows.size for each in many[:-1])])
    return Mergeable(
        rows.join([each.rows for each in many]),
        np.concatenate([each.row + np.int32(shift) for each, shift in zip(many, shifts, strict=True)]),
        strings.join([each.ids for each in many]),
        strings.join([each.texts for each in many]),
    )


def _id_hash(rule_id: str) -> int:
    return int.from_bytes(blake2b(rule_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
