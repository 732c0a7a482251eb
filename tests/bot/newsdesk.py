"""Documents for the tests of story grouping: templated notices, seeds, edited copies; drawn from a seeded `Draw`."""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.core.stories.grouper import Grouper
from bot.reading.documentfile import entries_of
from bot.reading.text.extract import to_document
from rules.document import Document

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
BODY = (
    "The harbour board has agreed to rebuild the lighthouse on Gull Point, which lost its lantern in the storm of "
    "January. Work is to start in May and to cost 2.4 million euros, most of it paid by the coast fund.\n\n"
    "Chair Edith Marlow said the light would burn again before winter. Fishermen had asked for a simple steel mast; "
    "the board preferred stone, because the tower stands on every postcard of the town.\n\n"
    "Until then a ship with a lamp lies off the rocks. Its crew of four changes every ten days, and the school has "
    "sent them a box of books."
)


def doc(name: str, body: str = BODY, title: str = "Lighthouse on Gull Point to be rebuilt", **more: object) -> Document:
    return Document(id=name, title=title, body=body, **more)  # type: ignore[arg-type]


# notices

PLACES = ("Hamburg", "Bremen", "Kiel", "Rostock", "Lübeck", "Emden", "Husum", "Cuxhaven", "Stade", "Wismar", "Jever")
NAMES = ("Alder", "Brandt", "Calder", "Dorn", "Easton", "Fenner", "Garth", "Holm", "Ibsen", "Jarrow", "Keller", "Lorne")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Draw = random.Random


def results(r: Draw) -> tuple[str, str]:
    name, up, quarter = r.choice(NAMES), r.choice(("rose", "fell")), r.choice(("first", "second", "third"))
    return f"{name}: quarterly results", (
        f"{name} AG reported revenue of {r.randrange(100, 999)}.{r.randrange(9)} million euros in the {quarter} "
        f"quarter. Operating profit {up} to {r.randrange(10, 99)} million euros. The board confirms its forecast for "
        f"the full year and proposes a dividend of {r.randrange(10, 90)} cents a share. The full report is available."
    )


def quake(r: Draw) -> tuple[str, str]:
    size, time = f"{r.randrange(3, 7)}.{r.randrange(10)}", f"{r.randrange(24):02}:{r.randrange(60):02}"
    side = r.choice(("north", "south", "east", "west"))
    return f"Earthquake notice: magnitude {size}", (
        f"An earthquake of magnitude {size} was recorded at {time} local time, {r.randrange(2, 80)} km {side} of "
        f"{r.choice(PLACES)}, at a depth of {r.randrange(5, 40)} km. This is an automatic notice and has not been "
        "checked by a seismologist. If you felt the shock, please fill in the form on our website."
    )


def match(r: Draw) -> tuple[str, str]:
    home, away = r.sample(NAMES, 2)
    return f"{home} v {away}", (
        f"{home} beat {away} {r.randrange(2, 5)}-{r.randrange(2)} on {r.choice(DAYS)} before {r.randrange(900, 9000)} "
        f"spectators. The decisive goal fell in the {r.randrange(2, 90)}th minute after a corner. The hosts stay in "
        "the upper half of the table, the visitors remain in danger of going down and have not won away since May."
    )


def court(r: Draw) -> tuple[str, str]:
    place, who = r.choice(PLACES), f"{r.randrange(19, 80)}-year-old {r.choice(('man', 'woman'))}"
    crime = r.choice(("arson", "fraud", "burglary", "assault", "bribery", "smuggling"))
    return f"{place} court: hearing", (
        f"The regional court in {place} hears on {r.choice(DAYS)} at {r.randrange(8, 17)}:00 in room "
        f"{r.randrange(400)} the case against a {who} charged with {crime}. Witnesses are called for the morning. The "
        "hearing is public; reporters are asked to register with the press office on the day before. Cameras are not "
        "allowed in the room."
    )


def warning(r: Draw) -> tuple[str, str]:
    hazard, level = r.choice(("gusts", "rain", "ice", "thunderstorms")), r.choice(("yellow", "orange", "red"))
    return "Severe weather warning", (
        f"The weather service warns of {hazard} in {r.choice(PLACES)} from {r.choice(DAYS)} {r.randrange(24)}:00. The "
        f"warning level is {level}. Secure what stands outside, keep away from trees and do not drive with an empty "
        "trailer. The next bulletin follows in the evening; follow the advice of the fire brigade and of the police."
    )


def pegel(r: Draw) -> tuple[str, str]:
    place, day = r.choice(PLACES), r.choice(("Montag", "Dienstag", "Mittwoch", "Freitag"))
    return f"Pegelstand {place}", (
        f"Der Pegel in {place} steht am {day} um {r.randrange(24)} Uhr bei {r.randrange(200, 900)} Zentimetern und "
        f"{r.choice(('steigt', 'fällt'))} um {r.randrange(1, 9)} Zentimeter in der Stunde. Die Meldung wurde "
        "automatisch erstellt und nicht geprüft. Anwohner werden gebeten, Keller zu räumen und Fahrzeuge umzustellen."
    )


def recall(r: Draw) -> tuple[str, str]:
    maker, thing = r.choice(NAMES), r.choice(("kettle", "heater", "stroller", "drill", "toaster", "scooter"))
    return f"{maker} recalls {thing}", (
        f"{maker} recalls its {thing} of the series {r.choice('ABCDEFGH')}{r.randrange(10, 99)}, sold from "
        f"{r.choice(PLACES)} between {r.randrange(1, 15)} and {r.randrange(16, 30)} March. The cover may "
        f"{r.choice(('crack', 'melt', 'come loose', 'catch fire'))}; {r.randrange(2, 40)} cases are known. Customers "
        "should not use it any more and get their money back at the shop where they bought it. A receipt is not needed."
    )


def flaw(r: Draw) -> tuple[str, str]:
    name = f"CVE-2025-{r.randrange(10_000, 60_000)}"
    kind = r.choice(("a buffer overflow", "a path traversal", "an injection of commands", "a missing check of rights"))
    before = f"{r.randrange(1, 9)}.{r.randrange(20)}.{r.randrange(30)}"
    return f"{name}: {r.choice(NAMES)} Server", (
        f"{name} is {kind} in {r.choice(NAMES)} Server before {before}, which lets attackers in the network run code "
        f"of their own. The score is {r.randrange(4, 10)}.{r.randrange(10)}. No attacks are known so far. "
        "Administrators should install the update of the maker, or switch the interface off until they have done so."
    )


def appointment(r: Draw) -> tuple[str, str]:
    firm, person = r.sample(NAMES, 2)
    who, office = (
        f"{r.choice(('Anna', 'Lars', 'Mette', 'Jonas'))} {person}",
        r.choice(("finance", "operating", "sales")),
    )
    return f"{firm} appoints {office} chief", (
        f"The board of {firm} AG has appointed {who} as chief {office} officer from {r.randrange(1, 29)} "
        f"{r.choice(('May', 'June', 'July', 'September'))}. {person} comes from {r.choice(PLACES)}, has been with the "
        f"company for {r.randrange(2, 25)} years and follows {r.choice(NAMES)}, who retires. The chair of the board "
        "said that the company was glad to fill the office from its own ranks, and thanked all who had applied."
    )


TEMPLATES: tuple[Callable[[Draw], tuple[str, str]], ...] = (
    *(results, quake, match, court, warning, pegel),
    *(recall, flaw, appointment),
)


def notices(count: int, seed: int) -> Iterator[Document]:
    """`count` different notices, template after template."""
    draw, seen = Draw(seed), set[str]()
    while len(seen) < count:
        title, body = TEMPLATES[len(seen) % len(TEMPLATES)](draw)
        if body not in seen:
            seen.add(body)
            yield doc(f"n{len(seen)}", body, title, site="notices.example")


# near copies

SPELLINGS = (("ise", "ize"), ("our ", "or "), ("kilometre", "kilometer"), ("centre", "center"), ("defence", "defense"))


def prefix(text: str, r: Draw) -> str:
    return f"({r.choice(('Nordwire', 'Coast Press', 'Süd-Agentur'))}) - {text}"


def drop_paragraph(text: str, r: Draw) -> str:
    paragraphs = text.split("\n\n")
    if len(paragraphs) > 2:
        paragraphs.pop(r.randrange(1, len(paragraphs)))
    return "\n\n".join(paragraphs)


def slip(text: str, r: Draw) -> str:
    """Swap two letters inside a long word."""
    words = text.split(" ")
    at = r.choice([i for i, word in enumerate(words) if len(word) > 6 and word.isalpha()])
    cut = r.randrange(2, len(words[at]) - 2)
    word = words[at]
    words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def spelling(text: str, r: Draw) -> str:
    for british, american in SPELLINGS if " the " in text else ():
        text = text.replace(british, american)
    return text


def credit(text: str, r: Draw) -> str:
    return text + r.choice(("\n\nSource: Nordwire", "\n\nReporting by the Nordwire desk", "\n\n© Coast Press 2025"))


EDITS = (prefix, drop_paragraph, slip, spelling, credit)


def seed_documents() -> list[Document]:
    found = []
    for path in sorted(SEEDS.glob("[0-9]*")):
        if path.suffix in (".md", ".txt"):
            entries, _ = entries_of(path.name, path.read_text("utf-8"), NOW)
            found += [to_document(entry, feed_title="", feed_url="", now=NOW) for entry in entries]
    return found


def stream() -> list[Document]:
    """Notices, seeds and edited seeds, mixed."""
    draw = Draw(3)
    seeds = seed_documents()
    copies = [doc(f"{one.id}-copy", drop_paragraph(slip(one.body, draw), draw), one.title) for one in seeds]
    mixed = [*seeds, *copies, *notices(60, 11)]
    draw.shuffle(mixed)
    return mixed


def group_documents(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """(document id, cluster) in the order of arrival. A document without a date arrives with the one before it."""
    grouper = Grouper()
    at = datetime(1970, 1, 1, tzinfo=UTC)
    for document in documents:
        at = document.published_at or at
        yield document.id, grouper.place(document, at).story_id
