from pathlib import Path

import pytest

from bot import registry
from bot.config import AdapterSettings, describe, in_force, load
from bot.errors import UserError
from bot.logs import secrets_of
from bot.sources.imap import ImapSettings


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_nothing() -> None:
    settings = load()
    assert settings.poll_min_seconds == 60
    assert settings.http_host == "127.0.0.1"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("watchword.toml").write_text('poll_min_seconds = 90\nallow_networks = ["10.0.0.0/8"]\nhttp_port = 1234\n')
    monkeypatch.setenv("WATCHWORD_HTTP_PORT", "4321")
    settings = load()
    assert (settings.poll_min_seconds, settings.http_port) == (90, 4321)
    assert [str(net) for net in settings.allow_networks] == ["10.0.0.0/8"]


def test_networks_are_a_comma_separated_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_ALLOW_NETWORKS", "10.0.0.0/8, ::1/128")
    assert [str(net) for net in load().allow_networks] == ["10.0.0.0/8", "::1/128"]


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHWORD_HTTP_PORT", "many")
    monkeypatch.setenv("WATCHWORD_POLL_MIN_SECONDS", "0")
    monkeypatch.setenv("WATCHWORD_ALLOW_NETWORKS", "10.0.0.0/33")
    monkeypatch.setenv("WATCHWORD_LOG_LEVEL", "loud")
    with pytest.raises(UserError) as caught:
        load()
    told = str(caught.value)
    for name in ("HTTP_PORT", "POLL_MIN_SECONDS", "ALLOW_NETWORKS", "LOG_LEVEL"):
        assert f"WATCHWORD_{name}" in told


def test_an_unknown_setting_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("watchword.toml").write_text("pol_min_seconds = 90\n")
    with pytest.raises(UserError, match="WATCHWORD_POL_MIN_SECONDS"):
        load()
    Path("watchword.toml").unlink()
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKN", "1:x")
    with pytest.raises(UserError) as caught:
        load()
    assert "WATCHWORD_TELEGRAM_TOKN" in str(caught.value)
    assert "WATCHWORD_TELEGRAM_TOKEN" in str(caught.value)


def test_a_damaged_file_is_told_with_its_place() -> None:
    Path("watchword.toml").write_text("http_port = = 3\n")
    with pytest.raises(UserError, match=r"watchword\.toml.*line 1"):
        load()


def test_a_token_may_come_from_a_file_but_not_from_both(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("token").write_text("123:abcdefghijkl\n")
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKEN_FILE", "token")
    assert secrets_of(load()) == ["123:abcdefghijkl"]
    assert "abcdefghijkl" not in repr(load())
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKEN", "456:x")
    with pytest.raises(UserError, match="keep one"):
        load()
    monkeypatch.delenv("WATCHWORD_TELEGRAM_TOKEN")
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKEN_FILE", "nowhere")
    with pytest.raises(UserError, match="cannot read nowhere"):
        load()


def test_wrong_settings_of_adapters_are_told_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("watchword.toml").write_text('imap_port = 0\nimap_hots = "x"\n')
    monkeypatch.setenv("WATCHWORD_HTTP_PORT", "many")
    monkeypatch.setenv("WATCHWORD_SLACK_APP_TOKEN_FILE", "nowhere")
    monkeypatch.setenv("WATCHWORD_TELEGRAM_TOKN", "1:x")
    with pytest.raises(UserError) as caught:
        load()
    told = str(caught.value).splitlines()
    assert len(told) == 5
    for line, words in zip(
        told,
        (
            "IMAP_HOTS (in watchword.toml): there is no such setting; did you mean WATCHWORD_IMAP_HOST?",
            "TELEGRAM_TOKN: there is no such setting; did you mean WATCHWORD_TELEGRAM_TOKEN?",
            "HTTP_PORT: ",
            "IMAP_PORT: ",
            "SLACK_APP_TOKEN: slack_app_token_file: cannot read nowhere",
        ),
        strict=True,
    ):
        assert f"WATCHWORD_{words}" in line


def test_the_toml_file_may_name_lists_and_secret_files() -> None:
    Path("token").write_text("123:abcdefghijkl\n")
    Path("watchword.toml").write_text('telegram_token_file = "token"\nimap_folders = ["INBOX", "News, all"]\n')
    settings = load()
    assert settings.of(ImapSettings).imap_folders == ("INBOX", "News, all")
    assert settings.secrets() == ["123:abcdefghijkl"]
    assert in_force(settings)["WATCHWORD_TELEGRAM_TOKEN_FILE"] == "token"


def test_a_name_has_one_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(AdapterSettings):
        imap_host: str = ""

    monkeypatch.setattr(registry.module("bot.chats", "local"), "Other", Other, raising=False)
    with pytest.raises(UserError, match=r"WATCHWORD_IMAP_HOST: declared by .* and by .*imap"):
        load()


def test_every_setting_says_what_it_means() -> None:
    names = [name for name, _, _ in describe()]
    assert "WATCHWORD_SEED_DIR" in names
    assert all(meaning for _, _, meaning in describe())
