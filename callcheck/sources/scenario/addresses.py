"""Where would the requests of a scenario go: to this machine, or away from it?

A trigger has real effects, so whoever is not on loopback is asked only if the user says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcheck.model.errors import RuleError
from callcheck.model.evidence import Location
from callcheck.model.printable import clean
from callcheck.model.scenario import Call, Scenario
from callcheck.sources.scenario import templates

if TYPE_CHECKING:
    import httpx


def host(url: httpx.URL) -> str:
    """As httpx, which sends the request, understands the address."""
    return url.host.lower().rstrip(".")


def loopback(host: str) -> bool:
    """Whether a host is this machine by its address, or is called localhost. Other names are not, wherever they may lead today."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or bool(getattr(address, "ipv4_mapped", None) and address.ipv4_mapped.is_loopback)  # type: ignore[union-attr]


def parsed(call: Call, url: str) -> httpx.URL:
    """The address of a request, its templates filled. Raises RuleError, at its place in the scenario, if it is none."""
    import httpx

    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise _wrong(call.where, f"{clean(url, 120)} is no address: {error}") from error
    if found.scheme not in ("http", "https") or not found.host or not 0 < (found.port or 80) < 65_536:
        raise _wrong(call.where, f"{clean(url, 120)} is no http address")
    return found


def away(scenarios: Sequence[Scenario]) -> list[tuple[Call, str]]:
    """The requests that would leave this machine, and for which host."""
    sample = templates.values(templates.Run(1, "0" * 16), "http://127.0.0.1:1/x")
    found = []
    for call in (call for scenario in scenarios for call in scenario.calls):
        name = host(parsed(call, templates.text(call.url, sample)))
        if not loopback(name):
            found.append((call, name))
    return found


def _wrong(where: Location, message: str) -> RuleError:
    return RuleError(message, where.path, where.line, column=where.column)
