"""What story grouping remembers: arrays of fingerprints, and an index of what two of them have in common.

A record is a row of RECORD, 0.7 KB whatever the length of the text, known by a number that grows with each arrival.
Records stand in segments of 8,192. What they can be found by (the bands of the sketch, and names) is one number each;
a segment's index is those numbers in order, each with the place of its record in its lowest bits. The newest records
are the tail, which a dict finds until it is worth an index. Nothing of a record changes after it was added
except whether it still counts, so undoing a batch is cutting the end off and letting the others count again.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias
from unicodedata import unidata_version

import numpy as np
from numpy.typing import NDArray

from bot.core.stories.fingerprint import BANDS, SKETCH, Fingerprint, key_number

_VERSION = 1  # grows when a stored record would be read, or its document normalised, otherwise
FORM = _VERSION * 1_000_000 + int("".join(f"{int(part):02}" for part in unidata_version.split(".")))
_BYTES, _MANY = 256, 255
RECORD = np.dtype(
    [
        ("sketch", "<u4", (SKETCH,)),
        ("bag", "u1", (_BYTES,)),
        ("at", "<i8"),
        ("published", "<i8"),
        *((name, "<u8") for name in ("key", "address", "site", "headline", "lang", "story")),
        ("length", "<u2"),
        ("sketched", "<u2"),
    ]
)
COLUMNS = BANDS + 4  # ways to be found
KEY, ADDRESS, OCCASION, STORY = range(BANDS, COLUMNS)  # an occasion: a headline on a site
IN_BANDS = slice(0, BANDS)

_PLACE_BITS = 13
_ROWS = 1 << _PLACE_BITS
_PLACES = np.uint64(_ROWS - 1)
_VALUES = ~_PLACES
_TAIL = 256  # records: 6 KB each in a dict, so as few as make an index worth the while
_CHUNK = 512  # records looked at in one go
_FIELDS = {KEY: ("key",), ADDRESS: ("address",), OCCASION: ("site", "headline"), STORY: ("story",)}
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)
_BAND = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0xA0761D6478BD642F)
_SHIFT = np.uint64(29)

Values: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.void]]"
Places: TypeAlias = NDArray[np.int64]


class Probe(NamedTuple):
    """What a record can be found by, and where the indexes have it: (segment, column, start, stop), newest first."""

    values: list[int]
    spans: list[tuple[int, int, int, int]]


class Mark(NamedTuple):
    """A moment to go back to."""

    end: int
    first: int
    counting: int


def rows_of(fingerprints: Sequence[Fingerprint], at: int) -> Rows:
    """Records of documents that arrive `at`; the stories are not known yet."""
    rows = np.zeros(len(fingerprints), dtype=RECORD)
    for row, made in zip(rows, fingerprints, strict=True):
        if made.sketch:
            row["sketch"], row["sketched"] = made.sketch, 1
        counts = np.bincount(np.frombuffer(made.bag, dtype=np.uint8), minlength=_BYTES)
        row["bag"] = np.minimum(counts, _MANY)
        row["at"], row["published"], row["length"] = at, made.published, made.length
        row["key"], row["address"], row["site"] = key_number(made.key), made.address, made.site
        row["headline"], row["lang"] = made.headline, made.lang
    return rows


def values_of(rows: Rows) -> Values:
    """What the records can be found by, a row of COLUMNS each; zero where a record has no such thing."""
    values = np.empty((len(rows), COLUMNS), dtype=np.uint64)
    sketch = rows["sketch"].astype(np.uint64).reshape(len(rows), BANDS, SKETCH // BANDS)
    bands = sketch[:, :, 0] * _ODD[0] + sketch[:, :, 1] * _ODD[1] + sketch[:, :, 2] * _ODD[2] + _BAND
    bands ^= bands >> _SHIFT
    values[:, IN_BANDS] = bands * _ODD[3] * rows["sketched"].astype(np.uint64)[:, None]
    named = (rows["site"] != 0) & (rows["headline"] != 0)
    values[:, OCCASION] = (rows["site"] * _ODD[0] + rows["headline"] * _ODD[1]) * named
    for column, field in ((KEY, "key"), (ADDRESS, "address"), (STORY, "story")):
        values[:, column] = rows[field]
    return values & _VALUES


def shared_at_most(old: np.void, new: np.void) -> float:
    """Of the shorter text, the share that can stand in the longer one, told by how often each byte is in their bags."""
    both = np.minimum(old["bag"], new["bag"])
    if both.max() == _MANY:  # or more
        return 1.0
    return int(both.sum(dtype=np.int64)) / max(1, min(int(old["length"]), int(new["length"])))


def searched(name: int) -> int:
    """How a name stands in an index."""
    return name >> _PLACE_BITS << _PLACE_BITS


def read_rows(features: bytes) -> Rows:
    """Records as they were stored."""
    return np.frombuffer(features, dtype=RECORD)


class _Segment:
    """At most 8,192 records, the first `indexed` of them in the `index`."""

    __slots__ = ("counts", "ids", "index", "indexed", "rows", "size", "stories")

    def __init__(self) -> None:
        self.size = self.indexed = 0
        self.rows = np.zeros(0, dtype=RECORD)
        self.counts = np.zeros(0, dtype=np.bool_)
        self.ids: list[str] = []
        self.stories: list[str] = []
        self.index = np.zeros(0, dtype=np.uint64)

    def add(self, rows: Rows, ids: Sequence[str], stories: Sequence[str]) -> None:
        start, end = self.size, self.size + len(rows)
        self.rows, self.counts = _grown(self.rows, end), _grown(self.counts, end)
        self.rows[start:end], self.counts[start:end] = rows, True
        self.ids += ids
        self.stories += stories
        self.size = end

    def cut(self, size: int) -> None:
        self.size = size
        del self.ids[size:], self.stories[size:]

    def settle(self) -> None:
        """Take all records into the index."""
        values = values_of(self.rows[self.indexed : self.size])
        placed = values | np.arange(self.indexed, self.size, dtype=np.uint64)[:, None]
        new = np.sort(placed[values != 0])
        self.index = np.insert(self.index, self.index.searchsorted(new), new) if len(self.index) else new
        self.indexed = self.size


def _grown(array: np.ndarray, size: int) -> np.ndarray:
    if size <= len(array):
        return array
    room = np.zeros((max(64, min(_ROWS, 2 * len(array)), size), *array.shape[1:]), dtype=array.dtype)
    room[: len(array)] = array
    return room


class Memory:
    """Records by number, found by what they have in common with a new one."""

    def __init__(self) -> None:
        self._segments: dict[int, _Segment] = {}
        self._first = self._end = self._count = 0
        self._dropped: list[int] = []
        self._tail: dict[int, list[int]] = {}  # what they can be found by to the numbers of records without an index

    def __len__(self) -> int:
        return self._count

    @property
    def end(self) -> int:
        """The number of the next record."""
        return self._end

    @property
    def size_bytes(self) -> int:
        """Of the arrays, the ids and the tail; most of the stories' ids are shared."""
        arrays = sum(
            part.nbytes for segment in self._segments.values() for part in (segment.rows, segment.counts, segment.index)
        )
        tail = 200 * len(self._tail)
        return (
            arrays + tail + sum(8 * 2 + 65 + len(name) for segment in self._segments.values() for name in segment.ids)
        )

    # ------------------------------------------------------------------------------------------------- reading it

    def row(self, number: int) -> np.void:
        """The record."""
        row: np.void = self._segments[number >> _PLACE_BITS].rows[number & (_ROWS - 1)]
        return row

    def id(self, number: int) -> str:
        """The record's document."""
        return self._segments[number >> _PLACE_BITS].ids[number & (_ROWS - 1)]

    def story(self, number: int) -> str:
        """The record's story."""
        return self._segments[number >> _PLACE_BITS].stories[number & (_ROWS - 1)]

    def probes(self, values: Values) -> list[Probe]:
        """Look up many records in the indexes at once; good until `settle`."""
        probes = [Probe(row, []) for row in values.tolist()]
        flat = values.ravel()
        wanted = np.flatnonzero(flat)
        wanted = wanted[np.argsort(flat[wanted])]  # neighbours share their way through an index
        sought = flat[wanted]
        for number in sorted(self._segments, reverse=True):
            index = self._segments[number].index
            if not len(index):
                continue
            starts = index.searchsorted(sought)
            hits = np.flatnonzero(index.take(starts, mode="clip") & _VALUES == sought)
            stops = index.searchsorted(sought[hits] | _PLACES, side="right")
            for hit, start, stop in zip(wanted[hits].tolist(), starts[hits].tolist(), stops.tolist(), strict=True):
                probe, column = divmod(hit, COLUMNS)
                probes[probe].spans.append((number, column, start, stop))
        return probes

    def in_story(self, story: int) -> list[int]:
        """The records of a story by its name, oldest first."""
        row = np.zeros(1, dtype=RECORD)
        row["story"] = story
        values = np.zeros((1, COLUMNS), dtype=np.uint64)
        values[0, STORY] = searched(story)
        return self.named(self.probes(values)[0], STORY, row[0])[::-1]

    def named(self, probe: Probe, column: int, row: np.void, most: int | None = None) -> list[int]:
        """The newest records with that name, newest first."""
        numbers: list[int] = []
        for segment, places in self._matching(probe, slice(column, column + 1)):
            rows = self._segments[segment].rows
            for field in _FIELDS[column]:
                places = places[rows[field][places] == row[field]]
            numbers += ((segment << _PLACE_BITS) + places).tolist()
            if most is not None and len(numbers) >= most:
                return numbers[:most]
        return numbers

    def sharing(self, probe: Probe, row: np.void, most: int) -> tuple[list[int], Rows, NDArray[np.int64]]:
        """The newest records that share a band: numbers, records, and how many values of the sketches are equal."""
        numbers: list[int] = []
        parts, equal = [np.zeros(0, dtype=RECORD)], [np.zeros(0, dtype=np.int64)]
        for segment, places in self._matching(probe, IN_BANDS):
            same = self._segments[segment].rows["sketch"][places] == row["sketch"]
            meet = np.flatnonzero((same[:, 0::3] & same[:, 1::3] & same[:, 2::3]).any(axis=1))[: most - len(numbers)]
            numbers += ((segment << _PLACE_BITS) + places[meet]).tolist()
            parts.append(self._segments[segment].rows[places[meet]])
            equal.append(same[meet].sum(axis=1))
            if len(numbers) == most:
                break
        return numbers, np.concatenate(parts), np.concatenate(equal)

    def _matching(self, probe: Probe, columns: slice) -> Iterator[tuple[int, Places]]:
        """Places of records, newest first, that share what stands in any of the columns; a few at a time."""
        last: dict[int, list[int]] = {}
        for number in {number for value in probe.values[columns] if value for number in self._tail.get(value, ())}:
            last.setdefault(number >> _PLACE_BITS, []).append(number & (_ROWS - 1))
        for segment in sorted(last, reverse=True):
            yield from self._counting(segment, np.array(sorted(last[segment]), dtype=np.int64))
        indexes: dict[int, list[Values]] = {}
        for segment, column, start, stop in probe.spans:
            if columns.start <= column < columns.stop:
                indexes.setdefault(segment, []).append(self._segments[segment].index[start:stop])
        for segment, spans in indexes.items():
            here = np.zeros(_ROWS, dtype=np.bool_)
            here[np.concatenate(spans) & _PLACES] = True
            yield from self._counting(segment, np.flatnonzero(here))

    def _counting(self, number: int, places: Places) -> Iterator[tuple[int, Places]]:
        """Those that count, newest first."""
        places = places[places >= self._first - (number << _PLACE_BITS)]
        places = places[self._segments[number].counts[places]][::-1]
        for start in range(0, len(places), _CHUNK):
            yield number, places[start : start + _CHUNK]

    # ------------------------------------------------------------------------------------------------ changing it

    def add(self, rows: Rows, values: Sequence[int], document_id: str, story_id: str) -> None:
        """One record that comes after all others."""
        self._put(self._end, values)
        self._extend(rows, [document_id], [story_id])

    def extend(self, rows: Rows, ids: Sequence[str], stories: Sequence[str]) -> None:
        """Many records that come after all others; they stay."""
        self._extend(rows, ids, stories)
        self._settle(least=1)

    def _extend(self, rows: Rows, ids: Sequence[str], stories: Sequence[str]) -> None:
        start = 0
        while start < len(rows):
            segment = self._segments.setdefault(self._end >> _PLACE_BITS, _Segment())
            stop = start + min(len(rows) - start, _ROWS - segment.size)
            segment.add(rows[start:stop], ids[start:stop], stories[start:stop])
            self._end += stop - start
            self._count += stop - start
            start = stop

    def _put(self, number: int, values: Sequence[int]) -> None:
        for value in values:
            if value:
                self._tail.setdefault(value, []).append(number)

    def drop(self, number: int) -> None:
        """A record that shall count no more."""
        self._segments[number >> _PLACE_BITS].counts[number & (_ROWS - 1)] = False
        self._dropped.append(number)
        self._count -= 1

    def forget(self, before: int) -> None:
        """The oldest records, as long as they are older than that."""
        while self._first < self._end:
            if self._counts(self._first):
                if self.row(self._first)["at"] >= before:
                    return
                self._count -= 1
            self._first += 1

    def forget_oldest(self) -> None:
        """One record."""
        while not self._counts(self._first):
            self._first += 1
        self._first += 1
        self._count -= 1

    def counts(self, number: int) -> bool:
        """Whether it is neither forgotten nor dropped."""
        return number >= self._first and self._counts(number)

    def _counts(self, number: int) -> bool:
        return bool(self._segments[number >> _PLACE_BITS].counts[number & (_ROWS - 1)])

    # ---------------------------------------------------------------------------------------------------- batches

    def mark(self) -> Mark:
        """This moment."""
        self._dropped = []
        return Mark(self._end, self._first, self._count)

    def undo(self, mark: Mark) -> None:
        """All that happened since then; nothing was settled since."""
        for number in self._dropped:
            self._segments[number >> _PLACE_BITS].counts[number & (_ROWS - 1)] = True
        self._end, self._first, self._count = mark
        for number in [number for number in self._segments if number << _PLACE_BITS >= self._end]:
            del self._segments[number]
        last = self._segments.get(self._end >> _PLACE_BITS)
        if last is not None:
            last.cut(self._end & (_ROWS - 1))
        tail = {value: [number for number in numbers if number < mark.end] for value, numbers in self._tail.items()}
        self._tail = {value: numbers for value, numbers in tail.items() if numbers}

    def settle(self) -> None:
        """What happened stays: index what is long enough, let go of segments that are forgotten as a whole."""
        self._dropped = []
        for number in [number for number in self._segments if (number + 1) << _PLACE_BITS <= self._first]:
            del self._segments[number]
        self._settle(least=_TAIL)

    def _settle(self, least: int) -> None:
        """Index the tail when it has `least` records."""
        tail = [segment for segment in self._segments.values() if segment.indexed < segment.size]
        if sum(segment.size - segment.indexed for segment in tail) >= least:
            for segment in tail:
                segment.settle()
            self._tail = {}
