"""Passages of a text."""

from rules.page import Page


def window(zone: str, page: Page) -> tuple[int, int]:
    """Where a zone begins and ends."""
    raise KeyError(zone)
