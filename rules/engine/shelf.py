"""The settled rules of a set: their segment, ids and texts; removed ones are crossed out until the next merge."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from rules.engine import packed, rows
from rules.engine.arrays import Array, Bools, Ints, Ints32, Words64, offsets_of, ragged
from rules.engine.packed import Packed
from rules.engine.rows import Rows
from rules.engine.segment import Segment, arrange, postings


class Listed(NamedTuple):
    """Rules to be settled: equal ones share a row. `row[number]` is the row of a rule."""

    rows: Rows
    row: Ints32
    ids: Packed
    texts: Packed


class Shelf:
    """Rules by number. `members` from `member_at[row]` on are the numbers of the rules that share a row."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays
        self.rows = Rows(**{name: arrays[name] for name in Rows._fields})
        self.segment = Segment(self.rows, arrays["posting_at"], arrays["postings"])
        self.member_at: Ints32 = arrays["member_at"]
        self.members: Ints32 = arrays["members"]
        self.ids = Packed(arrays["id_data"], arrays["id_at"])
        self.texts = Packed(arrays["text_data"], arrays["text_at"])
        self._hashes: Words64 = arrays["id_hashes"]
        self._order: Ints32 = arrays["id_order"]
        self.alive: Bools = np.array(arrays["alive"])
        self.removed = int(len(self.alive) - self.alive.sum())
        self.tested: Bools = np.diff(self.rows.test_at) > 0

    @classmethod
    def settled(cls, listed: Listed) -> "Shelf":
        """The shelf of these rules, in the order that is quickest to match."""
        order = arrange(listed.rows)
        ordered = listed.rows.take(order)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        row = place[listed.row]
        posting_at, listing = postings(ordered)
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
                "alive": np.ones(len(listed.ids), np.bool_),
            }
        )

    def __len__(self) -> int:
        return len(self.alive) - self.removed

    def arrays(self) -> dict[str, Array]:
        """All of it, to be saved."""
        return {**self._arrays, "alive": self.alive}

    def number(self, rule_id: str) -> int:
        """The number of a rule that is there; -1 when it is not."""
        wanted = np.uint64(_id_hash(rule_id))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            number = int(self._order[at])
            if self.alive[number] and self.ids[number] == rule_id:
                return number
            at += 1
        return -1

    def cross_out(self, number: int) -> None:
        """Remove a rule."""
        self.alive[number] = False
        self.removed += 1

    def numbers(self) -> Ints:
        """The rules that are there."""
        return np.flatnonzero(self.alive)

    def shared(self, slots: Array) -> tuple[Ints, Ints]:
        """The rules of some rows that are there: for each its place in `slots`, and its number."""
        start = self.member_at[slots].astype(np.int64)
        count = self.member_at[slots + 1] - start
        numbers = self.members[ragged(start, count)].astype(np.int64)
        place = np.repeat(np.arange(len(slots)), count)
        kept = self.alive[numbers]
        return place[kept], numbers[kept]

    def listed(self) -> Listed:
        """What is there, as it came."""
        row = np.empty(len(self.alive), np.int32)
        row[self.members] = np.repeat(np.arange(self.rows.size, dtype=np.int32), np.diff(self.member_at))
        row = row[self.alive]
        used = np.zeros(self.rows.size, np.bool_)
        used[row] = True
        place = np.cumsum(used, dtype=np.int32) - 1
        return Listed(
            self.rows.take(np.flatnonzero(used)), place[row], self.ids.keep(self.alive), self.texts.keep(self.alive)
        )


def together(many: list[Listed]) -> Listed:
    """All of them; rows that are equal across the parts stay apart."""
    shifts = np.cumsum([0, *(each.rows.size for each in many[:-1])])
    return Listed(
        rows.join([each.rows for each in many]),
        np.concatenate([each.row + np.int32(shift) for each, shift in zip(many, shifts, strict=True)]),
        packed.join([each.ids for each in many]),
        packed.join([each.texts for each in many]),
    )


def _id_hash(rule_id: str) -> int:
    return int.from_bytes(blake2b(rule_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
