import io
import logging

import pytest
import structlog
from pydantic import SecretStr

from bot.chats.telegram import TelegramSettings
from bot.config import Settings
from bot.logs import MOST_A_MINUTE, MOST_EVENTS, Folding, set_up

CANARY = "987654:canary-in-the-mine"


@pytest.fixture(autouse=True)
def _restore_logging() -> object:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_no_secret_reaches_a_log_line_whoever_writes_it() -> None:
    stream = io.StringIO()
    set_up(Settings(log_level="debug").having(TelegramSettings(telegram_token=SecretStr(CANARY))), stream)
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", CANARY)
    structlog.get_logger("ours").warning("refused", token=CANARY)
    try:
        raise ValueError(f"bad token {CANARY}")
    except ValueError:
        logging.getLogger("lib").exception("it broke")
    told = stream.getvalue()
    assert told.count("[secret]") >= 3
    assert "refused" in told
    assert "it broke" in told
    assert CANARY not in told


def test_a_flood_of_one_event_is_folded_with_a_count_and_hides_no_other() -> None:
    stream = io.StringIO()
    set_up(Settings(), stream)
    for number in range(5_000):
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: %s", number)
        structlog.get_logger("ours").warning("a piece of work failed", piece=number)
    structlog.get_logger("ours").warning("another", piece=1)
    (handler,) = logging.getLogger().handlers
    late = logging.LogRecord("ours", logging.WARNING, "", 0, "two minutes later", None, None)
    late.created += 120
    handler.handle(late)
    lines = stream.getvalue().splitlines()
    assert sum("socket: " in line for line in lines) == MOST_A_MINUTE
    assert sum("piece=" in line for line in lines) == MOST_A_MINUTE + 1
    assert sum("4,990 more like this within a minute: socket.accept() out of" in line for line in lines) == 1
    assert sum("4,990 more like this within a minute: a piece of work failed" in line for line in lines) == 1
    assert "two minutes later" in lines[-1]


def test_what_is_still_counted_is_told_at_the_end() -> None:
    stream = io.StringIO()
    set_up(Settings(), stream)
    for number in range(MOST_A_MINUTE + 3):
        logging.getLogger("lib").warning("again %s", number)
    (handler,) = logging.getLogger().handlers
    handler.close()
    assert "3 more like this within a minute: again %s" in stream.getvalue()


def test_so_many_different_events_do_not_fill_the_memory() -> None:
    set_up(Settings(), io.StringIO())
    for number in range(5_000):
        logging.getLogger("lib").warning(f"event {number}")
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, Folding)
    assert len(handler._counts) <= MOST_EVENTS + 1
