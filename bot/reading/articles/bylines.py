"""A title without the name of its site, and an author without what is no person: dates, agencies, "Admin"."""

import re

from bot.reading.text.datewords import MONTHS, folded

_PARTS = re.compile(r"(.*\S)\s+(?:[|·•»«-]|–|—|::|//)\s+(.+)", re.S)
_SOUND = re.compile(r"[\W_]+")
_SMALL = re.compile(r"^(?:the|der|die|das|le|la|les|el|il)\s+|\s+(?:news|online)$|\.(?:com|org|net|co\.uk|de|ua|fr)$")
_NO_NAME = frozenset({"co", "com", "org", "net", "gov", "gob", "gouv", "ac", "edu"})
_ADDRESS = re.compile(r"https?://\S+")
_BY = re.compile(r"^(?:by|von|par|por|di|door|автор|от)\b:?\s+", re.I)
_NUMBERS = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[T ]+\d\d:\d\d\S*)?|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}"
    r"|\b\d{1,2}[:.h]\d\d(?::\d\d)?\b(?:\s?(?:[ap]m|uhr|[A-Z]{3,4}\b))?",
    re.I,
)
_DAY_MONTH = re.compile(r"\b\d{1,2}\.?\s+([^\W\d_]{3,12})\.?,?\s+\d{4}\b|\b([^\W\d_]{3,12})\.?\s+\d{1,2},?\s+\d{4}\b")
_AROUND_DATE = re.compile(
    r"[\s,;|·•–—-]*\b(?:published|posted|updated|on|at|am|um|le)\b[\s:]*$|^[\s,;|·•–—-]+|[\s,;|·•–—-]+$", re.I
)
_BETWEEN = re.compile(r"\s*[,;/|]\s*|\s+(?:and|und|et|y|&|with|mit|i|и|та)\s+")
_NAMES = """
    reuters|thomson reuters|ap|associated press|the associated press|ap news|afp|agence france-presse|afp news|dpa
    dpa-infocom|apa|sda|keystone-sda|ats|ansa|efe|europa press|tass|тасс|interfax|интерфакс|xinhua|pti|ani|ians|upi
    pa media|press association|epa|ria novosti|риа новости|ukrinform|укрінформ|укринформ|kyodo|kyodo news|yonhap|anp
    belga|lusa|ntb|ritzau|pap|ctk|čtk|mti|kna|epd|agencies|agency|agenturen|wires|wire|wire services|news agencies
    admin|administrator|administrador|administrateur|адмін|админ|администратор|адміністратор|user|root|wordpress
    webmaster|redaktion|die redaktion|online-redaktion|onlineredaktion|redaktor|redakcja|redactie|redacción|redaccion
    redazione|la redazione|rédaction|la rédaction|редакция|редакція|staff|our staff|staff writer|staff writers
    staff reporter|staff correspondent|staff editor|our correspondent|our reporter|editor|editors|the editors
    editorial|editorial staff|editorial team|editorial board|newsroom|news desk|newsdesk|web desk|news staff|news team
    web staff|author|guest|guest author|anonymous|unknown|none|null|undefined|n/a|by
"""  # agencies, then posts and programs
_NOBODY = frozenset(name.strip() for name in _NAMES.replace("\n", "|").split("|"))


def without_site(title: str, site: str, host: str) -> str:
    """ "Ferry aground | Courier" of the site "Courier", or of courier.example, is "Ferry aground"."""
    labels = host.casefold().split(".")[:-1]
    names = {_sound(site), _sound(host), _sound("".join(labels)), *(_sound(name) for name in _registered(labels))}
    names.discard("")
    while (parts := _PARTS.fullmatch(title)) and not names.isdisjoint({_sound(parts[2]), _sound(_bare(parts[2]))}):
        title = parts[1]
    return title


def _registered(labels: list[str]) -> list[str]:
    """The label that a site registered: courier of www.courier.co.uk."""
    return [label for label in labels if label not in _NO_NAME][-1:]


def _bare(name: str) -> str:
    return _SMALL.sub("", _SMALL.sub("", name.strip().casefold()))


def _sound(name: str) -> str:
    """What remains of a name when spaces, signs and capitals do not count."""
    return _SOUND.sub("", name.casefold())


def people(author: str) -> str:
    """The names in a byline, as they are written; empty when nobody is named."""
    author = _BY.sub("", _ADDRESS.sub("", author).strip())
    undated = _DAY_MONTH.sub(lambda date: " " if _month(date[1] or date[2]) else date[0], _NUMBERS.sub(" ", author))
    if undated != author:
        author = _trimmed(undated)
    names = _BETWEEN.split(author)
    persons = [name for name in names if not _is_nobody(name)]
    return author if len(persons) == len(names) else ", ".join(persons)


def _trimmed(text: str) -> str:
    while (shorter := _AROUND_DATE.sub("", text)) != text:
        text = shorter
    return " ".join(text.split())


def _month(word: str) -> bool:
    return folded(word).rstrip(".") in MONTHS


def _is_nobody(name: str) -> bool:
    name = name.strip(" .()").casefold()
    return name in _NOBODY or all(word in _NOBODY for word in name.split())
