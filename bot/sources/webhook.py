"""Other programs push documents to us: signed JSON, see docs/sources.md.

`source add webhook <name>` makes an address and shows its secret once. What cannot be read: anything but that JSON; a
body above 1 MiB; more than 100 documents in one request; a request that is not signed, is older than five minutes or
came before.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.config import Settings
from bot.errors import PermanentError, UserError
from bot.model import Discovery, Feed, Poll, content_id
from bot.ports import Clock, Export, Kit, Pushed, Pushing, Reach, Source
from bot.reading.pushdocs import entries_of
from bot.reading.pushproof import SIGNATURE, TIMESTAMP, seen_in
from bot.say import count
from bot.sources._pushkey import secret_for

_ASKED = re.compile(r"webhook(?:[ :]\s*(?P<name>.{0,200}))?", re.I | re.S)
_NAME = re.compile(r"\w[\w .-]{0,39}")
_URL = re.compile(r"webhook:(?P<name>\w[\w .-]{0,39})/[0-9a-f]{16}")


class WebhookSource:
    """`bot.ports.PushedSource`: its polls bring nothing. The cursor holds the requests that were let in lately."""

    kind = "webhook"
    links_articles = False
    export = Export.NOT  # its secret is of use here alone
    least_interval = timedelta(minutes=30)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def accepts(self, url: str) -> Reach:
        """See the port: `webhook <name>`."""
        return Reach.NAMED if _ASKED.fullmatch(url.strip()) else Reach.NONE

    async def discover(self, url: str) -> Sequence[Discovery]:
        """See the port: a new address each time, so that nobody gets into another chat's by its name."""
        asked = _ASKED.fullmatch(url.strip())
        name = " ".join((asked["name"] or "").split()) if asked else ""
        if not _NAME.fullmatch(name):
            raise UserError(
                "A webhook needs a name: up to 40 letters, digits, spaces, dots and dashes.",
                cure="For example: source add webhook wire",
            )
        address = f"webhook:{name}/{secrets.token_hex(8)}"
        setup, secret = self._setup(address), self.secret(address)
        return [Discovery(kind=self.kind, url=address, title=name, setup=setup, secret=secret)]

    async def poll(self, feed: Feed) -> Poll:
        """See the port: nothing is to be fetched."""
        if not _URL.fullmatch(feed.url):
            raise PermanentError(f"“{feed.url[:80]}” is not a webhook that was made here; add it anew.")
        return Poll(cursor=feed.cursor, unchanged=True)

    async def receive(self, feed: Feed, pushing: Pushing) -> Pushed:
        """See the port."""
        if pushing.method != "POST":
            return Pushed(status=405, text="Documents are sent here with POST.\n", headers={"Allow": "POST"})
        seen, now = seen_in(feed.cursor), self._clock()
        status, mark = seen.verdict(self.secret(feed.url), pushing.headers, pushing.body, now)
        if status != 200:
            wait = {"Retry-After": "60"} if status == 429 else None
            return Pushed(status=status, text=f"{mark}\n", headers=wait)
        try:
            entries = entries_of(pushing.body, now)
        except UserError as error:
            return Pushed(status=422, text=f"{error} {error.cure}".strip() + "\n")
        seen.remember(mark, now)
        taken = f"{count(len(entries), 'document')} taken.\n"
        return Pushed(status=202, text=taken, entries=entries, cursor=seen.dumps(), all_new=True)

    def secret(self, address: str) -> str:
        """See `ports.KeepsSecrets`."""
        return secret_for(self._settings.data, self.kind, address)

    def _setup(self, address: str) -> str:
        """How to send a first document, as it can be typed into a shell."""
        base = self._settings.public_url or f"http://127.0.0.1:{self._settings.http_port}"
        target = f"{base}/in/{self.kind}/{content_id('feed', self.kind, address)}"
        return (
            f"SECRET={self.secret(address)}; TIME=$(date +%s)\n"
            'BODY=\'{"title": "A test", "text": "It works."}\'\n'
            'SIGN=$(printf "%s.%s" "$TIME" "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d" " -f1)\n'
            f'curl -H "{TIMESTAMP}: $TIME" -H "{SIGNATURE}: sha256=$SIGN" --data-binary "$BODY" {target}'
        )


def connect(kit: Kit) -> Source:
    """The adapter."""
    return WebhookSource(kit.settings, kit.clock)
