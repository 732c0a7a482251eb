"""A small web in memory for the tests of sources that read pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import PermanentError
from bot.model import Response, content_id


@dataclass
class PageWeb:
    """`pages` are bodies, answers or errors by address. Validators and 304 as servers do them, if `validating`."""

    pages: dict[str, bytes | Response | Exception] = field(default_factory=dict)
    visits: list[tuple[str, dict[str, str], bool]] = field(default_factory=list)
    validating: bool = False

    async def get(self, url: str, *, headers: dict[str, str] | None = None, robots: bool = False) -> Response:
        self.visits.append((url, headers or {}, robots))
        page = self.pages.get(url)
        if page is None:
            raise PermanentError(f"{url} answers 404: not found.")
        if isinstance(page, Exception):
            raise page
        if isinstance(page, Response):
            return page
        etag = f'"{content_id(page.decode("latin-1"))}"'
        if self.validating and (headers or {}).get("if-none-match") == etag:
            return Response(url=url, status=304, headers={}, body=b"")
        given = {"etag": etag} if self.validating else {}
        return Response(url=url, status=200, headers={"content-type": "text/html", **given}, body=page)

    async def post(self, url: str, form: Mapping[str, str], *, headers: dict[str, str] | None = None) -> Response:
        raise PermanentError(f"{url} takes nothing.")

    async def close(self) -> None:
        return

    @property
    def asked(self) -> list[str]:
        return [url for url, _, _ in self.visits]
