"""What `follow`, `unfollow` and `mutes` share."""

import re
from dataclasses import replace

from bot.model import Follow
from bot.ports import Desk

_STORY = re.compile(r"(?:this\s+)?story", re.IGNORECASE)
BY_ID = "story:"  # how buttons name a followed story


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
    if follow.topic:
        return f"“{follow.topic}”"
    documents = desk.store.story_documents(follow.story)
    return f"the story “{documents[0].document.title}”" if documents else "a story of the past"


def ending(follow: Follow) -> str:
    """The command that ends it."""
    return f"unfollow {follow.topic or BY_ID + follow.story}"
