"""An address on this machine stands in for one that the deployment gives under another name."""

from __future__ import annotations

import pytest

from callcheck.links.stand_ins import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.words import Basis

LOCAL = "http://localhost:3000"


def _told(given: dict[str, str], purpose: str = "callback", fallback: str = LOCAL, also_read: tuple[str, ...] = ()) -> list[str]:
    items = [Evidence(VariableRead("PUBLIC_URL", False, purpose, "request", "", "typescript", fallback), Basis.INFERRED, "test", Location("a.ts", 1))]
    items += [Evidence(VariableRead(name, False, "", "module", "", "typescript"), Basis.INFERRED, "test", Location("a.ts", 2)) for name in also_read]
    items += [Evidence(VariableSet(name, url, "api", "compose"), Basis.DECLARED, "test", Location("c.yml", n), service="api") for n, (name, url) in enumerate(given.items(), 3)]
    return [f"{e.fact.name} {e.fact.why} {e.fact.instead}".rstrip() for e in LINK.join(Ledger(items))]


def test_the_name_that_is_set_is_read_by_nothing() -> None:
    assert _told({"BASE_URL": "https://shop.example.com", "*": ""}) == ["PUBLIC_URL loopback BASE_URL"]


def test_somebody_outside_is_given_an_address_that_nothing_sets() -> None:
    assert _told({"PORT": ""}, purpose="callback outside") == ["PUBLIC_URL loopback"]


@pytest.mark.parametrize(
    "case",
    [
        {"given": {"PUBLIC_URL": "https://shop.example.com"}},
        {"given": {"BASE_URL": "https://shop.example.com"}, "purpose": ""},
        {"given": {"BASE_URL": "https://shop.example.com"}, "fallback": ""},
        {"given": {"BASE_URL": "https://shop.example.com"}, "also_read": ("BASE_URL",)},
        {"given": {"SEARCH_URL": "http://search:9200"}},
        {"given": {"PORT": "", "*": ""}, "purpose": "callback outside"},
    ],
    ids=["it is set", "for another purpose", "nothing stands in", "the other is read", "a private address", "what is set is not seen"],
)
def test_silent_where(case) -> None:
    assert not _told(**case)
