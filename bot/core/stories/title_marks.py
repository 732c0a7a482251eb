"""What outlets hang on a headline while its story grows: "(3)", "[Update 2]", "(3 photos)", "+++ 12:30 +++", "– live".

Such a mark makes no other headline. English, German, French, Spanish, Ukrainian and Russian.
"""

import re

_UPDATE = (
    r"updat(?:e[sd]?|ing)|upd|corrected|latest|new details|aktualisiert|aktualisierung|korrigiert"
    r"|mise à jour|mis à jour|maj|actualisé|corrigé|actualizad[oa]|actualización|corregid[oa]"
    r"|оновл(?:ено|ення|юється)|доповн(?:ено|ення)|виправлено|обновл(?:ено|ение|яется)|дополн(?:ено|яется)|исправлено"
)
_LIVE = (
    r"live(?: ?(?:blog|ticker|updates?|stream))?|newsblog|en direct|direct|en vivo|directo|en directo"
    r"|онлайн|наживо|прямий ефір|прямой эфир|прямая трансляция"
)
_MEDIA = (
    r"photos?|pictures?|pics?|images?|videos?|(?:photo )?gallery|audio|fotos?|bild(?:er)?(?:galerie|strecke)?"
    r"|fotostrecke|vid[ée]os?|vídeos?|diaporama|imágenes|galería|фото(?:графії|графии|галерея|репортаж)?|відео|видео"
    r"|світлини|снимки|інфографіка|инфографика"
)
_CLOCK = (
    r"(?:(?:stand|as of|at|um|à|a las|о|об|в|на)\b:? ?)?\d{1,2}[:.h]\d\d(?: ?(?:uhr|utc|gmt|cest|cet|h|[ap]\.?m\.?)\b)?"
)
_GROWS = rf"(?:{_UPDATE}|{_LIVE})\b(?: ?(?:#|n[o°]\.? ?)?\d{{1,3}})?"
_PART = rf"(?:{_GROWS}|(?:\+ ?)?(?:\d{{1,3}} )?(?:{_MEDIA})\b|{_CLOCK})"
_JOINT = r"(?: ?[,;:+/&|–—-] ?| (?:and|und|et|y|і|та|и) | )"
_PARTS = rf"{_PART}(?:{_JOINT}{_PART}){{0,3}}"
_INSIDE = rf"(?:{_PARTS}|\+?\d{{1,3}})"
_BOXED = rf"(?:[\[(（【] ?{_INSIDE} ?[\])）】]|\+{{2,5}} ?{_PARTS} ?\+{{2,5}})"
_AT_START = re.compile(rf"(?:{_BOXED}|(?:{_GROWS}|{_CLOCK}) ?(?:[:|–—]|- ))\s*", re.I)
_AT_END = re.compile(rf"\s*(?:{_BOXED}|(?: [–—-]|[|:]) ?{_GROWS})$", re.I)
_LAST_WORDS = re.compile(r"[.!?:]? (?:ФОТО|ВІДЕО|ВИДЕО)(?:(?:, ?| [+/і|и] ?)(?:ФОТО|ВІДЕО|ВИДЕО))?\.?$")
_NUMBERED = re.compile(
    r"\b(?:levels?|stage|category|grade|class|part|episode|group|phase|tier|zone|stufe|warnstufe|teil|klasse|kategorie"
    r"|folge|gruppe|niveau|partie|épisode|catégorie|nivel|parte|categoría|grupo|рівень|частина|категорія|група"
    r"|уровень|часть|категория|группа)\W*\(\d{1,3}\)$",
    re.I,
)
_ENDS = 60  # characters: no mark is longer
# Most headlines have nothing that a mark could be told by.
_OPENING, _PARTING = frozenset("([（【+"), frozenset("([（【+:|–—-")
_LAST = ("ФОТО", "ВІДЕО", "ВИДЕО", "ФОТО.", "ВІДЕО.", "ВИДЕО.")
_MOST = 4


def without_marks(title: str) -> str:
    """The headline that stands between such marks; the title itself where nothing else does.

    A number that a word counts, as in "Warning level (3)", tells events apart and stays.
    """
    for _ in range(_MOST):
        bare = _without_mark(title)
        if bare == title or not bare:
            break
        title = bare
    return title


def _without_mark(title: str) -> str:
    if title[:1] in _OPENING or not _PARTING.isdisjoint(title[:_ENDS]):
        start = _AT_START.match(title)
        if start is not None:
            return title[start.end() :]
    head, tail = title[:-_ENDS], title[-_ENDS:]
    if tail.endswith(_LAST):
        tail = _LAST_WORDS.sub("", tail)
    elif not _PARTING.isdisjoint(tail) and not (tail[-1] == ")" and _NUMBERED.search(tail)):
        tail = _AT_END.sub("", tail)
    return (head + tail).rstrip()
