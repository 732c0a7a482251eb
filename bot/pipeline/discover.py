"""What is behind a pasted text: one address, several, a list of feeds, or a name that can mean several things.

Of an address those kinds are asked first that know most exactly what it is (`bot.ports.Reach`): those of one site, then
the common feed, any page last.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

import structlog

from bot.errors import PermanentError, TransientError, UserError, is_busy
from bot.model import LISTED, Found
from bot.ports import Asked, Looked, Reach, Source, Worker, asker
from bot.reading import pasted
from bot.reading.feeds.opml import Opml, read_opml

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 50  # addresses of one message
_SIDE_BY_SIDE = 8
LONGEST_SECONDS = 60.0  # for one address, with all that is tried there
_LATER = "Paste the address of the feed itself, or try again later."
_SOON = "Try again in a minute."

Asking = tuple[str, str]  # address, name in the list


async def look(sources: Mapping[str, Source], worker: Worker, typed: str) -> Looked:
    """What there is behind what was typed after `source add`."""
    worker.warm()  # while the address is asked
    read = pasted.read(typed)
    if read.opml:
        try:
            opml = await worker.run(read_opml, read.opml.encode("utf-8", "replace"))
        except (UserError, TransientError, PermanentError) as error:
            cure = _SOON if is_busy(error) else "Paste a shorter part."
            failure = error if isinstance(error, UserError) else UserError(str(error), cure=cure)
            return Looked(asked=[Asked(address="the pasted list", failure=failure)], total=1)
        assert isinstance(opml, Opml)
        return await _listed(sources, [(one.url, one.title) for one in opml.outlines], read.first, opml.note)
    if len(read.addresses) != 1:
        return await _listed(sources, [(one, "") for one in read.addresses], read.first, "")
    address = read.addresses[0]
    if pasted.is_name(address):
        return await _meanings(sources, address)
    asked = await _ask(sources, (address, ""))
    if asked.found and asked.found[0].kind == LISTED:
        named = [(one.url, one.title) for one in asked.found]
        return await _listed(sources, named, read.first, asked.found[0].note)
    return Looked(asked=[asked], total=1, pick=read.pick)


async def _listed(sources: Mapping[str, Source], named: Sequence[Asking], first: int, note: str) -> Looked:
    """The part of a list that begins with number `first`."""
    part = list(islice(named, first - 1, first - 1 + MOST_AT_ONCE))
    return Looked(asked=await _ask_all(sources, part, within=True), first=first, total=len(named), note=note)


def _alone(asking: Asking, why: str) -> Asked:
    failure = UserError(f"{why}.", cure="Add it by itself, then I ask.")
    return Asked(address=asking[0], name=asking[1], failure=failure)


async def _meanings(sources: Mapping[str, Source], name: str) -> Looked:
    """All that "@name" can mean, whether there is something or not: only who asked can know."""
    known = [(address, place) for place, address in pasted.meanings(name) if _takes(sources, address)]
    if not known:
        asked = await _ask(sources, (name, ""))
        return Looked(asked=[asked], total=1)
    return Looked(asked=await _ask_all(sources, known), total=len(known), guessed=True)


def _takes(sources: Mapping[str, Source], address: str) -> bool:
    return any(source.accepts(address) for source in sources.values())


async def _ask_all(sources: Mapping[str, Source], named: Sequence[Asking], *, within: bool = False) -> list[Asked]:
    """In their order. `within` a list a name is not guessed, and a further list not opened: it could have no end."""
    turn = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def one(asking: Asking) -> Asked:
        if within and pasted.is_name(asking[0]):
            return _alone(asking, "That name can be in several places")
        async with turn:
            asked = await _ask(sources, asking)
        if within and asked.found and asked.found[0].kind == LISTED:
            return _alone(asking, "That is a list of feeds itself")
        return asked

    return await asyncio.gather(*map(one, named))


async def _ask(sources: Mapping[str, Source], asking: Asking) -> Asked:
    address, name = asking
    asker.set(address)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            found, failure = await discover(sources, address)
    except TimeoutError:
        words = f"Looking for a feed at {address[:200]} took longer than {LONGEST_SECONDS:g} seconds: it is too slow."
        found, failure = (), UserError(words, cure=_LATER)
    except Exception as error:  # a bug in one kind must not take the other addresses of a list along
        log.exception("looking at an address failed", address=address)
        words = f"Looking at it did not work because of an internal error ({type(error).__name__})."
        found, failure = (), UserError(words, cure="The operator's log has the details.")
    return Asked(address=address, name=name, found=found, failure=failure)


def in_order(sources: Mapping[str, Source], address: str) -> list[tuple[Reach, Source]]:
    """Those that take the address, in the order of asking."""
    taking = [(reach, source) for source in sources.values() if (reach := source.accepts(address))]
    return sorted(taking, key=lambda one: (-one[0], one[1].kind))


async def discover(sources: Mapping[str, Source], address: str) -> tuple[Sequence[Found], UserError | None]:
    """What the first source that takes the address finds there; where none finds anything, why.

    The first says that, and the last, where it has something to add: "robots.txt says no" for instance.
    """
    failures: list[tuple[str, UserError]] = []
    for reach, source in in_order(sources, address):
        try:
            if found := await source.discover(address):
                return found, None
        except UserError as error:
            failures.append((source.kind, error))
        except (TransientError, PermanentError) as error:
            if is_busy(error):  # another kind must not take what this one had no time to read
                return (), UserError(str(error), cure=_SOON)
            again = UserError(str(error), cure="Check the address, or try again later.")
            failures.append((source.kind, again))
        if failures and reach >= Reach.SITE:
            break  # the feed behind it, or a page that says "no such profile", is not what was asked for
    if failures:
        return (), _told(failures)
    kinds = ", ".join(sorted(sources))
    return (), UserError(f"I cannot watch “{address[:300]}”: none of {kinds} takes it.", cure="Paste a web address.")


def _told(failures: Sequence[tuple[str, UserError]]) -> UserError:
    (_, first), (kind, last) = failures[0], failures[-1]
    if str(last) in str(first) or "cannot be looked up" in str(first):  # without a host there is no page either
        return first
    return UserError(f"{first} As a {kind}: {last}", cure=first.cure)
