"""What `follow`, `unfollow` and `mutes` share."""

import re
from dataclasses import replace

from bot.model import Follow
from bot.ports import Desk

_STORY = re.compile(r"(?:this\s+)?story", re.IGNORECASE)
BY_TITLE = "story "  # how a followed story is named
_SHOWN = 40  # characters of its title


def is_this_story(words: str) -> bool:
    """Whether "this story" was typed, or "story"."""
    return _STORY.fullmatch(words.strip()) is not None


def own_follows(desk: Desk) -> list[Follow]:
    """What the asker follows here; in a thread, what stands in the chat itself too."""
    here = desk.command.destination
    places = [here, replace(here, thread_id="")] if here.thread_id else [here]
    follows = [follow for place in places for follow in desk.store.follows(place)]
    return [follow for follow in follows if follow.user.key == desk.command.user.key]


def described(desk: Desk, follow: Follow) -> str:
    """What is followed, in words."""
    return f"“{follow.topic}”" if follow.topic else f"the story “{title_of(desk, follow)}”"


def title_of(desk: Desk, follow: Follow) -> str:
    """What a followed story is called."""
    documents = desk.store.story_documents(follow.story)
    return " ".join(documents[0].document.title.split()) or "Untitled" if documents else "of the past"


def ending(desk: Desk, follow: Follow) -> str:
    """The command that ends it, in words that a person can type: `unfollow story Troops leave`. A title is cut."""
    return f"unfollow {follow.topic or BY_TITLE + title_of(desk, follow)[:_SHOWN].strip()}"
