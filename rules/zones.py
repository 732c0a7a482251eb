"""The parts of a text that rules name."""

from itertools import islice

from rules.page import Page
from rules.passages import each_paragraph
from rules.words import words

LEAD_PARAGRAPHS = 2


def window(zone: str, page: Page) -> tuple[int, int]:
    """The positions of a zone, half-open: "title", "body", "lead", or "first/n", the first n words of the body.

    Raises KeyError for another name.
    """
    name, _, number = zone.partition("/")
    if name == "first":
        return page.body_start, page.body_start + int(number)
    if name == "lead":
        return 0, page.body_start + lead_words(page.body)
    return {"title": (0, page.body_start), "body": (page.body_start, page.end)}[name]


def lead_words(body: str) -> int:
    """How many words of the body belong to the lead; the title does as well."""
    end = next(islice(each_paragraph(body), LEAD_PARAGRAPHS, None), len(body))
    return len(words(body[:end]))
