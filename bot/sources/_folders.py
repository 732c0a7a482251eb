"""Which folders may be read, and the names under which chats know them: what a folder is called is told, never where.

Chats may watch the folders that the operator lists, and what is below them. The sample newsroom's folder is read for
the feed that the first run made, and offered to nobody. The data folder and the files that hold tokens are read for
nobody, wherever they lie: whoever reads those is the operator.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import UserError

CURE = "The operator lists in WATCHWORD_FOLDERS which folders may be watched."
_NAMED = re.compile(r"folder(?::(?P<name>.{0,4096}))?", re.I | re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder that may be read: where it is, links resolved, and the name and address by which chats know it."""

    path: Path
    name: str

    @property
    def address(self) -> str:
        """What is stored and shown."""
        return f"folder:{self.name}"


class Withheld:
    """What is never read. Told by device and file number too, so that no other way to it helps: a hard link, a mount,
    a file system that does not tell capitals.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = [path.absolute() for path in paths]

    def holds(self, path: Path) -> bool:
        """Whether a path whose links are resolved is one of these, or lies below one."""
        known, numbers = self._known(), self.numbers()
        return any(each in known or _number(each) in numbers for each in (path, *path.parents))

    def numbers(self) -> set[tuple[int, int]]:
        """Device and file number of each that is there."""
        return {number for each in self._known() if (number := _number(each)) is not None}

    def _known(self) -> set[Path]:
        return {real for each in self._paths if (real := resolved(each)) is not None}


class Folders:
    """The folders that the operator lists, by name, and the sample newsroom's."""

    def __init__(self, listed: Sequence[Path], sample: Path | None, withheld: Withheld) -> None:
        """Raises UserError, for the operator, about a list that cannot be meant."""
        self._listed = _by_name(listed)
        self._sample = sample
        self.withheld = withheld
        for name, folder in self._listed.items():
            if (path := resolved(folder)) is not None and withheld.holds(path):
                raise UserError(f"WATCHWORD_FOLDERS: {name} is or lies in the data folder, which is never read.")

    @property
    def names(self) -> list[str]:
        """Those that chats may watch."""
        return list(self._listed)

    def find(self, typed: str) -> Place:
        """The folder that a chat means by `folder:NAME`, a path or a file:// address.

        Raises UserError, the same for all that may not be watched, there or not: nobody learns what this machine has.
        """
        path = self._meant(typed)
        place = self._listed_place(path) if path is not None else None
        if place is None:
            raise self._refusal()
        return place

    def stored(self, url: str) -> Place:
        """The folder of a feed: also the sample newsroom's. Raises as `find`."""
        path = self._meant(url)
        if path is not None and self._sample is not None and path == resolved(self._sample):
            return self._listed_place(path) or Place(path=path, name=path.name)
        return self.find(url)

    def _meant(self, typed: str) -> Path | None:
        """The path, links resolved; None where there can be none."""
        named = _NAMED.fullmatch(typed.strip())
        if named is None:
            path = path_of(typed)
            return resolved(path) if path is not None else None
        name, _, below = (named["name"] or "").strip().partition("/")
        folder = next((self._listed[each] for each in self._listed if each.casefold() == name.casefold()), None)
        return resolved(folder / below.lstrip("/")) if folder is not None and "\0" not in below else None

    def _listed_place(self, path: Path) -> Place | None:
        """The innermost listed folder that holds it."""
        places = list[tuple[Path, str]]()
        for name, folder in self._listed.items():
            home = resolved(folder)
            if home is not None and path.is_relative_to(home):
                places.append((path.relative_to(home), name))
        if not places or self.withheld.holds(path):
            return None
        below, name = min(places, key=lambda each: len(each[0].parts))
        if any(part.startswith(".") for part in below.parts):
            return None
        return Place(path=path, name="/".join((name, *below.parts)))

    def _refusal(self) -> UserError:
        if not self._listed:
            return UserError("No folder may be watched here.", cure=CURE)
        return UserError(f"That folder is not among those that may be watched: {', '.join(self.names)}.", cure=CURE)


def accepts(url: str) -> bool:
    """Whether it is `folder`, `folder:NAME`, an absolute path or a file:// address."""
    return _NAMED.fullmatch(url.strip()) is not None or path_of(url) is not None


def path_of(url: str) -> Path | None:
    """An absolute path out of a path or a file:// address; None for anything else."""
    url = url.strip()
    if not url or "\0" in url or len(url) > 4096:
        return None
    if url.lower().startswith("file://"):
        parts = urlsplit(url)
        if parts.netloc not in ("", "localhost"):
            return None
        url = unquote(parts.path)
    path = Path(url)
    return path if path.is_absolute() and "\0" not in url else None


def resolved(path: Path) -> Path | None:
    """The path without links and `..`; None where the system cannot tell: links in a circle, names too long."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _number(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return facts.st_dev, facts.st_ino


def _by_name(folders: Sequence[Path]) -> dict[str, Path]:
    """Each by its last component. Raises UserError where one has none, or two have the same."""
    by_name = dict[str, Path]()
    for folder in map(Path.absolute, folders):
        name = " ".join((folder.name if folder.name != ".." else folder.resolve().name).split())
        if not name:
            raise UserError(f"WATCHWORD_FOLDERS: “{folder}” has no name.", cure="List folders like /srv/news.")
        if name.casefold() in map(str.casefold, by_name):
            raise UserError(
                f"WATCHWORD_FOLDERS: two folders are called “{name}”, and chats know them by that name.",
                cure="Rename one, or list a link to it that has another name.",
            )
        by_name[name] = folder
    return by_name
