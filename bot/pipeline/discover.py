"""What is behind a pasted text: one address, several, a list of feeds, or a name that can mean several things.

Of an address those kinds are asked first that know most exactly what it is (`bot.ports.Reach`): those of one site, then
the common feed, any page last.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

import structlog

from bot.errors import PermanentError, TransientError, UserError, is_busy
from bot.model import LISTED, Discovery
from bot.ports import Inquiry, Inspection, KnownByName, Lookup, Meaning, Reach, Source, Worker, asker, inspection
from bot.reading import pasted
from bot.reading.feeds.opml import Opml, read_opml
from bot.writing import refusals

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 50  # addresses of one message
_SIDE_BY_SIDE = 8
LONGEST_SECONDS = 60.0  # for one address, with all that is tried there

Asking = tuple[str, str]  # address, name in the list


async def inquire(sources: Mapping[str, Source], worker: Worker, typed: str) -> Inquiry:
    """What there is behind what was typed after `source add`."""
    worker.warm()  # while the address is asked
    read = pasted.read(typed, lambda text: _takes(sources, text))
    if read.opml:
        try:
            opml = await worker.run(read_opml, read.opml.encode("utf-8", "replace"))
        except (UserError, TransientError, PermanentError) as error:
            failure = refusals.unreadable_list(error)
            return Inquiry(lookups=[Lookup(address="the pasted list", failure=failure)], total=1)
        assert isinstance(opml, Opml)
        listed = [(outline.url, outline.title) for outline in opml.outlines]
        return await _listed(sources, listed, read.first, opml.note)
    if len(read.addresses) != 1:
        return await _listed(sources, [(address, "") for address in read.addresses], read.first, "")
    address = read.addresses[0]
    if _is_name(sources, address) and (meanings := _meanings(sources, address)):
        return await _by_name(sources, address, meanings)
    lookup = await _ask(sources, (address, ""))
    if lookup.discoveries and lookup.discoveries[0].kind == LISTED:
        named = [(listed.url, listed.title) for listed in lookup.discoveries]
        return await _listed(sources, named, read.first, lookup.discoveries[0].note)
    picked = [one for one in lookup.discoveries if one.mark == read.pick and one.untried]
    if picked:
        return Inquiry(lookups=[await _ask(sources, (picked[0].url, ""))], total=1)
    return Inquiry(lookups=[lookup], first=read.first, total=1, pick=read.pick)


async def _listed(sources: Mapping[str, Source], named: Sequence[Asking], first: int, note: str) -> Inquiry:
    """The part of a list that begins with number `first`."""
    part = list(islice(named, first - 1, first - 1 + MOST_AT_ONCE))
    return Inquiry(lookups=await _ask_all(sources, part, within=True), first=first, total=len(named), note=note)


async def _by_name(sources: Mapping[str, Source], name: str, meanings: Sequence[Meaning]) -> Inquiry:
    """All that "@name" can mean, whether there is something or not: only who asked can know."""
    lookups = await _ask_all(sources, [(meaning.address, meaning.place) for meaning in meanings])
    return Inquiry(lookups=lookups, total=len(lookups), name=name, meanings=meanings)


def _meanings(sources: Mapping[str, Source], name: str) -> list[Meaning]:
    """What the kinds make of a name: those first that know most exactly what the address is."""
    meanings: list[tuple[int, str, Meaning]] = []
    for source in sources.values():
        if not isinstance(source, KnownByName):
            continue
        try:
            meant = source.meanings(name.lstrip("@"))
            meanings += [(-source.accepts(meaning.address), source.kind, meaning) for meaning in meant]
        except Exception:  # a bug in one kind must not take the others along
            log.exception("asking what a name means failed", kind=source.kind, name=name)
    return [meaning for _, _, meaning in sorted(meanings, key=lambda ranked: ranked[:2])]


def _is_name(sources: Mapping[str, Source], text: str) -> bool:
    return pasted.is_name(text, lambda whole: _takes(sources, whole))


def _takes(sources: Mapping[str, Source], address: str) -> bool:
    return any(source.accepts(address) for source in sources.values())


async def _ask_all(sources: Mapping[str, Source], named: Sequence[Asking], *, within: bool = False) -> list[Lookup]:
    """In their order. `within` a list a name is not guessed, and a further list not opened: it could have no end."""
    turn = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def ask(asking: Asking) -> Lookup:
        if within and _is_name(sources, asking[0]):
            return Lookup(address=asking[0], name=asking[1], failure=refusals.ambiguous_in_a_list())
        async with turn:
            lookup = await _ask(sources, asking)
        if within and lookup.discoveries and lookup.discoveries[0].kind == LISTED:
            return Lookup(address=asking[0], name=asking[1], failure=refusals.list_in_a_list())
        return lookup

    return await asyncio.gather(*map(ask, named))


async def _ask(sources: Mapping[str, Source], asking: Asking) -> Lookup:
    address, name = asking
    asker.set(address)
    inspection.set(Inspection())
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            discoveries, failure = await discover(sources, address)
    except TimeoutError:
        discoveries, failure = (), refusals.too_slow(address, LONGEST_SECONDS)
    except Exception as error:  # a bug in one kind must not take the other addresses of a list along
        log.exception("looking at an address failed", address=address)
        discoveries, failure = (), refusals.fault_of_ours(error)
    return Lookup(address=address, name=name, discoveries=discoveries, failure=failure)


def in_order(sources: Mapping[str, Source], address: str) -> list[tuple[Reach, Source]]:
    """Those that take the address, in the order of asking."""
    taking = [(reach, source) for source in sources.values() if (reach := source.accepts(address))]
    return sorted(taking, key=lambda taker: (-taker[0], taker[1].kind))


async def discover(sources: Mapping[str, Source], address: str) -> tuple[Sequence[Discovery], UserError | None]:
    """What the first source that takes the address finds there; where none finds anything, why.

    The first says that, and the last, where it has something to add: "robots.txt says no" for instance.
    """
    near: Sequence[Discovery] = ()  # a section's page is not its site's feed: the page is offered, too
    failures: list[tuple[str, UserError]] = []
    for reach, source in in_order(sources, address):
        if near and reach >= Reach.FEEDS:
            continue
        try:
            discoveries = await source.discover(address)
            if discoveries and all(discovery.beside for discovery in discoveries):
                near = discoveries
            elif discoveries:
                return [*discoveries, *near], None
        except UserError as error:
            failures.append((source.kind, error))
        except (TransientError, PermanentError) as error:
            if is_busy(error):  # another kind must not take what this one had no time to read
                return (), refusals.busy(error)
            failures.append((source.kind, refusals.not_reached(error)))
        if failures and reach >= Reach.SITE:
            break  # the feed behind it, or a page that says "no such profile", is not what was asked for
    if near or not failures:
        return near, None if near else refusals.of_no_kind(address)
    return (), refusals.first_and_last(failures)
