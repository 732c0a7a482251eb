"""What changes on a page without being news: clocks, "5 minutes ago", "12 comments", session ids in addresses."""

import re

from bot.addresses import canonical_url

_END = r"\w{0,12}"  # bounded, or a line of nothing but "marmarmar..." takes the square of its length
_UNITS = (
    r"(?:s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?|sekunden?|minuten?|stunden?"
    r"|tage?n?|wochen?|monate?n?|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|segundos?|minutos?|horas?"
    r"|días?|semanas?|meses|años?|д(?:ень|ня|ней)"
    rf"|(?:сек|мин|час|недел|хв|годин|дні|тиж){_END})"
)
_AMOUNT = r"(?:\d{1,6}|an?|one|eine[rmn]?|une?|una?)"
_AGO = re.compile(
    rf"\b{_AMOUNT} ?(?:{_UNITS}) (?:ago|назад|тому)\b|\b(?:vor|il y a|hace) (?:etwa )?{_AMOUNT} (?:{_UNITS})\b"
    r"|\bjust now\b|\bmoments ago\b",
    re.I,
)
_THINGS = (
    r"(?:comments?|repl(?:y|ies)|views?|reads?|readers?|likes?|shares?|visitors?|visits?|users? online|online|votes?"
    r"|followers?|upvotes|points?|downloads?|reactions?|kommentare?|aufrufe?|besucher|commentaires?|vues?|partages"
    rf"|comentarios?|vistas?|lecturas|(?:комментари|просмотр|коментар|перегляд){_END})"
)
_COUNT = r"\d[\d.,' ]{0,15}[kKmM]?"
_COUNTER = re.compile(rf"{_COUNT} ?(?:{_THINGS})\b|\b(?:{_THINGS}) ?[:(] ?{_COUNT}\)?", re.I)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|f[ée]v|avr|juin|juil|ao[ûu]t|d[ée]c|ene"
    r"|abr|ago|dic|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|квіт|трав|черв|лип|серп|вер|жовт"
    rf"|лист|груд){_END}"
)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S{0,20})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}[:h]\d\d(?::\d\d)?"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)? (?:{_MONTHS})\.?(?:,? \d{{4}})?|(?:{_MONTHS})\.? \d{{1,2}}(?:,? \d{{4}})?"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:am|pm|utc|gmt|cet|cest|uhr|est|edt)\b",
    re.I,
)
_STAMP = re.compile(
    r"^\W*(?:last |page |site )?(?:updated?|modified|changed|generated|refreshed|today|now|current time|as of|©"
    r"|copyright|stand|aktualisiert|zuletzt|mis à jour|dernière mise à jour|actualizado|última actualización"
    r"|обновлено|оновлено|сейчас|зараз)\b",
    re.I,
)
_LONGEST = 2_000  # characters of a line by which it is told from others
_LETTERS = re.compile(r"[^\W\d_]{2}")
_GLUE = re.compile(r"[\d\s.,:;|/()·•–—-]+")
_SESSION = re.compile(r"(?:phpsessid|jsessionid|aspsessionid\w{0,20}|sid|session_?id|_ga|cachebuster|nocache)=", re.I)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)


def meaning(line: str) -> str:
    """A line without what changes by itself: two lines that mean the same are the same; empty for mere noise.

    Dates and times are noise only where nothing else stands, or behind "updated": a deadline that moves is news.
    """
    line = _COUNTER.sub(" ", _AGO.sub(" ", " ".join(line[:_LONGEST].split())))
    bare = _DATE.sub(" ", line) if any(mark.isdigit() for mark in line) else line
    if bare != line and (_STAMP.match(line) or not _LETTERS.search(bare)):
        line = bare if _STAMP.match(line) else _GLUE.sub(" ", bare)
    return " ".join(line.split()).casefold()


def without_counters(title: str) -> str:
    """A headline as it is, but for "(12 comments)" and "5 minutes ago" around it."""
    bare = _COUNTER.sub("", _AGO.sub("", title))
    return " ".join(bare.replace("()", "").replace("[]", "").split()).strip(" ·|•–—-") or title


def link_identity(url: str) -> str:
    """The address by which a link is known again: canonical, and without session ids. Empty unless http(s)."""
    url = canonical_url(_PATH_SESSION.sub("", url))
    path, _, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _SESSION.match(part))
    return f"{path}?{kept}" if kept else path
