"""What a site shows to programs in place of the page: a check for robots, by its maker's marks.

A page that merely speaks of such checks, or that a protector's scripts stand on, is none: an answer with status 200 is
one only when it is short and bears marks that no protector puts on an ordinary page.
"""

import re
from collections.abc import Mapping

MOST_LOOKED_AT = 32_000  # bytes; a longer answer with status 200 is a page: checks have some 1 to 10 kB
_REFUSALS = frozenset({202, 401, 403, 405, 406, 418, 429, 456, 503, 520})  # statuses that come with a check
UNNAMED = "a check for robots"

_HEADERS = (  # header, pattern of its value, maker: sent with a check and never without
    ("cf-mitigated", r"challenge|block", "Cloudflare"),
    ("x-vercel-mitigated", r"challenge|deny", "Vercel"),
    ("x-amzn-waf-action", r"challenge|captcha", "AWS WAF"),
    ("x-sucuri-block", r".", "Sucuri"),
)
_REFUSING = (  # the same, but they say only who guards the site: a check where the status refuses besides
    ("x-datadome", r".", "DataDome"),
    ("x-dd-b", r".", "DataDome"),
    ("x-kpsdk-ct", r".", "Kasada"),
    ("x-px-block", r".", "PerimeterX"),
    ("x-iinfo", r".", "Imperva"),
    ("server", r"ddos-guard", "DDoS-Guard"),
    ("server", r"sucuri", "Sucuri"),
)
_FORBIDDING = (("server", r"cloudflare", "Cloudflare"), ("server", r"akamaighost", "Akamai"))  # and with 403 alone
_MARKS: tuple[tuple[str, tuple[bytes, ...]], ...] = (  # maker, what stands in the body; plain words: a search is cheap
    ("Cloudflare", (b"_cf_chl_opt", b"/orchestrate/chl_", b"/orchestrate/jsch", b"cf-browser-verification")),
    ("Cloudflare", (b"attention required! | cloudflare", b"cf-error-details")),
    ("DataDome", (b"captcha-delivery.com",)),
    ("PerimeterX", (b"px-captcha",)),
    ("Akamai", (b"sec-if-cpt-container", b"/_sec/verify", b"bm-verify=", b"errors.edgesuite.net")),
    ("Imperva", (b"incapsula incident id",)),
    ("AWS WAF", (b"awswafcookiedomainlist", b"gokuprops")),
    ("Sucuri", (b"sucuri_cloudproxy_js", b"sucuri website firewall")),
    ("Anubis", (b"anubis_challenge", b"/.within.website/x/cmd/anubis/")),
    ("DDoS-Guard", (b"/.well-known/ddos-guard/check", b"/.well-known/ddos-guard/js-challenge")),
    ("Vercel", (b"vercel security checkpoint",)),
    ("Kasada", (b"ips.js?kp_", b"window.kpsdk=", b"window.kpsdk =")),
    ("Radware", (b"validate.perfdrive.com",)),
)
_TITLES = re.compile(  # whole titles, and headings of a page that refuses
    r"just a moment\W*|un instant\W*|einen moment\W*|nur einen moment\W*|un momento\W*|een moment geduld\W*"
    r"|один момент\W*|зачекайте\W*|请稍候\W*|少々お待ちください\W*"
    r"|(?:please )?(?:verify|confirm|prove)(?:ing)? (?:that )?you(?:'|’)?(?: a)?re (?:a )?human\b.*"
    r"|(?:please )?(?:verify|confirm|prove)(?:ing)? (?:that )?you(?:'|’)?(?: a)?re not a (?:ro)?bot\b.*"
    r"|making sure you(?:'|’)re not a bot\W*|are you (?:a )?(?:human|robot)\b.*|pardon our interruption\W*"
    r"|(?:security|human|bot|captcha|robot) (?:check|verification|challenge)\W*|access to this page has been denied\W*"
    r"|checking your browser\b.*|robot or human\W*|unusual traffic\b.*|captcha\W*|ddos-guard\W*|one more step\W*"
    r"|(?:sind sie|bist du) ein (?:roboter|mensch)\W*|êtes-vous un (?:robot|humain)\W*|vous êtes un robot\W*"
    r"|¿eres (?:un robot|humano)\W*|sei un robot\W*|вы (?:не )?робот\W*|ви (?:не )?робот\W*|bot detection\b.*",
    re.I,
)
_WORDS = re.compile(  # a sentence of a page that refuses
    r"(?:enable|activate|turn on) (?:both )?(?:javascript and cookies|cookies and javascript)|are you a robot"
    r"|(?:verify|confirm|prove) (?:that )?you(?:'|’)?(?: a)?re (?:a )?(?:human|not a (?:ro)?bot)"
    r"|unusual traffic from your"
    r"|verif(?:y|ying) you are human|automated (?:access|requests|queries)|press (?:and|&(?:amp;)?) hold"
    r"|bitte aktivieren sie (?:javascript und cookies|cookies und javascript)|made us think (?:that )?you are a bot"
    r"|blocked by (?:network|our) security|g-recaptcha|h-captcha|cf-turnstile",
    re.I,
)
_TITLE = re.compile(rb"<title[^<>]{0,300}>([^<]{0,300})", re.I)
_SAID = 8_000  # bytes of a refusal: where it says why
_MOST_TAGS, _FEW = 1_000, 400  # of a page that shows next to nothing; characters
_UNSEEN = (b"script", b"style", b"noscript", b"title")


def can_be_a_wall(status: int, content_type: str) -> bool:
    """Whether the body of a refusal is worth a look: most say nothing, and are not read."""
    return status in _REFUSALS and ("html" in content_type or not content_type)


def wall_of(status: int, headers: Mapping[str, str], body: bytes) -> str:
    """Whose check for robots an answer is: its maker, UNNAMED, or nothing when it is none. `headers` in lower case."""
    if maker := _by_header(_HEADERS, headers):
        return maker
    refuses = status in _REFUSALS
    if refuses and (maker := _by_header(_REFUSING, headers)):
        return maker
    body = body[:MOST_LOOKED_AT] if refuses else body
    if len(body) <= MOST_LOOKED_AT and (maker := _in_body(body, headers.get("content-type", ""), refuses=refuses)):
        return maker
    return _by_header(_FORBIDDING, headers) if status == 403 else ""


def _by_header(marks: tuple[tuple[str, str, str], ...], headers: Mapping[str, str]) -> str:
    return next((who for name, value, who in marks if name in headers and re.search(value, headers[name], re.I)), "")


def _in_body(body: bytes, content_type: str, *, refuses: bool) -> str:
    if "html" not in content_type and content_type and not refuses:
        return ""  # a feed, a list or a picture: what they speak of is theirs
    lower = body.lower()
    start = lower.find(b"<title")
    if start < 0 and not refuses:
        return ""
    title = _TITLE.match(body, start) if start >= 0 else None
    maker = next((maker for maker, marks in _MARKS if any(mark in lower for mark in marks)), "")
    named = title is not None and _TITLES.fullmatch(" ".join(title[1].decode("utf-8", "replace").split())) is not None
    if not refuses and not ((maker or named) and (_is_bare(lower) or (maker and named))):
        return ""
    if maker:
        return maker
    worded = _WORDS.search(lower[:_SAID].decode("utf-8", "replace")) is not None
    return UNNAMED if worded or (refuses and named) else ""


def _is_bare(lower: bytes) -> bool:
    """Whether a page shows next to nothing, so that a maker's marks are not beside an article; in linear time."""
    shown, at = 0, 0
    for _ in range(_MOST_TAGS):
        tag = lower.find(b"<", at)
        shown += len(lower[at : tag if tag >= 0 else len(lower)].strip())
        if shown > _FEW or tag < 0:
            break
        name = next((name for name in _UNSEEN if lower.startswith(name, tag + 1)), b"")
        end = lower.find(b"</" + name, tag) if name else tag
        at = lower.find(b">", end) + 1 if end >= 0 else 0
        if not at:
            break  # the rest stands within a tag
    else:
        return False
    return shown <= _FEW
