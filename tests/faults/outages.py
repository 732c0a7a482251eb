"""A platform that is down, refuses, floods us with pauses, or takes a message and cuts the link."""

import time
from collections import defaultdict
from random import Random

from tests.fake_telegram import Fault, Refusal
from tests.faults.house import CHATS, House, Result, house
from tests.waiting import wait_until

LEGAL = 0.95  # of one message a second and chat
PAUSES = (1, 2, 3)  # seconds of a Retry-After
DOWN_EACH = 8  # documents that come while it is down


def down(seconds: int) -> Result:
    """Connections are cut, then pages of a gateway, then Telegram's own 502; news comes meanwhile."""
    draw = Random(11)
    kinds: list[Fault] = ["refuse", "page 502", Refusal(502, "Bad Gateway")]
    with house() as own:
        own.start()
        own.wait_for_the_platform()
        own.peer.misbehave = lambda chat: draw.choice(kinds)
        own.publish(DOWN_EACH)
        time.sleep(seconds)
        own.peer.misbehave = None
        healed = time.monotonic()
        own.drain(120 + 2 * seconds)
        first = min((at for _, _, at in own.alerts()), default=healed) - healed
        return Result(
            "platform down",
            f"{seconds} s",
            "0 lost, 0 repeats",
            f"{own.published * len(CHATS)} alerts; the first {first:.1f} s after it was back",
            own.faults(cuts=own.peer.cuts),
        )


def flooded(documents: int) -> Result:
    """A fifth of the sends is answered with 429, one in twenty is taken and cut."""
    draw = Random(12)
    with house() as own:
        own.peer.misbehave = lambda chat: _storm(own, draw, chat)
        own.publish(documents)
        own.drain(60 + 6 * documents)
        own.peer.misbehave = None
        peer = own.peer
        faults = own.faults(cuts=peer.cuts)
        faults += [f"{peer.too_early} calls before a Retry-After had ended"] if peer.too_early else []
        return Result(
            "429 storm, and dropped after accept",
            f"{own.published * len(CHATS)} alerts",
            "0 lost, 0 calls before Retry-After ends, <= 1 repeat for each drop",
            f"{len(peer.pauses)} pauses, {peer.too_early} calls too early; {peer.cuts} drops, "
            f"{own.repeats()[0]} repeats",
            faults,
        )


def _storm(own: House, draw: Random, chat: int) -> Fault | None:
    chance = draw.random()
    if chance < 0.2:
        return own.peer.flood_wait(chat, draw.choice(PAUSES))
    return "drop" if chance < 0.25 else None


def backlog(documents: int) -> Result:
    """What waited while it was off is sent at the platform's rate."""
    with house() as own:
        own.peer.latency = 0.02
        own.publish(documents)
        own.start()
        wait_until(own.drained)
        own.stop()
        times = defaultdict(list)
        for chat, _, at in own.alerts():
            times[chat].append(at)
        least = min((len(each) - 1) / (each[-1] - each[0]) for each in times.values())
        faults = own.faults() + ([f"{least:.2f} of the legal rate"] if least < LEGAL else [])
        faults += [f"{own.peer.over_rate} sends over the platform's rate"] if own.peer.over_rate else []
        return Result(
            "a backlog drains, 8 lanes",
            f"{documents * len(CHATS)} alerts",
            f">= {LEGAL:.0%} of one a second and chat, none above",
            f"{least:.0%} in the slowest lane",
            faults,
        )
