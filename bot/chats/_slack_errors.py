"""Slack's refusals in words, sorted by who can mend them. Pure.

A server error leaves open whether the message was posted: Slack says of `internal_error` and `fatal_error` that "some
aspect of the operation" may have succeeded, and a gateway's 502 or 504 knows nothing. Those are unknown outcomes. Only
429 and 503 are refusals at the door, where trying again cannot post twice.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.errors import PermanentError, TransientError, UnknownOutcome, WatchwordError

INVITE = "invite me: /invite @watchword"
BOT_TOKEN = "WATCHWORD_SLACK_BOT_TOKEN"
APP_TOKEN = "WATCHWORD_SLACK_APP_TOKEN"
INSTALLED = "the installation in that workspace"  # where one of many tokens is from
DEFAULT_PAUSE = timedelta(seconds=30)  # where Slack names none
LONGEST_PAUSE = timedelta(hours=1)

_GONE = {
    "not_in_channel": f"I am not in that channel; {INVITE}",
    "channel_not_found": f"I cannot see that channel, or it was deleted; {INVITE}",
    "is_archived": "that channel is archived; unarchive it and say something to me there",
    "account_inactive": "the app or the account is deactivated in that workspace; install it again from manifest.yaml",
    "user_disabled": "that person's account is deactivated",
    "user_not_found": "there is no such person in that workspace",
    "cannot_dm_bot": "that is another bot, and bots cannot write to each other",
    "messages_tab_disabled": "the app's Messages tab is off; install it again from manifest.yaml",
    "restricted_action": "the workspace does not let me post there; ask an admin",
    "restricted_action_read_only_channel": "that channel is read-only; ask an admin to let me post",
    "restricted_action_thread_only_channel": "only answers may be posted in that channel; ask an admin to let me post",
}
_CREDENTIALS = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "no_permission",
}
_PASSING = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org"}
_UNCLEAR = {"internal_error", "fatal_error"}
_OTHER = {
    "message_not_found": "that message was deleted",
    "cant_update_message": "that message is not mine to change",
    "edit_window_closed": "the workspace no longer lets that message be changed",
    "msg_too_long": "the message is too long for Slack",
    "msg_blocks_too_long": "the message is too long for Slack",
    "invalid_blocks": "Slack does not take the message's layout",
}


def refusal(
    code: str,
    *,
    status: int,
    retry_after: str = "",
    details: Mapping[str, object] | None = None,
    token: str = BOT_TOKEN,
) -> WatchwordError:
    """The error for Slack's `code` (empty when there was none) under an HTTP status. `token` names the setting used."""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return TransientError("Slack asks for a pause", retry_after=pause(retry_after))
    if code in _CREDENTIALS and token == INSTALLED:
        return PermanentError(
            f"Slack refuses the token of that workspace ({code}): install the app there again.", gone=True
        )
    if code in _CREDENTIALS:
        return PermanentError(f"Slack refuses the token in {token} ({code}): copy it again from the app's page.")
    if code == "missing_scope":
        needed = (details or {}).get("needed", "another one")
        return PermanentError(f"the app lacks the permission {needed}; install it again from manifest.yaml")
    if code in _GONE:
        return PermanentError(f"Slack: {_GONE[code]} ({code}).", gone=True)
    if code in _PASSING or status == 503:
        return TransientError(f"Slack is not available just now ({code or status})")
    if code in _UNCLEAR or status >= 500:
        return UnknownOutcome(f"Slack failed while it worked on it ({code or status})")
    if not code:
        return UnknownOutcome(f"an answer that is not Slack's came back (HTTP {status})")
    return PermanentError(f"Slack: {_OTHER.get(code, 'it was refused')} ({code}).{_places(details or {})}")


def pause(retry_after: str) -> timedelta:
    """The pause that a Retry-After header asks for, within reason."""
    if not retry_after.isascii() or not retry_after.isdigit() or len(retry_after) > 9:
        return DEFAULT_PAUSE
    return min(max(timedelta(seconds=int(retry_after)), timedelta(seconds=1)), LONGEST_PAUSE)


def _places(details: Mapping[str, object]) -> str:
    """Where in the layout the fault is, as far as Slack says so."""
    metadata = details.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    return (" " + "; ".join(map(str, messages)))[:300] if isinstance(messages, list) and messages else ""
