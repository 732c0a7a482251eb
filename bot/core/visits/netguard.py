"""Which addresses sources may reach: the public internet, and what the operator allows besides.

`ipaddress.is_global` is not enough: it lets multicast, NAT64, ::127.0.0.1, fec0:: and a cloud's own services through.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_NOT_PUBLIC_4 = {
    "0.0.0.0/8": "this host",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a carrier's own network",
    "127.0.0.0/8": "this machine itself",
    "168.63.129.16/32": "a cloud host's own service",
    "169.254.0.0/16": "a link-local network",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "a reserved network",
    "192.0.2.0/24": "a documentation network",
    "192.88.99.0/24": "a tunnel",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "a test network",
    "198.51.100.0/24": "a documentation network",
    "203.0.113.0/24": "a documentation network",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "a reserved network",
}
# Within 2000::/3, the only part of IPv6 that is public at all.
_NOT_PUBLIC_6 = {
    "2001::/23": "a tunnel or reserved network",
    "2001:db8::/32": "a documentation network",
    "2002::/16": "a tunnel",
    "3fff::/20": "a documentation network",
}
_NETWORKS_4 = tuple((IPv4Network(net), words) for net, words in _NOT_PUBLIC_4.items())
_NETWORKS_6 = tuple((IPv6Network(net), words) for net, words in _NOT_PUBLIC_6.items())
_PUBLIC_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def refusal(address: str, allow: Sequence[Network] = ()) -> str:
    """Why a source may not connect to `address` (an IP literal), in words; empty when it may."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    meant = _meant(ip)
    if any(_within(form, net) for form in {ip, meant} for net in allow):
        return ""
    if isinstance(meant, IPv4Address):
        return next((words for net, words in _NETWORKS_4 if meant in net), "")
    if meant == IPv6Address(1):
        return "this machine itself"
    if meant not in _PUBLIC_6:
        return "a private or reserved network"
    return next((words for net, words in _NETWORKS_6 if meant in net), "")


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped or NAT64 address stands for; others as they are."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _within(address: Address, net: Network) -> bool:
    return address.version == net.version and address in net
