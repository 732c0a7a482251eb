"""What Slack shows of the messages in a room, a page at a time."""

import json
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def history(messages: Sequence[Json], arguments: Json) -> Json:
    """The newest first; what stands in threads is not in it."""
    return _page([one for one in reversed(messages) if one.get("thread_ts", one["ts"]) == one["ts"]], arguments)


def replies(messages: Sequence[Json], arguments: Json) -> Json | None:
    """A thread with its root, the oldest first; None without one."""
    there = [one for one in messages if arguments["ts"] in (one["ts"], one.get("thread_ts"))]
    return _page(there, arguments) if there else None


def _page(messages: Sequence[Json], arguments: Json) -> Json:
    begin, most = int(arguments.get("cursor") or 0), min(int(arguments.get("limit") or 100), 999)
    end = begin + most
    more = end < len(messages)
    return {
        "messages": [_shown(one, arguments) for one in messages[begin:end]],
        "has_more": more,
        "response_metadata": {"next_cursor": str(end) if more else ""},
    }


def _shown(message: Json, arguments: Json) -> Json:
    """Metadata is there for who asks."""
    shown = dict(message)
    metadata = shown.pop("metadata", None)
    if metadata is not None and arguments.get("include_all_metadata") in ("1", "true", True):
        shown["metadata"] = json.loads(metadata) if isinstance(metadata, str) else metadata
    return shown
