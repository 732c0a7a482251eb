"""Settings: environment first, then `watchword.toml` in the working directory, then defaults; all errors at once."""

import difflib
import os
import re
import tomllib
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import UserError

TOML_FILE = Path("watchword.toml")
FOREIGN = ("WATCHWORD_TEST_", "WATCHWORD_CI")  # the project's own test tools
TOKENS = ("telegram_token", "slack_bot_token", "slack_app_token", "slack_signing_secret", "imap_password")


class Settings(BaseSettings):
    """Everything that can be set. A name `x` is `WATCHWORD_X` in the environment and `x = ...` in the TOML file."""

    model_config = SettingsConfigDict(
        env_prefix="WATCHWORD_", env_ignore_empty=True, toml_file=TOML_FILE, extra="forbid", frozen=True
    )

    data: Path = Field(Path("data"), description="Folder of the database; made when it is missing.")
    store: str = Field("sqlite", description="Which store to use: a file name of bot/stores.")
    seed_dir: Path | None = Field(
        None, description="Folder of documents that the first run reads and watches; default: seeds/ where it exists."
    )
    folders: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Folders, comma-separated, that everybody who can talk to the bot may have watched, by name."
    )
    http_port: int = Field(8484, ge=0, le=65535, description="Port of the local page on 127.0.0.1; 0 takes a free one.")
    http_host: str = Field("127.0.0.1", description="Address that the local page listens on.")
    poll_min_seconds: int = Field(60, ge=1, description="Least time between two visits to one web feed.")
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Private networks (CIDR, comma-separated) that sources may reach all the same."
    )
    retention_days: int = Field(90, ge=1, description="How long archived documents are kept.")
    log_level: str = Field("warning", pattern="^(debug|info|warning|error)$", description="How much is logged.")
    telegram_token: SecretStr | None = Field(None, description="Token of the Telegram bot, from @BotFather.")
    telegram_token_file: Path | None = Field(None, description="File that holds the token.")
    telegram_base_url: str = Field("https://api.telegram.org", description="Another Bot API server.")
    slack_bot_token: SecretStr | None = Field(None, description="Slack bot token, `xoxb-...`.")
    slack_bot_token_file: Path | None = Field(None, description="File that holds it.")
    slack_app_token: SecretStr | None = Field(None, description="Slack app token for Socket Mode, `xapp-...`.")
    slack_app_token_file: Path | None = Field(None, description="File that holds it.")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack signing secret: events arrive over HTTP at /slack/events instead of Socket Mode."
    )
    slack_signing_secret_file: Path | None = Field(None, description="File that holds it.")
    slack_base_url: str = Field("https://slack.com/api/", description="Another Slack Web API server.")
    contact: str = Field(
        "", max_length=200, description="Address at which site owners reach you; sent with each visit to a website."
    )
    public_url: str = Field(
        "", description="Address under which the internet reaches this page, for webhooks and WebSub: `https://...`."
    )
    imap_host: str = Field("", description="Mail server (IMAP) whose folders chats may watch.")
    imap_port: int = Field(993, ge=1, le=65535, description="Its port; 143 is usual with STARTTLS.")
    imap_starttls: bool = Field(False, description="Begin in the clear and turn to TLS before the password is sent.")
    imap_ca_file: Path | None = Field(None, description="Certificates to trust for it besides the system's (PEM).")
    imap_user: str = Field("", description="User name there.")
    imap_password: SecretStr | None = Field(None, description="Password there; many providers want an app password.")
    imap_password_file: Path | None = Field(None, description="File that holds it.")
    imap_folders: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Folders, comma-separated, that everybody who can talk to the bot may have watched."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(ip_network(str(part).strip()) for part in parts if str(part).strip())

    @field_validator("folders", "imap_folders", mode="before")
    @classmethod
    def _folders(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(name for part in parts if (name := str(part).strip()))

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if not re.fullmatch(r"[\x21-\x7e]*", value.strip()):
            raise ValueError("write one address without spaces, such as https://desk.example or desk@desk.example")
        return value.strip()

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        value = value.strip().rstrip("/")
        if value and not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", value):
            raise ValueError("write it like https://watchword.example, without ? and #")
        return value

    @model_validator(mode="before")
    @classmethod
    def _read_token_files(cls, values: Any) -> Any:
        """A `*_FILE` fills its token; naming both is an error, because one of them would be ignored."""
        problems = []
        for name in TOKENS:
            path = values.get(f"{name}_file")
            if not path:
                continue
            if values.get(name):
                problems.append(f"both {name} and {name}_file are set; keep one")
                continue
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                problems.append(f"{name}_file: cannot read {path}: {error.strerror}")
        if problems:
            raise ValueError("; ".join(problems))
        return values


def load(**overrides: Any) -> Settings:
    """The settings in force. Raises UserError naming every wrong one, by its environment name, and what it takes."""
    unknown = _unknown_names()
    if unknown:
        raise UserError("Settings: " + "\n  ".join(unknown), cure="`watchword doctor` lists every setting.")
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"Settings: {TOML_FILE} cannot be read: {error}.") from None
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "WATCHWORD_" + "_".join(str(part) for part in problem["loc"][:1]).upper() if problem["loc"] else ""
            lines.append(f"{name}: {problem['msg']}" if name else problem["msg"].removeprefix("Value error, "))
        raise UserError("Settings: " + "\n  ".join(lines), cure="`watchword doctor` lists every setting.") from None


def _unknown_names() -> list[str]:
    """A line on each WATCHWORD_ name in the environment that is no setting: a typo would be ignored in silence."""
    known = {f"WATCHWORD_{name.upper()}" for name in Settings.model_fields}
    lines = []
    for name in sorted(os.environ):
        if name.startswith("WATCHWORD_") and name not in known and not name.startswith(FOREIGN):
            near = difflib.get_close_matches(name, sorted(known), n=1)
            lines.append(f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else ""))
    return lines


def describe() -> list[tuple[str, str, str]]:
    """(environment name, default, meaning) of every setting, for the docs and `doctor`."""
    return [
        (
            f"WATCHWORD_{name.upper()}",
            "" if field.default in (None, ()) else str(field.default),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]
