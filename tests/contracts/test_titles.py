"""What the platform calls a chat, in every store."""

from dataclasses import replace

from bot.ports import Store
from tests.fakes import HALL, ROOM


def test_a_title_is_the_chats_with_all_of_its_threads(store: Store) -> None:
    assert store.title_of(ROOM) == ""
    store.note_title(replace(ROOM, thread_id="7"), "Desk")
    assert store.title_of(ROOM) == store.title_of(replace(ROOM, thread_id="8")) == "Desk"
    store.note_title(ROOM, "News desk")
    assert store.title_of(ROOM) == "News desk"
    assert store.title_of(HALL) == ""


def test_a_title_goes_with_a_chat_that_moves(store: Store) -> None:
    store.note_title(ROOM, "Desk")
    store.move_destination(ROOM, HALL)
    assert (store.title_of(HALL), store.title_of(ROOM)) == ("Desk", "")
    store.note_title(ROOM, "Old")
    store.move_destination(ROOM, HALL)
    assert store.title_of(HALL) == "Desk"


def test_a_title_goes_with_its_workspace(store: Store) -> None:
    place = replace(ROOM, platform="slack", workspace="T1")
    store.note_title(place, "#general")
    store.pause_destination(place, "gone")
    store.forget_workspace("slack", "T1")
    assert store.title_of(place) == ""
