"""The parts of a text that rules name."""

from rules.page import Page

LEAD_PARAGRAPHS = 2


def window(zone: str, page: Page) -> tuple[int, int]:
    """The positions of a zone, half-open: "title", "body", "lead", or "first/n", the first n words of the body.

    Raises KeyError for another name.
    """
    name, _, number = zone.partition("/")
    if name == "first":
        return page.body_start, page.body_start + int(number)
    if name == "lead":
        starts = page.passages("body", "paragraph")
        last = starts[LEAD_PARAGRAPHS] if len(starts) > LEAD_PARAGRAPHS else len(page.body)
        return 0, page.spot("body", last) if last < len(page.body) else page.end
    return {"title": (0, page.body_start), "body": (page.body_start, page.end)}[name]
