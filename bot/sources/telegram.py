"""Public Telegram channels, by the preview that t.me shows of them: `https://t.me/<name>` or `telegram:@<name>`.

Not read: private channels and groups, comments, what is in pictures, videos and files, and more than the newest posts
that the preview shows (about twenty), so of a channel with more in an hour some can be missed.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.errors import PermanentError, UserError
from bot.model import Discovery, Entry, Feed, Poll, content_id
from bot.ports import Clock, Export, Http, Kit, Meaning, Reach, Source, Worker
from bot.reading.pages.telegrampage import Channel, channel_name, is_invitation, parse_preview

_OURS = re.compile(r"telegram:\S*", re.I)
_KEPT = 60  # posts whose text is remembered, so that an edited one is noticed


class TelegramSource:
    """`bot.ports.Source` for channel previews."""

    kind = "telegram"
    links_articles = False
    export = Export.PAGE

    def __init__(self, http: Http, worker: Worker, clock: Clock, least_interval: timedelta) -> None:
        self._http = http
        self._worker = worker
        self._clock = clock
        self.least_interval = least_interval

    def accepts(self, url: str) -> Reach:
        """See the port. An invitation, and what is no channel's name, are ours too: to say why they cannot be read."""
        return Reach.SITE if channel_name(url) or is_invitation(url) or _OURS.fullmatch(url) else Reach.NONE

    def meanings(self, name: str) -> Sequence[Meaning]:
        """See `bot.ports.KnownByName`."""
        address = f"telegram:@{name}"
        return [Meaning(place="Telegram channel", address=address)] if channel_name(address) else ()

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port."""
        name = channel_name(url)
        if not name:
            invited = "That is an invitation to a private chat. Only public channels can be read."
            misnamed = f"“{url[:80]}” is no channel's name: a letter, then 3 to 31 letters, digits and underscores."
            cure = "Paste a channel's public address, such as https://t.me/durov."
            raise UserError(invited if is_invitation(url) else misnamed, cure=cure)
        try:
            channel = await self._read(name)
        except PermanentError as error:
            raise UserError(str(error), cure="Paste a public channel's address, such as https://t.me/durov.") from None
        newest = channel.entries[-1] if channel.entries else None
        return [
            Discovery(
                kind=self.kind,
                url=_address(name),
                title=channel.title,
                newest_title=newest.title if newest else "",
                newest_at=newest.published_at if newest else None,
                entries=len(channel.entries),
            )
        ]

    async def poll(self, feed: Feed) -> Poll:
        """See the port. A post that was edited comes again, under its own id."""
        name = channel_name(feed.url)
        if not name:
            raise PermanentError(f"“{feed.url[:80]}” is not a channel's address; add it anew.")
        channel, known = await self._read(name), _known(feed.cursor)
        marks = {entry.id: _mark(entry) for entry in channel.entries}
        fresh = [entry for entry in channel.entries if known.get(entry.id) != marks[entry.id]]
        kept = dict([*(known | marks).items()][-_KEPT:])
        entries = tuple(entry if entry.title else replace(entry, title=f"Post in {channel.title}") for entry in fresh)
        return Poll(entries=entries, cursor=json.dumps(kept), title=channel.title, unchanged=not fresh)

    async def _read(self, name: str) -> Channel:
        answer = await self._http.get(_address(name), robots=True)
        job = (answer.body, answer.headers.get("content-type", ""), name, self._clock())
        channel = await self._worker.run(parse_preview, *job)
        assert isinstance(channel, Channel)
        return channel


def _address(name: str) -> str:
    return f"https://t.me/s/{name}"


def _mark(entry: Entry) -> str:
    return content_id(entry.content)


def _known(cursor: str) -> dict[str, str]:
    """The marks of the posts of earlier visits; none when the cursor is not ours."""
    try:
        value = json.loads(cursor) if cursor else {}
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in value.items()} if isinstance(value, dict) else {}


def connect(kit: Kit) -> Source:
    """The adapter."""
    assert kit.http is not None
    assert kit.worker is not None
    return TelegramSource(kit.http, kit.worker, kit.clock, timedelta(seconds=kit.settings.poll_min_seconds))
