"""What sites that publish feeds of their profiles share: the pasted address is turned into the feed's."""

from collections.abc import Callable, Sequence

from bot.errors import PermanentError, TransientError, UserError, is_busy
from bot.model import Discovery, Feed, Poll
from bot.ports import Export, Kit, Meaning, Reach
from bot.sources._feeds import FeedReader


class PublishedSource:
    """`bot.ports.Source` around that of common feeds. `feed_of` gives the feed's address, empty when not the site's.

    `meanings` says what a bare name can mean there, as in `bot.ports.KnownByName`.
    """

    export = Export.FEED

    def __init__(
        self,
        kit: Kit,
        kind: str,
        feed_of: Callable[[str], str],
        limits: str,
        *,
        links_articles: bool = False,
        reach: Reach = Reach.SITE,
        meanings: Callable[[str], Sequence[Meaning]] | None = None,
    ) -> None:
        self.kind = kind
        self.links_articles = links_articles
        self._feed_of = feed_of
        self._reach = reach
        self._meanings = meanings
        self._limits = limits  # what cannot be read there, for whom it fails
        self._feeds = FeedReader(kit, kind)
        self.least_interval = self._feeds.least_interval

    def accepts(self, url: str) -> Reach:
        """See the port."""
        return self._reach if self._feed_of(url) else Reach.NONE

    def meanings(self, name: str) -> Sequence[Meaning]:
        """See `bot.ports.KnownByName`."""
        return self._meanings(name) if self._meanings else ()

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port."""
        address = self._feed_of(url)
        if not address:
            raise UserError(f"“{url[:80]}” is not an address of {self.kind}.", cure="Paste it from the browser.")
        try:
            return await self._feeds.discover(address)
        except (UserError, TransientError, PermanentError) as error:
            if is_busy(error):
                raise
            raise UserError(f"{error} {self._limits}", cure=getattr(error, "cure", "")) from None

    async def poll(self, feed: Feed) -> Poll:
        """See the port."""
        return await self._feeds.poll(feed)
