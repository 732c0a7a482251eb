"""Lengths and ends as people type them, in the zone of the chat."""

import string
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.reading.times import LONGEST, read_end, read_since
from bot.reading.times.vocabulary import TOKENS

KYIV, NEW_YORK, KOLKATA = ZoneInfo("Europe/Kyiv"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
ZONES = {"kyiv": KYIV, "new york": NEW_YORK, "kolkata": KOLKATA, "utc": UTC}
TUESDAY = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)  # 12:30 in Kyiv, 05:30 in New York, 16:00 in Kolkata

# What is typed | the end on the clock of Kyiv.
IN_KYIV = """
2h | 01.12.2026 14:30
90 min | 01.12.2026 14:00
90min | 01.12.2026 14:00
30m | 01.12.2026 13:00
1h30 | 01.12.2026 14:00
1h 30m | 01.12.2026 14:00
1,5 hours | 01.12.2026 14:00
2 HOURS | 01.12.2026 14:30
1d 12h | 03.12.2026 00:30
2 weeks and 1 day | 16.12.2026 12:30
for an hour | 01.12.2026 13:30
for hour | 01.12.2026 13:30
for half an hour | 01.12.2026 13:00
for a quarter of an hour | 01.12.2026 12:45
for an hour and a half | 01.12.2026 14:00
for one and a half hours | 01.12.2026 14:00
for two hours | 01.12.2026 14:30
for the next 2 hours | 01.12.2026 14:30
for one week | 08.12.2026 12:30
for a couple of days | 03.12.2026 12:30
for a few hours | 01.12.2026 15:30
for a month | 01.01.2027 12:30
for 3 weeks. | 22.12.2026 12:30
until 2h | 01.12.2026 14:30
today | 01.12.2026 23:59
for the day | 01.12.2026 23:59
tonight | 01.12.2026 23:59
until tonight | 01.12.2026 23:59
eod | 01.12.2026 23:59
tomorrow | 02.12.2026 00:00
until tomorrow | 02.12.2026 00:00
for tomorrow | 02.12.2026 23:59
tomorrow 9:00 | 02.12.2026 09:00
tomorrow at 9 | 02.12.2026 09:00
until 9 tomorrow | 02.12.2026 09:00
until tomorrow morning | 02.12.2026 08:00
until tomorrow evening at 9 | 02.12.2026 21:00
until the day after tomorrow | 03.12.2026 00:00
until noon | 02.12.2026 12:00
until midnight | 02.12.2026 00:00
until friday midnight | 05.12.2026 00:00
until 24:00 | 02.12.2026 00:00
until 9 | 02.12.2026 09:00
until 18 | 01.12.2026 18:00
until 18:00 | 01.12.2026 18:00
18:00 | 01.12.2026 18:00
until 18.30 | 01.12.2026 18:30
until 12:30 | 02.12.2026 12:30
till 9pm | 01.12.2026 21:00
till 9 p.m. | 01.12.2026 21:00
until 9 am | 02.12.2026 09:00
until 12am | 02.12.2026 00:00
until 12pm | 02.12.2026 12:00
monday | 07.12.2026 00:00
until monday | 07.12.2026 00:00
until tuesday | 08.12.2026 00:00
until monday 9 | 07.12.2026 09:00
until mon 9:00 | 07.12.2026 09:00
until Mon, 9:00 | 07.12.2026 09:00
until monday at 9am | 07.12.2026 09:00
until tuesday 18:00 | 01.12.2026 18:00
until tuesday 9:00 | 08.12.2026 09:00
until 9 on monday | 07.12.2026 09:00
for monday | 07.12.2026 23:59
next monday | 07.12.2026 00:00
next friday | 11.12.2026 00:00
next week | 07.12.2026 00:00
for the next week | 08.12.2026 12:30
for next week | 13.12.2026 23:59
until next month | 01.01.2027 00:00
this week | 06.12.2026 23:59
until the end of the day | 01.12.2026 23:59
until the end of the week | 06.12.2026 23:59
until end of next week | 13.12.2026 23:59
until the end of the month | 31.12.2026 23:59
for the rest of the day | 01.12.2026 23:59
for the weekend | 06.12.2026 23:59
until the weekend | 05.12.2026 00:00
until 5 Dec | 05.12.2026 00:00
until Dec 5 | 05.12.2026 00:00
until 5th December 9:30 | 05.12.2026 09:30
until Dec 5, 2026 | 05.12.2026 00:00
until sat 5 Dec | 05.12.2026 00:00
until 30 Nov | 30.11.2027 00:00
05.12.2026 | 05.12.2026 00:00
until 05.12. | 05.12.2026 00:00
until 5.12.26 18:00 | 05.12.2026 18:00
2026-12-05 | 05.12.2026 00:00
2026-12-05 14:00 | 05.12.2026 14:00
2026-12-05T14:00 | 05.12.2026 14:00
2026/12/05 | 05.12.2026 00:00
12/05/2026 | 05.12.2026 00:00
25/12/2026 | 25.12.2026 00:00
12/25/2026 | 25.12.2026 00:00
für 2 Stunden | 01.12.2026 14:30
für eine halbe Stunde | 01.12.2026 13:00
für anderthalb Stunden | 01.12.2026 14:00
für eine Woche | 08.12.2026 12:30
bis morgen | 02.12.2026 00:00
bis morgen früh | 02.12.2026 08:00
bis übermorgen | 03.12.2026 00:00
bis Montag | 07.12.2026 00:00
bis Montag 9 Uhr | 07.12.2026 09:00
bis Mo 9:00 | 07.12.2026 09:00
bis 14h | 01.12.2026 14:00
bis 18.30 Uhr | 01.12.2026 18:30
bis zum 5. Dezember | 05.12.2026 00:00
bis Ende der Woche | 06.12.2026 23:59
bis zum Ende des Tages | 01.12.2026 23:59
bis nächste Woche | 07.12.2026 00:00
на 2 години | 01.12.2026 14:30
на годину | 01.12.2026 13:30
на півгодини | 01.12.2026 13:00
на тиждень | 08.12.2026 12:30
до завтра | 02.12.2026 00:00
до понеділка | 07.12.2026 00:00
до понеділка 9:00 | 07.12.2026 09:00
до пн 9:00 | 07.12.2026 09:00
до 5 грудня | 05.12.2026 00:00
до кінця тижня | 06.12.2026 23:59
до півночі | 02.12.2026 00:00
pour une heure | 01.12.2026 13:30
pour une demi-heure | 01.12.2026 13:00
pendant 2 jours | 03.12.2026 12:30
jusqu'à demain | 02.12.2026 00:00
jusqu’à demain à 9h | 02.12.2026 09:00
jusqu'à lundi 9h | 07.12.2026 09:00
jusqu'à lundi prochain | 07.12.2026 00:00
jusqu'à 14h30 | 01.12.2026 14:30
jusqu'au 5 décembre | 05.12.2026 00:00
jusqu'à la fin de la semaine | 06.12.2026 23:59
la semaine prochaine | 07.12.2026 00:00
por una hora | 01.12.2026 13:30
por dos horas y media | 01.12.2026 15:00
durante media hora | 01.12.2026 13:00
hasta mañana | 02.12.2026 00:00
hasta mañana por la mañana | 02.12.2026 08:00
hasta el lunes | 07.12.2026 00:00
hasta el lunes a las 9 | 07.12.2026 09:00
hasta el 5 de diciembre | 05.12.2026 00:00
"""
FORMS = [tuple(part.strip() for part in line.split("|")) for line in IN_KYIV.strip().splitlines()]


def end(argument: str, now: datetime = TUESDAY, zone: ZoneInfo = KYIV) -> str:
    read = read_end(f"troops {argument}", now, zone)
    assert read.thing == "troops"
    assert read.until is not None, read
    return f"{read.until.astimezone(zone):%d.%m.%Y %H:%M}"


@pytest.mark.parametrize(("typed", "expected"), FORMS, ids=[typed for typed, _ in FORMS])
def test_every_form(typed: str, expected: str) -> None:
    assert end(typed) == expected
    assert end(typed.upper()) == expected


@pytest.mark.parametrize(
    ("typed", "zone", "expected"),
    [
        ("tomorrow", "new york", "02.12.2026 00:00"),
        ("until noon", "new york", "01.12.2026 12:00"),
        ("until 5:30", "new york", "02.12.2026 05:30"),
        ("until monday 9", "new york", "07.12.2026 09:00"),
        ("2h", "new york", "01.12.2026 07:30"),
        ("until the end of the month", "new york", "31.12.2026 23:59"),
        ("until noon", "kolkata", "02.12.2026 12:00"),
        ("until 16:30", "kolkata", "01.12.2026 16:30"),
        ("tonight", "kolkata", "01.12.2026 23:59"),
        ("for a day", "kolkata", "02.12.2026 16:00"),
        ("until 5 Dec", "kolkata", "05.12.2026 00:00"),
    ],
)
def test_other_zones(typed: str, zone: str, expected: str) -> None:
    assert end(typed, zone=ZONES[zone]) == expected


def test_what_day_it_is_is_said_by_the_zone() -> None:
    late = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)  # Wednesday already in Kyiv and in Kolkata
    for zone, expected in (("kyiv", "03"), ("kolkata", "03"), ("new york", "02"), ("utc", "02")):
        assert end("tomorrow", late, ZONES[zone]) == f"{expected}.12.2026 00:00", zone  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "zone", "typed", "expected"),
    [
        # The clock goes from 03:00 to 04:00 in Kyiv: 03:30 is not there.
        ("2027-03-27T12:00", KYIV, "until sunday 3:30", "2027-03-28T01:30"),
        ("2027-03-27T12:00", KYIV, "for 1 day", "2027-03-28T11:00"),  # 14:00 again, 23 hours later
        ("2027-03-27T12:00", KYIV, "for 24h", "2027-03-28T12:00"),
        ("2027-03-27T23:00", KYIV, "until midnight", "2027-03-28T21:00"),
        ("2027-03-14T05:00", NEW_YORK, "until 2:30", "2027-03-14T07:30"),
        # It goes from 04:00 back to 03:00: 03:30 is there twice; the next one counts.
        ("2026-10-24T12:00", KYIV, "until sunday 3:30", "2026-10-25T00:30"),
        ("2026-10-25T00:45", KYIV, "until 3:30", "2026-10-25T01:30"),
        ("2026-10-25T01:45", KYIV, "until 3:30", "2026-10-26T01:30"),
        ("2026-10-24T12:00", KYIV, "for 1 day", "2026-10-25T13:00"),
        ("2026-11-01T05:45", NEW_YORK, "until 1:30", "2026-11-01T06:30"),
    ],
)
def test_clocks_that_are_set(now: str, zone: ZoneInfo, typed: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert read_end(typed, moment, zone).until == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("troops for banana", "“banana” is no length or time."),
        ("troops until blursday", "“blursday” is no length or time."),
        ("troops for", "How long?"),
        ("troops until", "Until when?"),
        ("troops until yesterday", "“until yesterday” is over: it was Mon 30 Nov 2026"),
        ("troops until 2020-01-01", "is over: it was Wed 01 Jan 2020"),
        ("troops until 30.11.2026", "is over"),
        ("troops until last week", "is over"),
        ("troops for 0h", "“for 0h” is no time at all"),
        ("troops for -2h", "“-2h” is no length or time"),
        ("troops for 2 parsecs", "“2 parsecs” is no length"),
        ("troops for 2 hours 5", "“2 hours 5” is no length"),
        ("troops for 1w and", "“1w and” is no length"),
        ("troops until monday 9 9", "“monday 9 9” is no length"),
        ("troops for half", "“half” is no length"),
        ("troops until end 9:00", "“end 9:00” is no length"),
        ("troops until next noon", "“next noon” is no length"),
        ("troops until monday a", "“monday a” is no length"),
        ("troops until 25:00", "“25:00” is no length or time"),
        ("troops until 31 June", "“31 June” is no length or time"),
        ("troops until sun 5 dec", "“sun 5 dec” is no length or time"),  # a Saturday
        ("troops until 01/02/2027", "can be 1 February 2027 or 2 January 2027"),
        ("troops until 12/10", "can be 12 October 2027 or 10 December 2026"),
        ("troops 9999d", "more than a year away"),
        ("troops for 999999999 years", "“for 999999999 years” is more than a year away"),
        ("fight for freedom", "“freedom” is no length or time"),
        ("troops bis Blumentag", "“Blumentag” is no length or time"),
        ("troops до банана", "“банана” is no length or time"),
        ("fight for freedom tomorrow", "“freedom tomorrow” is no length or time"),
    ],
)
def test_what_cannot_be_an_end_is_asked_about(typed: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_end(typed, TUESDAY, KYIV)
    assert said in str(caught.value)
    assert caught.value.cure


@pytest.mark.parametrize(
    ("typed", "thing", "ends", "sure"),
    [
        ("troops", "troops", False, True),
        ("5", "5", False, True),
        ("5 2h", "5", True, True),
        ("2h", "", True, True),
        ("for 2h troops", "troops", True, True),
        ("2h troops", "troops", True, False),
        ("for 2h fight for freedom", "fight for freedom", True, True),
        ("fight for freedom for 1d", "fight for freedom", True, True),
        ('"wait until dark"', '"wait until dark"', False, True),
        ("“fight for freedom”", "“fight for freedom”", False, True),
        ('"wait until dark" for 2h', '"wait until dark"', True, True),
        ('for 2h "wait until dark"', '"wait until dark"', True, True),
        ('"day after tomorrow', '"day after tomorrow', False, True),
        ("peace in 24h", "peace in", True, False),
        ("red friday", "red", True, False),
        ("troops\nfor 2h", "troops", True, True),
        ("black friday", "black friday", False, True),  # the topics of the chat
        ("World in 24h", "World in 24h", False, True),
        ("world in 24h for 2h", "world in 24h", True, True),
        ("black friday tomorrow", "black friday", True, True),
        ("black friday monday 9", "black friday", True, True),
    ],
)
def test_what_is_left(typed: str, thing: str, ends: bool, sure: bool) -> None:
    topics = {"black friday", "world in 24h"}
    read = read_end(typed, TUESDAY, KYIV, lambda name: name.casefold() in topics)
    assert (read.thing, read.until is not None, read.sure) == (thing, ends, sure)


@pytest.mark.parametrize(
    "words", ["forever", "for good", "for ever", "für immer", "bis auf weiteres", "назавжди", "pour toujours"]
)
def test_for_good_has_to_be_said(words: str) -> None:
    read = read_end(f"troops {words}", TUESDAY, KYIV)
    assert (read.thing, read.until, read.good) == ("troops", None, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("24h", "30.11.2026 12:30"),
        ("3d", "28.11.2026 12:30"),
        ("last 3 days", "28.11.2026 12:30"),
        ("the last hour", "01.12.2026 11:30"),
        ("today", "01.12.2026 00:00"),
        ("yesterday", "30.11.2026 00:00"),
        ("since yesterday 9pm", "30.11.2026 21:00"),
        ("since monday", "30.11.2026 00:00"),
        ("monday 9:00", "30.11.2026 09:00"),
        ("tuesday", "01.12.2026 00:00"),
        ("since 9", "01.12.2026 09:00"),
        ("since 18:00", "30.11.2026 18:00"),
        ("this week", "30.11.2026 00:00"),
        ("last week", "23.11.2026 00:00"),
        ("this month", "01.12.2026 00:00"),
        ("since 5 Dec", "05.12.2025 00:00"),
        ("10/11/2026", "10.11.2026 00:00"),
        ("seit Montag", "30.11.2026 00:00"),
        ("з понеділка", "30.11.2026 00:00"),
        ("depuis hier", "30.11.2026 00:00"),
        ("desde ayer", "30.11.2026 00:00"),
    ],
)
def test_how_far_back(words: str, expected: str) -> None:
    assert f"{read_since(words, TUESDAY, KYIV).astimezone(KYIV):%d.%m.%Y %H:%M}" == expected


@pytest.mark.parametrize(
    ("words", "said"), [("banana", "no length"), ("tomorrow", "to come"), ("", "no length"), ("9999 years", "too long")]
)
def test_how_far_back_it_cannot_be(words: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_since(words, TUESDAY, KYIV)


OTHERS = "for until bis до jusqu'à hasta 9 31 9:30 2h 24:00 12/05/2026 29.02. 0 99999"
WORDS = st.sampled_from([*TOKENS, *OTHERS.split()])
TYPED = st.one_of(
    st.text(st.characters(exclude_categories=["C"]), max_size=60),
    st.text(string.printable, max_size=40),
    st.lists(WORDS, max_size=7).map(" ".join),
)
MOMENTS = st.integers(0, 20 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(TYPED, MOMENTS, st.sampled_from([KYIV, NEW_YORK, KOLKATA]))
def test_whatever_is_typed_ends_later_or_is_refused_in_words(typed: str, now: datetime, zone: ZoneInfo) -> None:
    with suppress(UserError):
        read = read_end(typed, now, zone)
        assert read.until is None or now < read.until <= now + LONGEST
        assert read.until is None or read.until.utcoffset() == timedelta()
        assert read.thing in typed
    with suppress(UserError):
        assert read_since(typed, now, zone) <= now
