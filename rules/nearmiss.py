"""What a word or phrase found, or how near it came: the words of `explain` for leaves."""

from rules.nodes import Run
from rules.page import Page
from rules.stems import language, stemmer
from rules.words import words

_MOST = 3  # spellings shown


def of_run(run: Run, page: Page, lang: str) -> str:
    """A few words; empty when there is nothing to tell."""
    hits = run.hits(page)
    if hits is not None:
        return _found(run, page, len(hits), [page.quote(page.span(first, last)) for first, last, _ in hits[:50]])
    lang = language(lang)
    if not run.lang and stemmer(lang) is not None:
        inflected = run_in(run, lang)
        others = inflected.hits(page)
        if others:
            first, last, _ = others[0]
            return f"found “{page.quote(page.span(first, last))}”; write {inflected.write()}"
    return _missing_words(run, page) if len(run.words) > 1 else _inside(run, page)


def run_in(run: Run, lang: str) -> Run:
    """The run with each word inflected."""
    stem = stemmer(lang)
    assert stem is not None, f"no stemmer for {lang!r}"
    return Run(tuple(stem(word) for word in run.shown), lang, run.glued, run.shown)


def _found(run: Run, page: Page, count: int, texts: list[str]) -> str:
    spellings = list(dict.fromkeys(" ".join(words(text)) for text in texts))
    shown = ", ".join(f"“{text}”" for text in spellings[:_MOST])
    more = ", …" if len(spellings) > _MOST else ""
    return f"{count} hit{'s' * (count != 1)}: {shown}{more}"


def _missing_words(run: Run, page: Page) -> str:
    keys = page.forms(run.lang).keys
    missing = [shown for word, shown in zip(run.words, run.shown, strict=True) if word not in keys]
    if missing:
        return f"not found: {', '.join(dict.fromkeys(missing[:_MOST]))}"
    return "its words are there, but not in a row"


def _inside(run: Run, page: Page) -> str:
    """A longer word that holds it: the reader may wonder why that did not count."""
    longer = next((key for key in sorted(page.forms(run.lang).keys) if run.words[0] in key), "")
    return f"only inside “{longer[:40]}”, which is another word" if longer else "not found"
