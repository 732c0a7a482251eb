"""Settings: environment first, then `watchword.toml` in the working directory, then defaults; all errors at once.

`Settings` are the application's own. What one adapter alone uses is a subclass of `AdapterSettings` in that adapter's
file: it is found there, and `settings.of(ThatClass)` gives it. Nothing here knows an adapter.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import unquote, urlsplit

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import registry
from bot.core.quotas import Quotas
from bot.errors import UserError

TOML_FILE = Path("watchword.toml")
PREFIX = "WATCHWORD_"
FOREIGN = ("WATCHWORD_TEST_", "WATCHWORD_CI")  # the project's own test tools
ADAPTERS = ("bot.sources", "bot.chats", "bot.stores")  # whose files may declare settings


class SettingsGroup(BaseSettings):
    """Fields with whole names: `x` is `WATCHWORD_X` in the environment and `x = ...` in the TOML file.

    A field that is a `SecretStr` is cut out of every log line, and may lie in a file that `WATCHWORD_X_FILE` names.
    """

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the code says wins over what is said outside."""
        return init_settings, _Outside(settings_cls)

    @field_validator("*", mode="before")
    @classmethod
    def _could_be_read(cls, value: Any) -> Any:
        if isinstance(value, _Unreadable):
            raise ValueError(value.why)
        return value


class AdapterSettings(SettingsGroup):
    """The base of the settings that an adapter declares in its own file. Begin their names with the adapter's."""


Group = TypeVar("Group", bound=AdapterSettings)


class Settings(SettingsGroup):
    """What the application itself uses."""

    _parts: dict[type[AdapterSettings], AdapterSettings] = PrivateAttr(default_factory=dict)

    data: Path = Field(Path("data"), description="Folder of the database; made when it is missing.")
    store: str = Field("sqlite", description="Which store to use: a file name of bot/stores.")
    seed_dir: Path | None = Field(
        None, description="Folder of documents that the first run reads and watches; default: seeds/ where it exists."
    )
    http_port: int = Field(8484, ge=0, le=65535, description="Port of the local page on 127.0.0.1; 0 takes a free one.")
    http_host: str = Field(
        "127.0.0.1", description="Address that the local page listens on; another than loopback needs the token."
    )
    http_token: SecretStr | None = Field(
        None, min_length=16, description="Password of the local page, under any name: at least 16 characters."
    )
    poll_min_seconds: int = Field(60, ge=1, description="Least time between two visits to one web feed.")
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description="Private networks (CIDR, comma-separated) that sources may reach all the same."
    )
    http_proxy: SecretStr | None = Field(
        None, description="Proxy for `http://` addresses: `http://proxy.example:3128`, with a login before the host."
    )
    https_proxy: SecretStr | None = Field(None, description="The same for `https://` addresses, Telegram and Slack.")
    no_proxy: str = Field("", description="Hosts (with what is below them) and networks that are asked without one.")
    retention_days: int = Field(90, ge=1, description="How long archived documents are kept.")
    forget_removed_days: int = Field(
        30, ge=0, description="When a chat that removed the bot is forgotten with its rules, sources and settings."
    )
    old_after_days: int = Field(
        3, ge=0, description="What was published longer before it arrived is archived, not alerted; 0 alerts all."
    )
    commands_per_minute: int = Field(
        30, ge=0, description="Commands of one person that are carried out in a minute; the others wait; 0: no limit."
    )
    rules_per_person: int = Field(
        1_000, ge=0, description="Rules that one person may have over all chats; 0: no limit."
    )
    sources_per_person: int = Field(
        500, ge=0, description="Sources in all chats that one person set up; each chat has 500 at most; 0: no limit."
    )
    lists_per_person: int = Field(
        100, ge=0, description="Lists in all chats that one person set up; each chat has 100 at most; 0: no limit."
    )
    mutes_per_person: int = Field(
        500, ge=0, description="Mutes of one person, and mutes for everyone in one chat; 0: no limit."
    )
    follows_per_person: int = Field(500, ge=0, description="Topics and stories that one person follows; 0: no limit.")
    subscriptions_per_person: int = Field(
        200, ge=0, description="Subscriptions of all chats that one person set up; 0: no limit."
    )
    backup_folder: Path | None = Field(None, description="Folder of a backup for each day; none are made without it.")
    backups_kept: int = Field(7, ge=1, description="How many of the daily backups are kept.")
    secret_key: SecretStr | None = Field(
        None, description="Key that seals what the database holds for others, such as tokens: `watchword make-key`."
    )
    log_level: str = Field("warning", pattern="^(debug|info|warning|error)$", description="How much is logged.")
    contact: str = Field(
        "", max_length=200, description="Address at which site owners reach you; sent with each visit to a website."
    )
    public_url: str = Field(
        "", description="Address under which the internet reaches this page, for webhooks and WebSub: `https://...`."
    )

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        return tuple(ip_network(part) for part in listed(value))

    @field_validator("http_proxy", "https_proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(
            r"https?://(?:[^\s/@]+@)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?/?", value.get_secret_value()
        ):
            raise ValueError("write it like http://proxy.example:3128; a SOCKS proxy is none that we can use")
        return value

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

    @model_validator(mode="after")
    def _closed(self) -> "Settings":
        if self.http_token is None and not _is_loopback(self.http_host):
            raise ValueError(
                f"{PREFIX}HTTP_HOST: whoever reaches {self.http_host or 'this machine'} could use the page, which has "
                f"no login: set {PREFIX}HTTP_TOKEN_FILE to a file with 16 characters or more (openssl rand -hex 16), "
                "or listen on 127.0.0.1"
            )
        return self

    def of(self, kind: type[Group]) -> Group:
        """An adapter's own settings, of the class that it declares."""
        part = self._parts.get(kind)
        if part is None:  # `load` knows those of all adapters; who made these settings otherwise says what differs
            part = self._parts[kind] = kind()
        assert isinstance(part, kind)
        return part

    def having(self, *parts: AdapterSettings) -> "Settings":
        """These settings, with those of adapters."""
        copy = self.model_copy()
        copy._parts = {**self._parts, **{type(part): part for part in parts}}
        return copy

    @property
    def quotas(self) -> Quotas:
        """What one person may do and keep."""
        return Quotas(
            commands_per_minute=self.commands_per_minute,
            rules=self.rules_per_person,
            sources=self.sources_per_person,
            lists=self.lists_per_person,
            mutes=self.mutes_per_person,
            follows=self.follows_per_person,
            subscriptions=self.subscriptions_per_person,
        )

    def groups(self) -> tuple[SettingsGroup, ...]:
        """The application's own settings, then the adapters'."""
        return (self, *self._parts.values())

    def secrets(self) -> list[str]:
        """Every secret that is set, whoever declared it."""
        values = (value for group in self.groups() for _, value in group)
        whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        logins = (urlsplit(value).password for value in whole if "://" in value)
        return [*whole, *(form for login in logins if login for form in {login, unquote(login)})]


def listed(value: object) -> list[str]:
    """The parts of a setting that is comma-separated in the environment, and may be a list in the TOML file."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, Sequence) else [value]
    return [name for part in parts if (name := str(part).strip())]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


# ----------------------------------------------------------------------------------------------------- what is outside


class _Unreadable:
    """In place of a secret that cannot be had: the group's validation tells why, together with all that is wrong."""

    def __init__(self, why: str) -> None:
        self.why = why


class _Outside(PydanticBaseSettingsSource):
    """What environment and TOML file say of one group's fields."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Not asked: `__call__` gives all at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The values by name. Raises TOMLDecodeError."""
        raw = {**_in_file(), **_in_environment()}
        values = {name: raw[name] for name in self.settings_cls.model_fields if name in raw}
        for name in _secret_names(self.settings_cls):
            if path := raw.get(f"{name}_file"):
                values[name] = _secret_in(str(path), name, values.get(name))
        return values


def _in_environment() -> dict[str, str]:
    return {
        name[len(PREFIX) :].lower(): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX) and value and not name.startswith(FOREIGN)
    }


def _in_file() -> dict[str, Any]:
    return tomllib.loads(TOML_FILE.read_text(encoding="utf-8")) if TOML_FILE.is_file() else {}


def _secret_in(path: str, name: str, beside: object) -> str | _Unreadable:
    """What the file holds. Naming it beside the secret itself is an error, because one of them would be ignored."""
    if beside:
        return _Unreadable(f"both {name} and {name}_file are set; keep one")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        return _Unreadable(f"{name}_file: cannot read {path}: {error.strerror}")
    except UnicodeDecodeError:
        return _Unreadable(f"{name}_file: {path} is not a text file")


def _secret_names(group: type[BaseSettings]) -> list[str]:
    fields = group.model_fields.items()
    return [name for name, field in fields if SecretStr in (field.annotation, *get_args(field.annotation))]


# ------------------------------------------------------------------------------------------------------------- loading


def load(**overrides: Any) -> Settings:
    """The settings in force. Raises UserError naming every wrong one, by its environment name, and what it takes."""
    kinds = declared()
    try:
        problems = [*_declared_twice(kinds), *_unknown_names(kinds)]
    except (OSError, ValueError) as error:  # of the TOML file
        raise UserError(f"Settings: {TOML_FILE} cannot be read: {error}.") from None
    settings, parts = list[Settings](), list[AdapterSettings]()
    try:
        settings.append(Settings(**overrides))
    except ValidationError as error:
        problems += _words(error)
    for kind in kinds:
        try:
            parts.append(kind())
        except ValidationError as error:
            problems += _words(error)
    if problems:
        raise UserError("Settings: " + "\n  ".join(problems), cure="`watchword doctor` lists every setting.")
    return settings[0].having(*parts)


def declared() -> list[type[AdapterSettings]]:
    """The settings of all adapters, by package and file."""
    return [kind for package in ADAPTERS for kind in registry.defined(package, AdapterSettings)]


def _all(kinds: Sequence[type[AdapterSettings]]) -> list[type[SettingsGroup]]:
    return [Settings, *kinds]


def _words(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        name = "".join(f"{PREFIX}{str(part).upper()}: " for part in problem["loc"][:1])
        yield name + problem["msg"].removeprefix("Value error, ")


def _declared_twice(kinds: Sequence[type[AdapterSettings]]) -> Iterator[str]:
    owners = dict[str, type[SettingsGroup]]()
    for kind in _all(kinds):
        for name, _, _ in _described(kind):
            if other := owners.get(name):
                yield f"{name}: declared by {kind.__module__} and by {other.__module__}; remove one of the two"
            owners[name] = kind


def _unknown_names(kinds: Sequence[type[AdapterSettings]]) -> Iterator[str]:
    """A line on each name outside that is no setting: a typo would be ignored in silence."""
    known = {name for kind in _all(kinds) for name, _, _ in _described(kind)}
    in_file = {PREFIX + name.upper(): f" (in {TOML_FILE})" for name in _in_file()}
    for name, place in sorted({**in_file, **{PREFIX + name.upper(): "" for name in _in_environment()}}.items()):
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            yield f"{name}{place}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def describe() -> list[tuple[str, str, str]]:
    """(environment name, default, meaning) of every setting, adapters' included, for the docs and `doctor`."""
    return [line for kind in _all(declared()) for line in _described(kind)]


def _described(kind: type[SettingsGroup]) -> Iterator[tuple[str, str, str]]:
    secret = _secret_names(kind)
    for name, field in kind.model_fields.items():
        default = "" if field.default in (None, ()) else str(field.default)
        yield PREFIX + name.upper(), default, field.description or ""
        if name in secret:
            yield f"{PREFIX}{name.upper()}_FILE", "", "File that holds it."


def in_force(settings: Settings) -> dict[str, Any]:
    """The values by environment name. Raises TOMLDecodeError."""
    raw, values = {**_in_file(), **_in_environment()}, dict[str, Any]()
    for group in settings.groups():
        values |= dict(group)
        values |= {f"{name}_file": raw.get(f"{name}_file") for name in _secret_names(type(group))}
    return {PREFIX + name.upper(): value for name, value in values.items()}


def named_files(settings: Settings) -> list[Path]:
    """The files that settings name, adapters' included: those that hold secrets, certificates and the like."""
    return [Path(value) for name, value in in_force(settings).items() if name.endswith("_FILE") and value]
