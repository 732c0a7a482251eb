"""A chat is lost to us: the people who can mend that are told, each in their own chat with the bot."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.core.alerts.channels import direct, own_channel
from bot.model import Delivery, Destination, Message, User, content_id
from bot.ports import ChannelStore, ChoiceStore, Outbox, RuleStore
from bot.writing.notices import chat_lost


class LossStore(ChannelStore, ChoiceStore, Outbox, RuleStore, Protocol):
    """What telling it reads and writes."""


def tell_of_loss(
    store: LossStore,
    destination: Destination,
    why: str,
    now: datetime,
    *,
    key: str,
    gist: str = "",
    authors: Sequence[User] = (),
    by: User | None = None,
) -> None:
    """Tell who brought the bot there, else the authors of the chat's rules, else those of a channel that it gets. These
    are not told which chat that is. Inside a transaction.

    `gist`: the alert that could not be posted, of rules of `authors`; `key` tells this loss from others; `by` did it,
    and knows. A direct chat is lost by its own person.
    """
    chat = replace(destination, thread_id="")
    if chat.user_id:
        return
    owner = store.preferences(chat).owner
    people = reachable([owner] if owner is not None else [], chat) or reachable(_authors(store, chat), chat)
    message = chat_lost(chat, why, title=store.title_of(chat) if people else "", gist=gist)
    people = people or reachable(authors, chat)
    put_notices(store, [person for person in people if by is None or person.key != by.key], message, now, key=key)


def reachable(people: Iterable[User], chat: Destination) -> list[User]:
    """Each once. Who speaks in the chat's own name has no other chat with us; who was forgotten has none."""
    others = (person for person in people if person.user_id and direct(person).key != chat.key)
    return list({person.key: person for person in others}.values())


def put_notices(store: Outbox, people: Iterable[User], message: Message, now: datetime, *, key: str) -> None:
    """One message to each in their direct chat; the same `key` again tells nobody twice."""
    for person in people:
        notice = content_id("death", key, person.key)
        store.put(Delivery(id=notice, destination=direct(person), message=message, created_at=now))


def _authors(store: LossStore, chat: Destination) -> list[User]:
    channel = own_channel(store.subscriptions(chat), chat)
    return [rule.owner for rule in store.rules(channel.id)] if channel is not None else []
