"""Slack's window for a rule: what it looks like, and the draft that somebody put into it. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chats._slack_inbound import text_at, unescape
from bot.model import Message
from bot.writing._slack_text import cut
from bot.writing.slack import format_message

Part = dict[str, Any]

RULE_WINDOW = "rule"  # the window's callback_id
RULE, TOPIC, WHERE = "rule", "topic", "where"  # its fields: block_id and action_id alike
MOST_RULE = 3_000
MOST_TOPIC = 40
MOST_PROPOSED = 300  # of a message that is proposed as a rule
MOST_PREVIEW = 30  # blocks
MOST_ERROR = 500
_LINKS = re.compile(r"<(?:@|[a-z]+:)[^<>|]*(?:\|([^<>]*))?>")
_SIGNS = ".,:;!?()[]{}<>\"'“”„‘’«»…-–—&|*~@=/\\^_`"
_SPECIAL = {"other", "urgent", "not urgent"}  # which `edit` takes for something else than a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is in the window. `number` is the rule that is edited; 0 for a new one, whose chat is chosen there."""

    text: str = ""
    topic: str = ""
    chat_id: str = ""
    thread_id: str = ""
    number: int = 0

    @property
    def command(self) -> str:
        """What typing would say."""
        topic = f' topic:"{self.topic}"' if self.topic else ""
        text = f"({self.text})" if self.number and self.text.casefold() in _SPECIAL else self.text
        return f"edit {self.number} {text}{topic}" if self.number else f"watch {text}{topic}"


def proposed(message_text: str) -> str:
    """A message as a rule to begin with: the words of its first line, those of links too, without people's names.

    Signs go, as many mean something in a rule: whoever wants a phrase or an operator writes it.
    """
    worded = _LINKS.sub(lambda link: link[1] or "", message_text)
    lines = [line for line in unescape(worded).splitlines() if line.strip()]
    words = [word for raw in (lines[0].split() if lines else ()) if (word := raw.strip(_SIGNS))]
    return cut(" ".join(words), MOST_PROPOSED).rstrip("…").strip()


def draft_of(view: object) -> Draft:
    """What somebody put into the window so far."""
    state = view.get("state") if isinstance(view, Mapping) else None
    values = state.get("values") if isinstance(state, Mapping) else None
    return Draft(
        text=" ".join(unescape(text_at(values, RULE, RULE, "value")).split()),
        topic=" ".join(unescape(text_at(values, TOPIC, TOPIC, "value")).replace('"', "").split()).strip("“”"),
        **_place(view, values),
    )


def _place(view: object, values: object) -> Any:
    try:
        kept = json.loads(text_at(view, "private_metadata") or "{}")
    except ValueError:
        kept = {}
    number = kept.get("rule", 0) if isinstance(kept, dict) else 0
    if isinstance(number, int) and number > 0:
        return {"number": number, "chat_id": text_at(kept, "chat"), "thread_id": text_at(kept, "thread")}
    return {"chat_id": text_at(values, WHERE, WHERE, "selected_conversation") or text_at(kept, "chat")}


# ---------------------------------------------------------------------------------------------------------------- views


def rule_view(draft: Draft, preview: Message | None = None) -> Part:
    """The window with what is in it, and below that what the rule would do."""
    blocks = [_rule_field(draft), _topic_field(draft), *([] if draft.number else [_where_field()])]
    if preview is not None:
        blocks += [{"type": "divider"}, *format_message(preview).get("blocks", [])[:MOST_PREVIEW]]
    return {
        "type": "modal",
        "callback_id": RULE_WINDOW,
        "private_metadata": json.dumps({"chat": draft.chat_id, "thread": draft.thread_id, "rule": draft.number}),
        "title": _plain(f"Edit rule {draft.number}" if draft.number else "New watch rule"),
        "submit": _plain("Save" if draft.number else "Watch"),
        "close": _plain("Cancel"),
        "blocks": blocks,
    }


def notice_view(words: str) -> Part:
    """A window that only says something."""
    text = {"type": "section", "text": _plain(words)}
    return {"type": "modal", "title": _plain("Watchword"), "close": _plain("Close"), "blocks": [text]}


def _rule_field(draft: Draft) -> Part:
    element: Part = {
        "type": "plain_text_input",
        "action_id": RULE,
        "multiline": True,
        "max_length": MOST_RULE,
        "placeholder": _plain('"troop deployment" AND Ukraine'),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if draft.text:
        element["initial_value"] = cut(draft.text, MOST_RULE)
    hint = 'Words, "phrases", AND, OR, NOT, NEAR/5. Below you see how I read it and what it would have sent.'
    return {**_input(RULE, "Watch for", element), "dispatch_action": True, "hint": _plain(hint)}


def _topic_field(draft: Draft) -> Part:
    element: Part = {"type": "plain_text_input", "action_id": TOPIC, "max_length": MOST_TOPIC}
    if draft.topic:
        element["initial_value"] = cut(draft.topic, MOST_TOPIC)
    hint = "Its short name, which people mute and follow."
    return {**_input(TOPIC, "Topic", element), "optional": True, "hint": _plain(hint)}


def _where_field() -> Part:
    element = {
        "type": "conversations_select",
        "action_id": WHERE,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private", "im"], "exclude_bot_users": False},
    }
    return _input(WHERE, "Where it alerts", element)


def _input(name: str, label: str, element: Part) -> Part:
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element}


def _plain(text: str) -> Part:
    return {"type": "plain_text", "text": text, "emoji": False}


def errors(faults: Mapping[str, str]) -> Part:
    """The answer to a submit that cannot be carried out: each fault beside its field."""
    return {"response_action": "errors", "errors": {field: cut(words, MOST_ERROR) for field, words in faults.items()}}


def response_url(payload: object) -> str:
    """The way back to whoever submitted, in the chat that they chose."""
    urls = payload.get("response_urls") if isinstance(payload, Mapping) else None
    first: Sequence[object] = urls if isinstance(urls, list) else []
    return text_at(first[0], "response_url") if first else ""
