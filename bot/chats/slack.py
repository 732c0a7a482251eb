"""Slack: Socket Mode with an app token, HTTP with a signing secret, many workspaces with a client ID.

The SDKs take most of a second to import: `_slack_chat`, which needs them, is only loaded when there are tokens.
"""

from pydantic import Field, SecretStr

from bot.config import AdapterSettings
from bot.ports import Chat, Kit
from bot.proxies import proxy_for

GUIDE = "docs/connect-slack.md"
CLIENT, CLIENT_SECRET = "WATCHWORD_SLACK_CLIENT_ID", "WATCHWORD_SLACK_CLIENT_SECRET"
BOT, APP, SECRET = "WATCHWORD_SLACK_BOT_TOKEN", "WATCHWORD_SLACK_APP_TOKEN", "WATCHWORD_SLACK_SIGNING_SECRET"


class SlackSettings(AdapterSettings):
    """What the operator can set."""

    slack_bot_token: SecretStr | None = Field(None, description="Slack bot token, `xoxb-...`.")
    slack_app_token: SecretStr | None = Field(None, description="Slack app token for Socket Mode, `xapp-...`.")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack signing secret: events arrive over HTTP at /slack/events instead of Socket Mode."
    )
    slack_client_id: str = Field(
        "", description="Slack client ID: the app is installed in many workspaces, each at /slack/install."
    )
    slack_client_secret: SecretStr | None = Field(None, description="Slack client secret, for the same.")
    slack_base_url: str = Field("https://slack.com/api/", description="Another Slack Web API server.")


def connect(kit: Kit) -> Chat | str:
    """The chat, or one line on how to turn it on."""
    settings = kit.settings.of(SlackSettings)
    bot, app, secret = (
        _plain(settings.slack_bot_token),
        _plain(settings.slack_app_token),
        _plain(settings.slack_signing_secret),
    )
    if settings.slack_client_id or settings.slack_client_secret:
        return _many(kit, settings, bot or app, secret)
    if missing := _missing(bot, app, secret):
        return missing
    from bot.chats._slack_chat import HttpChat, SocketChat
    from bot.chats._slack_socket import Timing
    from bot.chats._slack_web import Web

    web = Web(
        base_url=settings.slack_base_url,
        bot_token=bot,
        proxy=proxy_for(kit.settings, settings.slack_base_url),
    )
    if app:
        return SocketChat(web, kit.clock, app_token=app, timing=Timing())
    return HttpChat(web, kit.clock, signing_secret=secret, timing=Timing())


def _many(kit: Kit, settings: SlackSettings, tokens: str, secret: str) -> Chat | str:
    """The chat of many workspaces, or what must be set or mended first. Raises PermanentError without a key."""
    client_secret = _plain(settings.slack_client_secret)
    if tokens:
        return f"off: {BOT} and {APP} are for one workspace, {CLIENT} is for many; keep one way ({GUIDE})."
    for name, value in ((CLIENT, settings.slack_client_id), (CLIENT_SECRET, client_secret), (SECRET, secret)):
        if not value:
            return f"off: {name} is missing; it is under Basic Information > App Credentials ({GUIDE})."
    assert kit.vault is not None, "chats are made with one"
    vault = kit.vault("slack")
    from bot.chats._slack_many import Workspaces
    from bot.chats._slack_socket import Timing

    return Workspaces(
        base_url=settings.slack_base_url,
        proxy=proxy_for(kit.settings, settings.slack_base_url),
        client_id=settings.slack_client_id.strip(),
        client_secret=client_secret,
        signing_secret=secret,
        public_url=kit.settings.public_url,
        vault=vault,
        clock=kit.clock,
        timing=Timing(),
    )


def _missing(bot: str, app: str, secret: str) -> str:
    """What must be set or mended first; empty when nothing."""
    if not (bot or app or secret):
        return f"off. To connect it, set {BOT} and {APP} ({GUIDE})."
    if not bot:
        return f"off: {BOT} is missing (it begins with xoxb-; {GUIDE})."
    if not (app or secret):
        return f"off: {APP} is missing (it begins with xapp-), or {SECRET} for events over HTTP ({GUIDE})."
    if bot.startswith("xapp-") or app.startswith("xoxb-"):
        return f"off: {BOT} begins with xoxb- and {APP} with xapp-; they are mixed up."
    for name, value in ((BOT, bot), (APP, app), (SECRET, secret)):
        if not (value.isascii() and value.isprintable()) or " " in value:
            return f"off: {name} holds characters that no token has; copy it again."
    return ""


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret else ""
