"""Which addresses may be connected to, and which are addresses at all."""

from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.visits.netguard import refusal
from bot.errors import UserError
from bot.http import check_url

FORBIDDEN = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:10::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not-an-address",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_public_is_refused_with_a_reason(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_fine(address: str) -> None:
    assert refusal(address) == ""


@given(st.ip_addresses())
def test_the_guard_is_never_laxer_than_the_standard_library(address: object) -> None:
    if not address.is_global and not refusal(str(address)):  # type: ignore[attr-defined]
        # What it calls public although ipaddress does not: NAT64 and mapped forms of public IPv4.
        assert str(address).startswith(("::ffff:", "64:ff9b::"))


def test_an_allowed_network_opens_its_mapped_form_too_and_no_more() -> None:
    allow = (ip_network("10.1.0.0/16"),)
    assert refusal("10.1.2.3", allow) == refusal("::ffff:10.1.2.3", allow) == ""
    assert refusal("10.2.0.1", allow)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://news.example/", "http"),
        ("file:///etc/passwd", "http"),
        ("javascript:alert(1)", "http"),
        ("gopher://x/", "http"),
        ("//news.example/x", "http"),
        ("", "http"),
        ("http://user:pass@news.example/", "login"),
        ("http://user@news.example/", "login"),
        ("http://:0/", "address"),
        ("http://", "host"),
        ("http:///path", "host"),
        ("http://news.example:99999/", "address"),
        ("http://[::1/", "address"),
        ("http://x/" + "a" * 5000, "characters"),
    ],
)
def test_addresses_that_are_not_for_us_are_refused_in_words(url: str, word: str) -> None:
    with pytest.raises(UserError) as caught:
        check_url(url)
    assert word in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_user_error(text: str) -> None:
    for candidate in (text, "http://" + text):
        with suppress(UserError):
            assert check_url(candidate).scheme in ("http", "https")
