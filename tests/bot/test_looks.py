"""The looks: real platform payloads become safe, properly nested HTML."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.model import Block, Button, Message, Run
from bot.web import looks
from tests.talk import Talk, alert_message

# ------------------------------------------------------------------------------------------------------ the two looks


def test_telegram_entities_become_nested_elements() -> None:
    text = "Troops 🇺🇦 move\nquoted troops\nafter"
    entities = [
        {"type": "text_link", "offset": 0, "length": 16, "url": "https://x.example/?a=1&b=2"},
        {"type": "bold", "offset": 0, "length": 6},
        {"type": "blockquote", "offset": 17, "length": 13},
        {"type": "underline", "offset": 24, "length": 6},
        {"type": "bold", "offset": 24, "length": 6},
    ]
    assert looks.entities_html(text, entities) == (
        '<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "<strong>Troops</strong> 🇺🇦 move</a>\n"
        "<blockquote>quoted <u><strong>troops</strong></u></blockquote>after"
    )


def test_entities_that_cross_are_cut_and_those_out_of_range_ignored() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 2, "length": 4},
        {"type": "code", "offset": 90, "length": 4},
        {"type": "spoiler", "offset": 6, "length": 90},
        {"type": "brand_new", "offset": 6, "length": 1},
    ]
    assert looks.entities_html("abcdefgh", entities) == (
        '<strong>ab<em>cd</em></strong><em>ef</em><span class="spoiler"><span>g</span>h</span>'
    )


def test_telegram_buttons_open_or_say() -> None:
    payload = {
        "text": "<b>x</b>",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Open", "url": "https://x.example"}, {"text": "Bad", "url": "javascript:alert(1)"}],
                [{"text": "Why", "callback_data": 'why "a"'}],
            ]
        },
    }
    html = looks.telegram(payload)
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert 'href="https://x.example" target="_blank" rel="noopener noreferrer"' in html
    assert 'data-command="why &#34;a&#34;"' in html
    assert "javascript" not in html
    assert html.count("tg-row") == 2


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "header", "text": {"type": "plain_text", "text": "A < B"}}, "<h3>A &lt; B</h3>"),
        ({"type": "divider"}, "<hr>"),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "*Wire* &amp; <https://x.example|more>"}]},
            "<span><strong>Wire</strong> &amp; "
            '<a href="https://x.example" target="_blank" rel="noopener noreferrer">more</a></span>',
        ),
        (
            {"type": "section", "text": {"type": "plain_text", "text": "*as it is*"}},
            '<p class="sl-text">*as it is*</p>',
        ),
        (
            rich(
                {"type": "text", "text": "send "},
                {"type": "text", "text": "troops", "style": {"bold": True, "italic": True}},
            ),
            '<p class="sl-text">send <strong><em>troops</em></strong></p>',
        ),
        (
            rich({"type": "text", "text": "a\nb"}, kind="rich_text_quote"),
            "<blockquote>a\nb</blockquote>",
        ),
        (rich({"type": "text", "text": " ^"}, kind="rich_text_preformatted"), '<pre tabindex="0"> ^</pre>'),
        (
            rich({"type": "link", "url": "javascript:alert(1)", "text": "<x>"}),
            '<p class="sl-text">&lt;x&gt;</p>',
        ),
        (rich({"type": "user", "user_id": "U1"}), '<p class="sl-text"><span class="mention">@U1</span></p>'),
        (
            rich({"type": "date", "timestamp": 1, "format": "{time}", "fallback": "14:02 UTC"}),
            '<p class="sl-text">14:02 UTC</p>',
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "indent": 0,
                        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
                    }
                ],
            },
            '<ul class="indent-0"><li>one</li></ul>',
        ),
        (
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "Why"}, "value": "why <1>"},
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Open"},
                        "url": "https://x.example",
                        "style": "primary",
                    },
                ],
            },
            'data-command="why &lt;1&gt;">Why</button>',
        ),
        (
            {"type": "hologram<script>"},
            '<p class="odd">Slack shows something here that this page does not know: hologram&lt;script&gt;</p>',
        ),
    ],
)
def test_slack_blocks(block: dict[str, Any], shown: str) -> None:
    assert shown in looks.slack({"text": "gist", "blocks": [block]})


def test_slack_without_blocks_shows_its_text() -> None:
    html = looks.slack({"text": "`code` _soft_ a_b_c <!date^1^{time}|noon> &lt;!channel&gt;"})
    assert "<code>code</code> <em>soft</em> a_b_c noon &lt;!channel&gt;" in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\tscript:x",
        " https://x.example",
        "//x.example",
        "data:,x",
        "https:",
        "http://[",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert looks.safe_href(url) == ""


class Outline(HTMLParser):
    """What a browser would make of it: elements, what they may do, and whether they nest."""

    VOID = ("hr", "br", "img")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.hrefs: list[str] = []
        self.wrong: list[str] = []
        self.text = ""
        self.feed(str(html))  # `Markup` would escape what the parser adds to it
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


TAGS = {"div", "p", "h3", "span", "strong", "em", "u", "s", "code", "pre", "blockquote", "a", "button"}
TAGS |= {"li", "ul", "ol", "mark", "time", "footer", "template", "hr"}
ATTRIBUTES = {"class", "href", "target", "rel", "type", "datetime", "tabindex", "aria-hidden", "aria-pressed"}
ATTRIBUTES |= {"data-command", "data-key", "data-version", "data-platform"}

naughty = st.text(max_size=30) | st.sampled_from(
    [
        "</template><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!channel> <@U1>",
        "{{ 7*7 }}",
        "javascript:alert(1)",
    ]
)
runs = st.builds(
    Run,
    text=naughty,
    styles=st.lists(st.sampled_from(["bold", "italic", "code", "hit"]), max_size=2).map(tuple),
    url=st.sampled_from(["", "https://x.example/a?b=1&c=\"'<"]) | naughty,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["title", "text", "meta", "quote", "item", "code"]), st.lists(runs, max_size=3)),
        max_size=4,
    ),
    naughty,
)
def test_hostile_words_stay_words_in_every_look(parts: list[tuple[Any, list[Run]]], label: str) -> None:
    blocks = tuple(Block(kind=kind, runs=tuple(found)) for kind, found in parts)
    buttons = (Button(label=label, command="why 1"), Button(label=label, url=label))
    message = Message(blocks=blocks, buttons=buttons, gist=label)
    outline = Outline(looks.shown(replace(Talk().delivery("m"), message=message, id=label)).html)
    assert outline.tags <= TAGS
    assert outline.attributes <= ATTRIBUTES
    assert outline.open == outline.wrong == []
    assert all(href.startswith(("https://", "http://")) for href in outline.hrefs)


@given(
    naughty,
    st.lists(
        st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.sampled_from([*looks._TAGS, "text_link"])), max_size=6
    ),
)
def test_any_entities_nest(text: str, raw: list[tuple[int, int, str]]) -> None:
    entities = [{"type": kind, "offset": at, "length": size, "url": "https://x.example"} for at, size, kind in raw]
    outline = Outline(looks.entities_html(text, entities))
    assert outline.open == outline.wrong == []
    if max(text, default="") < "\U00010000":  # offsets in the middle of a pair cannot keep the character
        assert "".join(outline.text.split()) == "".join(text.split())


def test_a_message_that_a_platform_cannot_show_does_not_take_the_page_down() -> None:
    def refuses(message: Message) -> Markup:
        raise ValueError(f"too long: <{message.gist}>")

    assert looks._markup(refuses, alert_message("x")) == (
        '<p class="odd">This message cannot be shown here: too long: &lt;x&gt;</p>'
    )
