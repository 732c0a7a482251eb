"""Pasted profiles and channels as the addresses of the feeds that their sites publish for them. Empty: not theirs.

Where the shapes are documented: Mastodon "/@name.rss" (docs.joinmastodon.org, user profiles), Bluesky
"/profile/<handle>/rss" (bsky.app names it in its pages), Reddit "/r/<name>/.rss" (its wiki, "rss"),
YouTube "/feeds/videos.xml?channel_id=" (named in every channel page), Hacker News "/rss" (named in its front page).
"""

import re
from urllib.parse import parse_qs, urlsplit

from bot.reading.feeds.feedlinks import addresses

_MASTODON = re.compile(r"@?(\w[\w.-]{0,60})@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I | re.A)
_AT_PATH = re.compile(r"/@(\w[\w.-]{0,60}?)(?:\.rss|/(?:with_replies|media)?)?", re.I | re.A)
_NOT_MASTODON = ("youtube.com", "medium.com", "tiktok.com", "threads.net", "threads.com", "t.me", "substack.com")
_BLUESKY = re.compile(r"/profile/([A-Za-z0-9.:_-]{3,253})(?:/rss)?/?")
_BLUESKY_HANDLE = re.compile(r"@?([a-z0-9-]{1,63}\.bsky\.social)", re.I)
_REDDIT = re.compile(
    r"/(r|u|user)/([A-Za-z0-9_+-]{2,100})(?:/(new|hot|top|rising|controversial|submitted|comments))?(?:/?\.rss)?/?"
)
_REDDIT_SHORT = re.compile(r"/?[ru]/[A-Za-z0-9_+-]{2,100}/?")
_YOUTUBE_CHANNEL = re.compile(r"/channel/(UC[A-Za-z0-9_-]{22})(?:/.*)?")
_YOUTUBE_NAMED = re.compile(r"/(?:@[^/\s]{1,100}|(?:c|user)/[^/\s]{1,100})(?:/.*)?")
_LIST_ID = re.compile(r"[A-Za-z0-9_-]{2,80}")


def mastodon_feed(text: str) -> str:
    """Of "@name@host" or "https://host/@name". Only a visit shows whether the host is one of theirs."""
    named = _MASTODON.fullmatch(text.strip())
    if named:
        return f"https://{named[2].lower()}/@{named[1]}.rss"
    host, path, _ = _parts(text)
    match = _AT_PATH.fullmatch(path)
    if not host or match is None or any(host == site or host.endswith("." + site) for site in _NOT_MASTODON):
        return ""
    return f"https://{host}/@{match[1]}.rss"


def bluesky_feed(text: str) -> str:
    """Of a profile at bsky.app, or a handle that ends with .bsky.social."""
    named = _BLUESKY_HANDLE.fullmatch(text.strip())
    if named:
        return f"https://bsky.app/profile/{named[1].lower()}/rss"
    host, path, _ = _parts(text)
    match = _BLUESKY.fullmatch(path) if host == "bsky.app" else None
    return f"https://bsky.app/profile/{match[1]}/rss" if match else ""


def reddit_feed(text: str) -> str:
    """Of a subreddit (with its order, "new" for instance) or a user, also written short: "r/europe"."""
    text = text.strip()
    if _REDDIT_SHORT.fullmatch(text):
        text = "https://reddit.com/" + text.lstrip("/")
    host, path, _ = _parts(text)
    match = _REDDIT.fullmatch(path) if host == "reddit.com" or host.endswith(".reddit.com") else None
    if match is None:
        return ""
    place = "r" if match[1] == "r" else "user"
    order = f"{match[3]}/" if match[3] else ""
    return f"https://www.reddit.com/{place}/{match[2]}/{order}.rss"


def hackernews_feed(text: str) -> str:
    """Of the front page: the only list that Hacker News publishes as a feed."""
    host, path, _ = _parts(text)
    front = host == "news.ycombinator.com" and path in ("", "/", "/news", "/rss")
    return "https://news.ycombinator.com/rss" if front else ""


def youtube_feed(text: str) -> str:
    """Of a channel or playlist. A channel known by name only gives its page, which names the feed."""
    host, path, query = _parts(text)
    if host not in ("youtube.com", "m.youtube.com"):
        return ""
    feeds = "https://www.youtube.com/feeds/videos.xml?"
    ids = {name: values[0] for name, values in query.items() if _LIST_ID.fullmatch(values[0])}
    if path == "/feeds/videos.xml":
        return next((f"{feeds}{name}={ids[name]}" for name in ("channel_id", "playlist_id") if name in ids), "")
    if path == "/playlist" and "list" in ids:
        return f"{feeds}playlist_id={ids['list']}"
    if match := _YOUTUBE_CHANNEL.fullmatch(path):
        return f"{feeds}channel_id={match[1]}"
    return f"https://www.youtube.com{path}" if _YOUTUBE_NAMED.fullmatch(path) else ""


def _parts(text: str) -> tuple[str, str, dict[str, list[str]]]:
    """(host without www., path, query) of a pasted address; an empty host for anything else."""
    try:
        parts = urlsplit(next(iter(addresses(text)), ""))
        host = (parts.hostname or "").removeprefix("www.")
        return host, parts.path, parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return "", "", {}
