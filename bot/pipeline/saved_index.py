"""The saved index of the rules: arrays in one file, which are trusted only when the file is whole and of this language.

    magic | length of the head | crc32 of the head | head (JSON) | the arrays, each from a multiple of 64 on

A file is written under another name, brought to the disk and then renamed, so that there is a whole one at any time.
"""

import contextlib
import json
import os
import struct
import sys
import unicodedata
import zlib
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import Stemmer

import rules
from rules.engine.arrays import Array

_MAGIC = b"watchword rules 2\n"
_HEAD = struct.Struct("<QI")
_STEP = 64
_ENDING = ".index"
MOST_HEAD_BYTES = 16 * 2**20


class UnusableError(Exception):
    """Why a saved index is not used, in words."""


class SavedIndex(NamedTuple):
    """Arrays mapped from a file, and what was noted with them."""

    arrays: dict[str, Array]
    notes: dict[str, Any]


def save(folder: Path, arrays: Mapping[str, Array], notes: Mapping[str, Any]) -> None:
    """Put the index into `folder`, in place of the one that is there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    old = _files(folder)
    number = int(old[-1].stem) + 1 if old else 1
    temporary = folder / f"{number:012}.{os.getpid()}.new"
    try:
        with temporary.open("wb") as file:
            _write(file, {name: np.ascontiguousarray(array) for name, array in arrays.items()}, notes)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / f"{number:012}{_ENDING}")
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(folder)
    for path in [*old, *folder.glob("*.new")]:
        with contextlib.suppress(OSError):  # a system that keeps mapped files: at the next saving
            path.unlink()


def load(folder: Path) -> SavedIndex | None:
    """The index in `folder`; None when there is none. Raises UnusableError."""
    files = _files(folder)
    if not files:
        return None
    try:
        return _read(files[-1])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableError(f"it is damaged ({error})") from error


def _files(folder: Path) -> list[Path]:
    """The indexes there, the newest last."""
    return sorted(path for path in folder.glob(f"*{_ENDING}") if path.stem.isdecimal())


def _write(file: Any, arrays: Mapping[str, Array], notes: Mapping[str, Any]) -> None:
    table, at = {}, 0
    for name, array in arrays.items():
        table[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _STEP) * _STEP
    check = 0
    for array in arrays.values():
        check = zlib.crc32(_padded(array), zlib.crc32(array.data, check))
    facts = {"language": language(), "notes": dict(notes), "arrays": table, "bytes": at, "crc32": check}
    head = json.dumps(facts).encode()
    start = _start(len(head))
    file.write((_MAGIC + _HEAD.pack(len(head), zlib.crc32(head)) + head).ljust(start, b"\0"))
    for array in arrays.values():
        file.write(array.data)
        file.write(_padded(array))


def _padded(array: Array) -> bytes:
    return bytes(-array.nbytes % _STEP)


def _start(head_bytes: int) -> int:
    """Where the arrays begin."""
    return -(-(len(_MAGIC) + _HEAD.size + head_bytes) // _STEP) * _STEP


def _read(path: Path) -> SavedIndex:
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise UnusableError("it is of another version")
        size, check = _HEAD.unpack(file.read(_HEAD.size).ljust(_HEAD.size, b"\0"))
        head = file.read(min(size, MOST_HEAD_BYTES))
    if len(head) != size or zlib.crc32(head) != check:
        raise ValueError("its head is not what was written")
    facts = json.loads(head)
    if facts["language"] != language():
        raise UnusableError("it was written by another version of the rule language")
    start = _start(size)
    if path.stat().st_size != start + facts["bytes"]:
        raise ValueError("it is not as long as it was")
    data = np.asarray(np.memmap(path, np.uint8, "r", start, (facts["bytes"],)))  # memmap's own indexing is slow
    if zlib.crc32(data.data) != facts["crc32"]:
        raise ValueError("its arrays are not what was written")
    arrays = {}
    for name, (kind, shape, at) in facts["arrays"].items():
        dtype = np.dtype(kind)
        nbytes = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        arrays[name] = data[at : at + nbytes].view(dtype).reshape(shape)
    return SavedIndex(arrays, facts["notes"])


def _sync_folder(folder: Path) -> None:
    """Bring the renaming to the disk, where folders can be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@lru_cache(maxsize=1)
def language() -> str:
    """A fingerprint of all that decides how a rule is read and what it asks of texts: our code, stems, Unicode."""
    digest = blake2b(digest_size=16)
    for folder, folders, names in os.walk(Path(rules.__file__).parent):
        folders.sort()
        for name in sorted(name for name in names if name.endswith(".py")):
            digest.update(f"\0{name}\0".encode() + Path(folder, name).read_bytes())
    digest.update(repr((Stemmer.version(), unicodedata.unidata_version, sys.byteorder)).encode())
    return digest.hexdigest()
