"""The Slack adapter against a fake Slack: connecting, commands over Socket Mode, roles, the manifest."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chats import slack
from bot.chats._slack_chat import HttpChat, SocketChat
from bot.chats._slack_inbound import EVENTS, SLASH_COMMAND, unescape
from bot.chats._slack_rule_window import NEW_RULE, WATCH_FOR_THIS
from bot.chats._slack_web import Web
from bot.config import Settings
from bot.errors import PermanentError, TransientError
from bot.model import Command, Destination, User
from bot.ports import Chat, Kit
from tests.bot.slack_talk import CALM, IN_ROOM, Ear, listening, peer
from tests.fake_slack import ANNA, BORIS, BOT_USER, ROOM, TEAM
from tests.fakes import FakeClock
from tests.waiting import LONG

# ---------------------------------------------------------------------------------------------------------- connecting


def connected(tokens: dict[str, str]) -> Chat | str:
    return slack.connect(Kit(settings=Settings().having(slack.SlackSettings(**tokens)), clock=FakeClock()))


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        ({}, "set WATCHWORD_SLACK_BOT_TOKEN and WATCHWORD_SLACK_APP_TOKEN"),
        ({"slack_bot_token": "xoxb-1"}, "WATCHWORD_SLACK_APP_TOKEN is missing"),
        ({"slack_app_token": "xapp-1"}, "WATCHWORD_SLACK_BOT_TOKEN is missing"),
        ({"slack_signing_secret": "s"}, "WATCHWORD_SLACK_BOT_TOKEN is missing"),
        ({"slack_bot_token": "xapp-1", "slack_app_token": "xoxb-1"}, "mixed up"),
        ({"slack_bot_token": "xoxb-1\r\nX: y", "slack_app_token": "xapp-1"}, "characters that no token has"),
    ],
)
def test_without_its_tokens_it_is_off_and_says_how_to_turn_it_on(tokens: dict[str, str], says: str) -> None:
    off = connected(tokens)
    assert isinstance(off, str)
    assert says in off
    assert "\n" not in off


def test_an_app_token_means_socket_mode_and_a_signing_secret_http() -> None:
    tokens = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s"}
    assert isinstance(connected(tokens), HttpChat)
    tokens["slack_app_token"] = "xapp-1"
    assert isinstance(connected(tokens), SocketChat)


@pytest.mark.parametrize("token", ["bot_token", "app_token"])
async def test_a_wrong_token_is_told_by_its_name(token: str) -> None:
    async with peer() as (server, chat):
        setattr(server, token, "another")
        with pytest.raises(PermanentError, match=f"WATCHWORD_SLACK_{token.upper()} .*invalid_auth"):
            await asyncio.wait_for(chat.listen(Ear()), LONG)


async def test_a_slack_that_is_away_is_worth_another_try() -> None:
    chat = SocketChat(
        Web(base_url="http://127.0.0.1:9/api/", bot_token="xoxb-1"), FakeClock(), app_token="xapp-1", timing=CALM
    )
    with pytest.raises(TransientError, match="cannot be reached"):
        await chat.listen(Ear())
    await chat.close()


# ------------------------------------------------------------------------------------------------------------ commands


async def test_a_slash_command_is_heard_and_acknowledged_once_it_is_kept() -> None:
    async with listening() as (server, _, ear):
        ear.free.clear()
        payload = server.slash('watch "troops" AND &lt;Ukraine&gt; &amp;amp;')
        envelope = await server.push("slash_commands", payload)
        with pytest.raises(TimeoutError):
            await server.acked(envelope, 0.15)
        ear.free.set()
        assert await server.acked(envelope) == {"envelope_id": envelope}
        (command,) = ear.commands
        assert command == Command(
            id=f"slack:{TEAM}:{payload['trigger_id']}",
            user=User(platform="slack", workspace=TEAM, user_id=ANNA, name="anna"),
            destination=IN_ROOM,
            text='watch "troops" AND <Ukraine> &amp;',
            reply_handle=payload["response_url"],
            admin=True,
            received_at=FakeClock()(),
        )


async def test_a_mention_keeps_its_thread() -> None:
    async with listening() as (server, _, ear):
        for event in (
            server.mention(f"<@{BOT_USER}> watch <https://x.example/a?b=1&amp;c|x.example>"),
            server.mention(f"hello <@{BOT_USER}>\u00a0why", thread_ts="1699.1"),
            server.mention(f"<@{BOT_USER}>"),
        ):
            await server.acked(await server.push("events_api", event))
        first, second, third = ear.commands
        assert (first.text, first.destination, first.reply_to) == ("watch https://x.example/a?b=1&c", IN_ROOM, "")
        assert first.message_id.startswith("1700000002.")
        assert (second.text, second.reply_to) == ("why", "1699.1")
        assert second.destination == replace(IN_ROOM, thread_id="1699.1")
        assert third.text == "help"


async def test_a_direct_message_needs_no_mention() -> None:
    async with listening() as (server, _, ear):
        for event in (
            server.direct("rules", user=BORIS),
            server.direct(f"<@{BOT_USER}> why", thread_ts="1699.1"),
            server.direct("with a picture", subtype="file_share"),
        ):
            await server.acked(await server.push("events_api", event))
        assert [command.text for command in ear.commands] == ["rules", "why", "with a picture"]
        assert {command.admin for command in ear.commands} == {True}
        annas = Destination(platform="slack", workspace=TEAM, chat_id=ANNA, user_id=ANNA)
        assert ear.commands[1].destination == annas  # a direct chat is one place
        assert ear.commands[1].reply_to == "1699.1"


async def test_a_pressed_button_is_a_command_about_its_message() -> None:
    async with listening() as (server, _, ear):
        server.users[BORIS] = {"is_owner": True}
        for payload in (
            server.press("why alert:0123456789abcdef", message_ts="17.1", user=BORIS),
            server.press("why", message_ts="17.1", thread_ts="17.1"),
            server.press("why", message_ts="17.2", thread_ts="17.1"),
        ):
            await server.acked(await server.push("interactive", payload))
        first, parent, reply = ear.commands
        assert (first.text, first.reply_to, first.user.user_id) == ("why alert:0123456789abcdef", "17.1", BORIS)
        assert first.admin
        assert first.reply_handle.startswith(server.address)
        assert parent.destination == IN_ROOM  # the top of a thread belongs to the channel
        assert reply.destination == replace(IN_ROOM, thread_id="17.1")


async def test_what_is_no_command_is_acknowledged_all_the_same() -> None:
    async with listening() as (server, _, ear):
        link = server.press("x", message_ts="17.1")
        del link["actions"][0]["value"]
        nothing = [
            ("interactive", link),
            ("interactive", {"type": "view_submission", "view": {}, "user": {"id": ANNA}}),
            ("interactive", {"type": "shortcut", "callback_id": "x", "user": {"id": ANNA}, "trigger_id": "t"}),
            ("slash_commands", server.slash("help", command="/other")),
            ("events_api", server.direct("edited", edited={"user": ANNA})),
            ("events_api", server.mention("edited", edited={"user": ANNA})),
            ("events_api", server.direct("old", subtype="message_changed")),
            ("events_api", server.direct("hi", bot_id="B0OTHER")),
            ("events_api", server.direct("hi", user=BOT_USER)),
            ("events_api", server.direct("hi", user="USLACKBOT")),
            ("events_api", server.direct("hi", channel_type="channel")),
            ("events_api", server.event("member_joined_channel", user=ANNA, channel=ROOM)),
            ("events_api", server.event("tokens_revoked", tokens={"oauth": [ANNA]})),
            ("events_api", server.event("something_new", user=ANNA)),
            ("events_api", {"type": "event_callback", "event": {"type": "message", "user": {"id": 1}, "text": 5}}),
        ]
        for kind, payload in nothing:
            await server.acked(await server.push(kind, payload))
        assert ear.commands == []


async def test_the_platforms_own_events_cannot_be_typed() -> None:
    async with listening() as (server, _, ear):
        for event in (
            server.event("member_joined_channel", user=BOT_USER, channel=ROOM, inviter=BORIS),
            server.event("channel_left", channel=ROOM, actor_id=ANNA),
            server.event("group_left", channel="G0ROOM"),
            server.event("app_uninstalled"),
            server.event("tokens_revoked", tokens={"bot": [BOT_USER]}),
            server.direct("bot-removed"),
        ):
            await server.acked(await server.push("events_api", event))
        heard = [(one.text, one.destination.chat_id, one.user.user_id, one.event) for one in ear.commands]
        assert heard == [
            ("bot-added", ROOM, BORIS, True),
            ("bot-removed", ROOM, ANNA, True),
            ("bot-removed", "G0ROOM", BOT_USER, True),
            ("uninstalled", TEAM, BOT_USER, True),
            ("uninstalled", TEAM, BOT_USER, True),
            ("bot-removed", ANNA, ANNA, False),
        ]


async def test_what_could_not_be_kept_is_not_acknowledged_and_a_repeat_has_the_same_id() -> None:
    async with listening() as (server, _, ear):
        ear.failures = 1
        event = server.mention(f"<@{BOT_USER}> rules")
        with pytest.raises(TimeoutError):
            await server.acked(await server.push("events_api", event), 0.3)
        await server.acked(await server.push("events_api", event, retry_attempt=1, retry_reason="timeout"))
        await server.acked(await server.push("events_api", event, retry_attempt=2, retry_reason="timeout"))
        assert {command.id for command in ear.commands} == {f"slack:{TEAM}:{event['event_id']}"}


async def test_commands_of_one_chat_keep_their_order() -> None:
    async with listening() as (server, _, ear):
        envelopes = [await server.push("slash_commands", server.slash(f"why {n}", user_id=ANNA)) for n in range(20)]
        for envelope in envelopes:
            await server.acked(envelope)
        assert [command.text for command in ear.commands] == [f"why {n}" for n in range(20)]


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt;", "&lt;"),
        ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
        ("<https://x.example|x.example> <mailto:a@x.example|a@x.example>", "https://x.example a@x.example"),
        ("in <#C1|news> and <#C2> by <@U1>", "in #news and #C2 by <@U1>"),
        ("<!here> <!subteam^S1|@desk> <!channel>", "@here @desk @channel"),
        ("NUL \0 surrogate \ud800 bidi \u202e", "NUL  surrogate  bidi"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_text_arrives_as_it_was_typed(given: str, typed: str) -> None:
    assert unescape(given) == typed


# --------------------------------------------------------------------------------------------------------------- roles


async def test_admins_owners_and_the_channels_maker_may_change_what_is_shared() -> None:
    clock = FakeClock()
    async with peer(clock) as (server, chat):
        people = chat._people
        server.users = {
            ANNA: {"is_admin": True},
            BORIS: {"is_admin": False},
            "U0CREATOR": {},
            "U0OWNER": {"is_owner": 1},
        }
        assert await people.is_admin(ANNA, ROOM)
        assert not await people.is_admin(BORIS, ROOM)
        assert await people.is_admin("U0CREATOR", ROOM)
        assert not await people.is_admin("U0OWNER", ROOM)  # 1 is not true: only what Slack really says counts
        server.users[BORIS] = {"is_admin": True}
        asked = len(server.calls)
        assert not await people.is_admin(BORIS, ROOM)
        assert len(server.calls) == asked  # remembered for a minute
        clock.forward(seconds=61)
        assert await people.is_admin(BORIS, ROOM)


async def test_nobody_is_an_admin_while_slack_does_not_say_so() -> None:
    async with peer() as (server, chat):
        server.fail("users.info", status=500)
        assert not await chat._people.is_admin(ANNA, ROOM)
        assert await chat._people.is_admin(ANNA, ROOM)  # a failure is not remembered


# ------------------------------------------------------------------------------------------------------------ manifest


@pytest.mark.needs("yaml")
def test_the_manifest_asks_for_what_is_used_and_no_more(root: Path) -> None:
    import yaml

    manifest = yaml.safe_load((root / "manifest.yaml").read_text(encoding="utf-8"))
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == [SLASH_COMMAND]
    assert [(one["type"], one["callback_id"]) for one in manifest["features"]["shortcuts"]] == [
        ("message", WATCH_FOR_THIS),
        ("global", NEW_RULE),
    ]
    assert all(len(one["name"]) <= 24 for one in manifest["features"]["shortcuts"])
    assert "user" not in manifest["oauth_config"]["scopes"]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        *("chat:write", "commands", "app_mentions:read", "im:history"),  # speak and hear
        *("users:read", "channels:read", "groups:read"),  # users.info; conversations.info and the events on channels
        "im:write",  # conversations.open
    }
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False  # or nobody could write to it
