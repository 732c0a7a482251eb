"""Made-up pages that change: kinds of noise, six visits each, and changes that are news."""

from collections.abc import Callable, Sequence

VISITS = 6
Kind = Callable[[int], str]  # the HTML of a box at a visit


def _turn(*boxes: str) -> Kind:
    return lambda visit: f"<p>{boxes[visit % len(boxes)]}</p>"


_TOKENS = ("k3J9xQ27LmP0", "Zz81hT44bNq2", "p0Qw7Er5Ty81", "mN3bV6cX9zL4", "aS2dF8gH1jK5", "q9W8e7R6t5Y4")

TEXT_NOISE: dict[str, Kind] = {
    "a clock in a sentence": lambda visit: f"<p>It is now 12:0{visit} UTC at the quay.</p>",
    "a clock with its name": lambda visit: f"<p>Uhrzeit: 12:0{visit} Uhr</p><p>Hora local: 12:0{visit}</p>",
    "how long the page took": lambda visit: (
        f"<p>Generated in 0.0{visit + 3}4 s</p><p>Seite in {visit + 5} ms erzeugt</p>"
    ),
    "a stamp": lambda visit: (
        f"<p>Letzte Aktualisierung: 30.11.2026 12:0{visit}</p><p>Ultimo aggiornamento: ore 12:0{visit}</p>"
    ),
    "how long ago": lambda visit: f"<p>Storm closes the quay · {visit + 5}m ago</p><p>{visit + 2} hrs</p>",
    "how long ago, elsewhere": lambda visit: (
        f"<p>风暴 {visit + 3} 分钟前</p><p>há {visit + 2} horas</p><p>{visit + 2}時間前</p><p>منذ {visit + 3} دقائق</p>"
        f"<p>{visit + 2} घंटे पहले</p><p>{visit + 5} minuti fa</p><p>{visit + 2} saat önce</p>"
        f"<p>{visit + 5} menit lalu</p>"
        f"<p>{visit + 5} minut temu</p><p>{visit + 5}분 전</p><p>{visit + 5} минут назад</p>"
    ),
    "people who read it": lambda visit: (
        f"<p>{57 + visit} people are reading this now</p><p>{visit + 4} Leser online</p>"
    ),
    "how often it was shared": lambda visit: f"<p>Shared {12 + visit} times</p><p>{visit + 7} mal geteilt</p>",
    "thumbs and stars": lambda visit: f"<p>👍 {123 + visit}</p><p>★ 4.{visit} ({123 + visit} ratings)</p>",
    "counters elsewhere": lambda visit: (
        f"<p>{visit + 7} 条评论</p><p>阅读 {visit + 100}</p><p>{visit + 3}件のコメント</p>"
        f"<p>{visit + 9} visualizações</p>"
        f"<p>{visit + 9} commenti</p><p>{visit + 9} تعليقات</p><p>{visit + 9} टिप्पणियाँ</p><p>{visit + 9} yorum</p>"
    ),
    "rates": lambda visit: (
        f"<p>EUR/USD 1.08{visit} +0.{visit}%</p><p>DAX 18.23{visit},12 ▲ 0,{visit} %</p><p>Gold $2,41{visit}.10</p>"
    ),
    "prices of an offer": lambda visit: f"<div class=ad-slot><p>Headphones now only € {visit + 19}.99</p></div>",
    "weather": lambda visit: (
        f"<p>Hamburg {visit + 5}°C, cloudy</p><p>Wind: {visit + 11} km/h</p><p>Luftfeuchtigkeit {visit + 60} %</p>"
    ),
    "labelled advertising": _turn("Advertisement: Buy a boat", "Sponsored: Sail for less", "Anzeige · Neue Segel"),
    "boxes of advertising": lambda visit: (
        f"<ins class=adsbygoogle><p>Offer number {visit}: new sails for all boats</p></ins>"
    ),
    "cookie banner": lambda visit: (
        f"<div id=cookie-banner><p>We and our {800 + visit} partners store cookies.</p></div>"
    ),
    "tokens in what is hidden": lambda visit: (
        f"<input type=hidden value={_TOKENS[visit]}><script>t='{_TOKENS[visit]}'</script>"
    ),
    "the year and a number": lambda visit: f"<p>© 202{visit} Harbour Office</p><p>Request ID: {_TOKENS[visit]}</p>",
    "a countdown": lambda visit: f"<p>Next update in {9 - visit} minutes</p><p>Noch {9 - visit} Tage</p>",
    "lines that move": lambda visit: "".join(
        f"<p>{line}</p>"
        for line in (
            ["Pilots meet at the quay.", "Tugs lie at berth two."]
            if visit % 2
            else ["Tugs lie at berth two.", "Pilots meet at the quay."]
        )
    ),
}

STORY = "".join(
    f"<p>Paragraph {number} of the long report on the harbour, its {what} and those who work there.</p>"
    for number, what in enumerate(("ships", "cranes", "pilots", "tugs", "berths", "nets"))
)


def text_page(box: str) -> bytes:
    return (
        "<html lang=en><head><title>Harbour Office</title></head><body><nav><a href=/>Home</a></nav><main>"
        f"<div id=m>{STORY}{box}</div></main><footer>Imprint</footer></body></html>"
    ).encode()


# name: (before, now, what has to be told)
TEXT_NEWS: dict[str, tuple[str, str, str]] = {
    "a paragraph": ("", "<p>A tanker leaks oil off Gull Point.</p>", "tanker leaks"),
    "an item of a list": (
        "<ul><li>Copper pipe</li></ul>",
        "<ul><li>Copper pipe</li><li>Gold ring</li></ul>",
        "Gold ring",
    ),
    "a list beside paragraphs": (
        "<ul><li>Copper pipe for reactor 10 mm</li></ul>",
        "<ul><li>Copper pipe for reactor 10 mm</li><li>Gold ring for reactor 7 mm</li></ul>",
        "Gold ring",
    ),
    "a lead": ("<div class=intro>Calm.</div>", "<div class=intro>The quay is closed.</div>", "quay is closed"),
    "a teaser": ("<div class=teaser>Calm.</div>", "<div class=teaser>Ferry strike begins.</div>", "Ferry strike"),
    "a headline in an article": (
        "<article><h1>Calm</h1><p>Text of it.</p></article>",
        "<article><h1>Evacuated</h1><p>Text of it.</p></article>",
        "Evacuated",
    ),
    "a row of a table": (
        "<table><tr><td>Berth 1</td><td>free</td></tr></table>",
        "<table><tr><td>Berth 1</td><td>taken</td></tr></table>",
        "taken",
    ),
    "a removal": ("<p>The pier is open to visitors.</p>", "", "Removed: The pier is open"),
    "a number": ("<p>Berths free: 4</p>", "<p>Berths free: 0</p>", "Berths free: 0"),
    "a deadline": ("<p>Tenders close on 5 March 2027</p>", "<p>Tenders close on 9 March 2027</p>", "9 March"),
    "a state": ("<p>Status: operational</p>", "<p>Status: outage</p>", "outage"),
    "a word": ("<h2>Open</h2>", "<h2>Closed</h2>", "Closed"),
    "a departure": ("<p>The ferry leaves at 12:10.</p>", "<p>The ferry leaves at 13:40.</p>", "13:40"),
    "a heading": ("<h3>Notices</h3>", "<h3>Notices</h3><h3>Berth two is closed</h3>", "Berth two"),
    "a definition": ("<dl><dt>Depth</dt><dd>9 m</dd></dl>", "<dl><dt>Depth</dt><dd>7 m</dd></dl>", "7 m"),
    "text without an element": ("<div>Calm sea.</div>", "<div>Rough sea.</div>", "Rough sea"),
}

Link = tuple[str, str]
LINKS: Sequence[Link] = (
    ("/2026/storm", "Storm closes the harbour for two days"),
    ("/2026/ferry", "Ferry to the islands runs again on Monday"),
    ("/2026/crane", "New crane lifts its first container today"),
)


def link_page(items: str) -> bytes:
    return (
        "<html lang=en><head><title>Harbour Office</title></head><body><nav><a href=/>Home</a></nav><main id=m>"
        f"{items}</main><footer>Imprint</footer></body></html>"
    ).encode()


def _list(change: Callable[[int, str, str], Link]) -> Kind:
    """The list of links with each address and title changed at each visit."""

    def items(visit: int) -> str:
        links = (change(visit, address, title) for address, title in LINKS)
        return "<ul>" + "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in links) + "</ul>"

    return items


_HOST = "harbour.example"
LINK_NOISE: dict[str, Kind] = {
    "?t=": _list(lambda visit, to, title: (f"{to}?t=176450{visit}123", title)),
    "?_=": _list(lambda visit, to, title: (f"{to}?_=17645{visit}", title)),
    "?ref=": _list(lambda visit, to, title: (f"{to}?ref=home{visit}", title)),
    "?pos=": _list(lambda visit, to, title: (f"{to}?pos={visit}", title)),
    "utm": _list(lambda visit, to, title: (f"{to}?utm_source=s{visit}", title)),
    "session": _list(lambda visit, to, title: (f"{to}?PHPSESSID={_TOKENS[visit]}", title)),
    "jsessionid": _list(lambda visit, to, title: (f"{to};jsessionid={_TOKENS[visit]}", title)),
    "token": _list(lambda visit, to, title: (f"{to}?token={_TOKENS[visit]}", title)),
    "a token in the path": _list(lambda visit, to, title: (f"/r/{_TOKENS[visit]}{to}", title)),
    "http and https": _list(lambda visit, to, title: (f"http{'s' * (visit % 2)}://{_HOST}{to}", title)),
    "www": _list(lambda visit, to, title: (f"https://{'www.' * (visit % 2)}{_HOST}{to}", title)),
    "a last slash": _list(lambda visit, to, title: (to + "/" * (visit % 2), title)),
    "fragment": _list(lambda visit, to, title: (f"{to}#c{visit}", title)),
    "counters": _list(lambda visit, to, title: (to, f"{title} ({visit} comments)")),
    "order": lambda visit: (
        _list(lambda _, to, title: (to, title))(0)
        if visit % 2
        else "".join(f'<li><a href="{to}">{title}</a></li>' for to, title in reversed(LINKS))
    ),
    "advertising": lambda visit: (
        _list(lambda _, to, title: (to, title))(0)
        + f'<div class="ad-slot"><a href="https://ads.example/c{visit}">Offer {visit}: new sails for less</a></div>'
    ),
}

# name: (what is new, title, address)
LINK_NEWS: dict[str, tuple[str, str, str]] = {
    "a headline": ("<li><a href=/n>Tanker leaks oil off Gull Point</a>", "Tanker leaks oil off Gull Point", "/n"),
    "a headline of one word": ("<h2><a href=/n>Evacuated</a></h2>", "Evacuated", "/n"),
    "an item of two words": ("<ul><li><a href=/n>Gold ring</a></ul>", "Gold ring", "/n"),
    "a card with Read more": (
        "<div class=card><h3>Tanker leaks oil</h3><p>Text.</p><a href=/n>Read more</a></div>",
        "Tanker leaks oil",
        "/n",
    ),
    "a card with a picture": (
        "<div class=card><h3>Tanker leaks oil</h3><a href=/n><img src=x.png></a></div>",
        "Tanker leaks oil",
        "/n",
    ),
    "a card of no class": (
        "<div><div><h3>Tanker leaks oil</h3></div><p>Text.</p><a href=/n>Weiterlesen</a></div>",
        "Tanker leaks oil",
        "/n",
    ),
    "a PDF": ("<p><a href=/docs/minutes.pdf>Minutes</a></p>", "Minutes", "/docs/minutes.pdf"),
    "a PDF with spaces": (
        '<li><a href="/docs/Annual Report 1.pdf">Annual Report 1</a>',
        "Annual Report 1",
        "/docs/Annual%20Report%201.pdf",
    ),
    "a PDF without words": (
        '<li><a href="/docs/tide-table.pdf"><img src=pdf.png></a>',
        "tide-table.pdf",
        "/docs/tide-table.pdf",
    ),
    "a spreadsheet": ("<p><a href=/docs/berths.xlsx>Download</a></p>", "berths.xlsx", "/docs/berths.xlsx"),
    "a row of a table": ("<table><tr><td><a href=/n>Berth two</a><td>closed</table>", "Berth two", "/n"),
    "Chinese": ("<li><a href=/n>油轮在海鸥角漏油</a>", "油轮在海鸥角漏油", "/n"),
    "an article with a header": (
        "<article><header><h2><a href=/n>Tanker leaks oil</a></h2></header></article>",
        "Tanker leaks oil",
        "/n",
    ),
    "a link around a card": (
        "<a href=/n><div><h3>Tanker leaks oil</h3><p>Text.</p></div></a>",
        "Tanker leaks oil",
        "/n",
    ),
}
