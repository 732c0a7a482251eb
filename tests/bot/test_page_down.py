"""Watched pages that are away for a while: the notice is no news, nor is the old text when it returns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import PermanentError, TransientError
from bot.model import Feed
from bot.reading.text.notices import is_check, says_down
from bot.sources.page import PageSource
from tests.bot.pageweb import PageWeb
from tests.fakes import NOON, FakeClock, FakeWorker

URL = "https://ferry.example/timetable"
PART, WHOLE, LINKS = URL + "#text=main", URL + "#text", URL + "#links=main"
LINES = (
    "The ferry to Holm leaves at 8, 11 and 15 o'clock from the northern quay.",
    "Cars wait in lane two; bicycles are taken on board first.",
    "The last boat on Sundays is the one at 15 o'clock.",
    "In heavy weather the captain decides; call the harbour office.",
)
ADDED = "From Monday there is a boat at 18 o'clock too."


def page(*lines: str, title: str = "Timetable") -> bytes:
    return f"<title>{title}</title><body><main>{''.join(f'<p>{line}</p>' for line in lines)}</main>".encode()


async def told(
    address: str, bodies: Sequence[bytes], *, apart: timedelta = timedelta(minutes=10), parts: bool = True
) -> list[str]:
    """What each visit tells: its entries' text, nothing, or "away"; the first visit's is left out."""
    clock, web = FakeClock(NOON), PageWeb()
    pages = PageSource(web, FakeWorker(), clock, timedelta(minutes=1))
    feed, answers = Feed(id="f", kind="page", url=address), list[str]()
    for body in bodies:
        web.pages[URL] = body
        try:
            poll = await pages.poll(feed)
        except (TransientError, PermanentError):
            answers.append("away")
        else:
            answers.append(" / ".join((entry.content if parts else entry.title) for entry in poll.entries))
            feed = replace(feed, cursor=poll.cursor, polled_at=clock())
        clock.now += apart
    return answers[1:]


NOTICES = (
    "We'll be back soon. This site is down for maintenance.",
    "Unsere Website wird gerade gewartet: Wartungsarbeiten bis 14 Uhr.",
    "Le site est en cours de maintenance.",
    "El sitio web está en mantenimiento.",
    "O site está em manutenção.",
    "Сайт временно недоступен: ведутся технические работы.",
    "Сайт тимчасово недоступний.",
    "网站维护中，请稍后再来。",
    "ただいまサイトのメンテナンス中です。",
    "الموقع تحت الصيانة",
    "वेबसाइट रखरखाव में है।",
    "503 Service Temporarily Unavailable",
    "404 Not Found",
    "Just a moment...",
    "Please log in to continue",
    "Bitte warten…",
    "Veuillez patienter",
    "Пожалуйста, подождите",
    "请稍候…",
)


@pytest.mark.parametrize("address", [PART, WHOLE])
@pytest.mark.parametrize("notice", NOTICES)
async def test_a_notice_is_no_news_nor_is_the_text_that_returns(address: str, notice: str) -> None:
    visits = [page(*LINES), page(notice), page(notice, "Thank you."), page(*LINES), page(*LINES, ADDED)]
    assert await told(address, visits) == ["away", "away", "", ADDED]


async def test_what_is_new_since_before_the_notice_is_news() -> None:
    visits = [page(*LINES), page(NOTICES[0]), page(*LINES[1:], ADDED)]
    assert await told(PART, visits) == ["away", f"{ADDED}\n\nRemoved: {LINES[0]}"]


async def test_an_empty_page_is_as_a_notice() -> None:
    assert await told(PART, [page(*LINES), page(), page(*LINES), page(*LINES, ADDED)]) == ["away", "", ADDED]


async def test_a_few_unforeseen_words_are_news_but_the_text_that_returns_is_none() -> None:
    words = "Gone fishing, dear guests."
    first, back = await told(PART, [page(*LINES), page(words), page(*LINES)])
    assert first.startswith(words)
    assert back == ""
    assert (await told(PART, [page(*LINES), page(words), page("Still fishing."), page(*LINES, ADDED)]))[2] == ADDED


async def test_after_days_a_text_that_returns_is_a_state_that_came_back() -> None:
    answers = await told(PART, [page(*LINES), page("No ferry."), page(*LINES)], apart=timedelta(days=3))
    assert answers[1].startswith(LINES[0])


@pytest.mark.parametrize(
    "states",
    [
        ("Closed", "Open", "Closed"),
        ("Status: operational", "Status: under maintenance", "Status: operational"),
        (" ".join(LINES), "The site is down for maintenance", " ".join(LINES)),
    ],
)
async def test_a_state_that_comes_back_is_news(states: tuple[str, str, str]) -> None:
    first, second, third = states
    assert await told(PART, [page(first), page(second), page(third)]) == [
        f"{second}\n\nRemoved: {first}",
        f"{third}\n\nRemoved: {second}",
    ]


async def test_another_text_of_its_length_is_a_change_and_so_is_the_return() -> None:
    other = tuple(line.replace("o", "u").replace("e", "i") for line in LINES)
    answers = await told(PART, [page(*LINES), page(*other), page(*LINES)])
    assert [answer.startswith(start) for answer, start in zip(answers, (other[0], LINES[0]), strict=True)] == [True] * 2


async def test_a_page_about_maintenance_is_read_as_any_other() -> None:
    lines = ("Next maintenance of our site: Tuesday", *LINES)
    new = "The site will be down for maintenance on Friday."
    assert (await told(PART, [page(*lines), page(new)]))[0].startswith(new)


async def test_a_notice_is_known_by_its_title_where_the_page_had_another() -> None:
    sorry = page("Sorry!", title="503 Service Unavailable")
    assert await told(PART, [page("Open"), sorry, page("Open")]) == ["away", ""]
    assert (await told(PART, [page("Open", title="Site maintenance"), page("Closed", title="Site maintenance")])) != [
        "away"
    ]


async def test_links_of_a_notice_are_no_articles() -> None:
    link = '<a href="/{0}">The {0} of the harbour of Holm</a>'
    there = page(link.format("quay"), link.format("light"))
    sorry = page(link.format("status"), title="We'll be back soon!")
    assert await told(LINKS, [there, sorry, there], parts=False) == ["away", ""]


@pytest.mark.parametrize(
    "line",
    [
        "The museum is closed for maintenance until May",
        "Line 4 is down: maintenance of the track",
        "Die Brücke ist wegen Wartungsarbeiten gesperrt",
        "Ferry service temporarily unavailable",
        "Wait for the pilot at buoy 4",
        "Police: access to the square denied",
        "The ministry's site in Kyiv was hit; power is unavailable",
        "Сайт опубликовал список работ",
    ],
)
def test_news_that_sounds_like_a_notice(line: str) -> None:
    assert not says_down(line)
    assert not is_check(line)
