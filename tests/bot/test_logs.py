import io
import logging

import pytest
import structlog
from pydantic import SecretStr

from bot.chats.telegram import TelegramSettings
from bot.config import Settings
from bot.logs import set_up

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
