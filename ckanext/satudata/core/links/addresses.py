"""Which addresses the portal may ask in the name of somebody who typed a link.

Whoever types a link chooses what the server asks. So only the public internet is asked: no address of this machine, of
the office's network, or of the cloud that runs it. What else may be asked, the operator names.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https"})
MOST_CHARACTERS = 2000

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# All addresses of the public internet that were ever given out; whatever leads elsewhere (local, mapped, translated)
# lies outside.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
# Assignments of the IETF, and the metadata of one cloud; earlier releases of Python take most of it for public.
_ASSIGNMENTS = ipaddress.IPv4Network("192.0.0.0/24")


def is_link(url: str) -> bool:
    """Whether this is an address of a file on the web: http or https, a host, no password in it."""
    if len(url) > MOST_CHARACTERS or any(character.isspace() or ord(character) < 32 for character in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    named = bool(parts.hostname) and parts.username is None and parts.password is None
    return parts.scheme.lower() in SCHEMES and named and port != 0


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found not in _PUBLIC_IPV6 or found in _SIX_TO_FOUR):
        return False
    if found in _ASSIGNMENTS:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be asked besides the public internet: hosts by name, networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    def reaches(self, host: str, address: str) -> bool:
        """Whether ``host``, which is at ``address``, may be asked."""
        if is_public(address) or host.lower().rstrip(".") in self.hosts:
            return True
        try:
            found: _Address = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found in network for network in self.networks if network.version == found.version)


def allowed(entries: Iterable[str]) -> Allowed:
    """From the words of the operator: ``data.pemda.local``, ``10.20.0.0/16``, ``192.168.1.7``."""
    hosts: set[str] = set()
    networks: list[_Network] = []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry, strict=False))
        except ValueError:
            hosts.add(entry.lower().rstrip("."))
    return Allowed(frozenset(hosts), tuple(networks))
