from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.visits.schedule import LONGEST, LONGEST_BACK_OFF, LONGEST_RETRY, after_failure, after_success
from bot.errors import PermanentError, TransientError
from bot.model import Feed, Poll
from tests.fakes import NOON

LEAST = timedelta(minutes=1)
MINUTES = st.integers(1, 60).map(lambda number: timedelta(minutes=number))


def feed(**more: object) -> Feed:
    return Feed(id="f", kind="feed", url="https://a.example/", polled_at=NOON, **more)  # type: ignore[arg-type]


@given(MINUTES, st.integers(0, 50), st.none() | MINUTES)
def test_the_next_visit_keeps_its_bounds(interval: timedelta, new: int, wait: timedelta | None) -> None:
    after = after_success(feed(interval=interval, failures=3, last_error="x"), Poll(wait=wait), new, NOON, LEAST)
    assert after.next_poll_at is not None
    assert LEAST <= after.next_poll_at - NOON <= LONGEST * 1.1
    assert wait is None or after.next_poll_at - NOON >= min(wait, LONGEST)
    assert (after.failures, after.last_error, after.polled_at) == (0, "", NOON)


def test_it_learns_the_feeds_rhythm() -> None:
    busy = quiet = feed(interval=timedelta(minutes=10))
    for _ in range(20):
        busy = after_success(busy, Poll(), 3, NOON, LEAST)
        quiet = after_success(quiet, Poll(unchanged=True), 0, NOON, LEAST)
    assert busy.interval == LEAST
    assert quiet.interval == LONGEST


def test_a_first_visits_stock_says_nothing_of_the_rhythm() -> None:
    fresh = Feed(id="f", kind="feed", url="https://a.example/")
    assert after_success(fresh, Poll(), 40, NOON, LEAST).interval == fresh.interval


def test_a_move_for_good_is_followed_and_a_note_kept() -> None:
    after = after_success(feed(), Poll(moved_to="https://b.example/", note="1 lost", title="T"), 1, NOON, LEAST)
    assert (after.url, after.note, after.title) == ("https://b.example/", "1 lost", "T")
    assert after_success(after, Poll(unchanged=True), 0, NOON, LEAST).note == "1 lost"


@given(st.integers(0, 60))
def test_failures_back_off_up_to_a_bound(failures: int) -> None:
    before = feed(failures=failures)
    after = after_failure(before, TransientError("no answer"), NOON, LEAST)
    assert after.next_poll_at is not None
    assert before.interval <= after.next_poll_at - NOON <= LONGEST_BACK_OFF * 1.1
    assert (after.failures, after.last_error) == (failures + 1, "no answer")


@given(st.integers(1, 100_000))
def test_retry_after_is_obeyed(seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    after = after_failure(feed(), TransientError("busy", retry_after=asked), NOON, LEAST)
    assert after.next_poll_at is not None
    assert after.next_poll_at - NOON >= min(asked, LONGEST_RETRY)


def test_what_is_gone_is_not_asked_again() -> None:
    after = after_failure(feed(), PermanentError("410", gone=True), NOON, LEAST)
    assert after.next_poll_at is None
    assert after_failure(feed(), PermanentError("404"), NOON, LEAST).next_poll_at is not None


def test_feeds_that_were_added_together_drift_apart_the_same_way_everywhere() -> None:
    feeds = [Feed(id=f"f{number}", kind="feed", url="u", polled_at=NOON) for number in range(50)]
    times = [after_success(one, Poll(), 0, NOON, LEAST).next_poll_at for one in feeds]
    assert len(set(times)) > 45
    assert times == [after_success(one, Poll(), 0, NOON, LEAST).next_poll_at for one in feeds]


def test_a_folder_of_our_own_is_looked_at_always_as_often() -> None:
    own = timedelta(seconds=2)
    folder = feed(interval=timedelta(minutes=10))
    for new in (0, 0, 5, 0):
        folder = after_success(folder, Poll(entries=()), new, NOON, own, longest=own)
        assert folder.interval == own
    failed = after_failure(feed(interval=timedelta(hours=1)), TransientError("gone"), NOON, own, own)
    assert failed.next_poll_at is not None
    assert failed.next_poll_at - NOON < timedelta(seconds=5)
