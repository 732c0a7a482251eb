"""Lists of feeds, read and written, whatever they look like."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.reading.feeds.opml import MAX_OUTLINES, Outline, is_opml, looks_like_opml, read_opml, write_opml
from bot.worker import ProcessWorker
from tests.waiting import costs_less_than

HEAD = '<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>My feeds</title></head><body>'
TAIL = "</body></opml>"


def read(inner: str, tail: str = TAIL) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.url, one.title, one.folders) for one in read_opml((HEAD + inner + tail).encode()).outlines]


def test_nested_outlines_are_folders() -> None:
    inner = (
        '<outline text="News"><outline text="World"><outline type="rss" text="A" xmlUrl="https://a.example/feed"/>'
        '</outline><outline text="B" xmlUrl="https://b.example/feed"/></outline>'
        '<outline title="C" xmlUrl="https://c.example/feed"/>'
    )
    assert read(inner) == [
        ("https://a.example/feed", "A", ("News", "World")),
        ("https://b.example/feed", "B", ("News",)),
        ("https://c.example/feed", "C", ()),
    ]
    assert read_opml((HEAD + inner + TAIL).encode()).title == "My feeds"


@pytest.mark.parametrize(
    "tag",
    [
        '<outline text="A" xmlUrl="https://a.example/?x=1&amp;y=2"/>',
        '<OUTLINE TEXT="A" XMLURL="https://a.example/?x=1&amp;y=2"/>',
        "<outline text='A' xmlurl='https://a.example/?x=1&y=2'></outline>",
        '<outline text="A" type="rss" url=" https://a.example/?x=1&#38;y=2 "/>',
        '<outline title="A" type="link" url="https://a.example/?x=1&amp;y=2" htmlUrl="https://a.example/"/>',
    ],
)
def test_attributes_are_read_however_they_are_written(tag: str) -> None:
    assert read(tag) == [("https://a.example/?x=1&y=2", "A", ())]


def test_a_damaged_list_is_read_as_far_as_it_goes_and_says_so() -> None:
    one, other = (f'<outline text="{name}" xmlUrl="https://{name}.example/feed"/>' for name in "ab")
    for damaged in (f"{one}<outline text=<b>{other}", f"{one}</outline></body>{other}", f"{one}{other}<outline xmlUr"):
        opml = read_opml((HEAD + damaged).encode())
        assert [each.url for each in opml.outlines] == ["https://a.example/feed", "https://b.example/feed"]
        assert "damaged (line 1" in opml.note or "damaged (line 2" in opml.note


def test_what_is_there_twice_or_unusable_is_told() -> None:
    one = '<outline text="A" xmlUrl="https://a.example/feed"/>'
    long = f'<outline text="B" xmlUrl="https://b.example/{"x" * 5000}"/>'
    opml = read_opml((HEAD + one + one + long + TAIL).encode())
    assert len(opml.outlines) == 1
    assert opml.note == "1 of its addresses stands there more than once. 1 of its outlines has an unusable address."


def test_no_list_and_an_empty_one_are_told_apart() -> None:
    with pytest.raises(UserError, match="not an OPML list"):
        read_opml(b"<rss><channel/></rss>")
    with pytest.raises(UserError, match="No address"):
        read_opml((HEAD + '<outline text="only a folder"/>' + TAIL).encode())


def test_a_list_is_known_by_its_root() -> None:
    assert is_opml(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <rss> --><opml version='1.0'>")
    assert is_opml(HEAD.encode("utf-16"))
    assert not is_opml(b"<rss><channel><title>About &lt;opml&gt; and <![CDATA[<opml>]]></title>")
    assert not is_opml(b"about opml")
    assert looks_like_opml('<outline text="A" xmlUrl="https://a.example"/>')
    assert not looks_like_opml("https://a.example/opml <https://b.example>")


# ------------------------------------------------------------------------------------------------------------- hostile

LAUGHS = (
    '<!DOCTYPE opml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)


def test_entities_of_its_own_are_not_expanded() -> None:
    body = f'{LAUGHS}<opml><body><outline text="&k;&file;" xmlUrl="https://a.example/&k;"/></body></opml>'
    outlines = read_opml(body.encode()).outlines
    assert [one.url for one in outlines] == ["https://a.example/&k;"]
    assert outlines[0].title == "&k;&file;"


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
def test_100_000_outlines_are_capped_with_a_word(broken: bool) -> None:
    many = "".join(f'<outline text="{n}" xmlUrl="https://a.example/{n}"/>' for n in range(100_000))
    with costs_less_than(3):
        opml = read_opml((HEAD + ("<broken " if broken else "") + many + TAIL).encode())
    assert len(opml.outlines) == MAX_OUTLINES
    assert "Only the first 2,000 of its 100,000 addresses are read." in opml.note


async def test_hostile_lists_end_in_the_worker() -> None:
    deep = HEAD + '<outline text="x">' * 100_000 + '<outline xmlUrl="https://a.example/"/>'
    wide = HEAD + "<outline " + " ".join(f'a{n}="x"' for n in range(100_000)) + ' xmlUrl="https://a.example/"/>' + TAIL
    quotes = HEAD + '<outline a="' * 100_000
    worker = ProcessWorker()
    try:
        for text in (deep, wide):
            opml = await worker.run(read_opml, text.encode(), seconds=8)
            assert [one.url for one in opml.outlines] == ["https://a.example/"]
        with pytest.raises(UserError):
            await worker.run(read_opml, quotes.encode(), seconds=8)
    finally:
        await worker.close()


@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_words(body: bytes) -> None:
    with suppress(UserError):
        assert read_opml(b"<opml><outline xmlUrl='" + body).outlines


# --------------------------------------------------------------------------------------------------------- round trip

LINES = st.text(max_size=40).map(lambda text: " ".join("".join(c for c in text if c.isprintable()).split()))
OUTLINES = st.builds(
    Outline,
    url=st.sampled_from(["https://a.example/", "gdelt:", "https://b.example/?q=1&r=", "telegram:@"]).flatmap(
        lambda start: LINES.map(lambda text: start + text.replace(" ", ""))
    ),
    title=LINES.filter(bool),
    folders=st.lists(LINES.filter(bool), max_size=4).map(tuple),
    is_feed=st.booleans(),
)


@given(st.lists(OUTLINES, min_size=1, max_size=12, unique_by=lambda one: one.url))
def test_what_is_written_is_read_again(outlines: list[Outline]) -> None:
    assert list(read_opml(write_opml(outlines, 'Mine <&> "all"').encode()).outlines) == outlines
