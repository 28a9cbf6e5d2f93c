"""A credential is missed in the unit that needs it when another unit or another name has it; what cannot be seen is not missed."""

from __future__ import annotations

import pytest

from callcheck.links.credentials import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.variables import VariableRead, VariableSet
from callcheck.model.words import Basis


def _told(*given: str, role: str = "job", needed: bool = True, also_read: str = "", units: str = "web worker", purpose: str = "credential", started: str = "") -> list[str]:
    """`given` are "unit NAME"; the credential is CRM_API_KEY, needed in a file that every unit loads."""
    items = [
        Evidence(ServiceRun(unit, "node a.js" if unit in started.split() else "", "", unit, "compose"), Basis.DECLARED, "test", Location("c.yml", 1), service=unit) for unit in units.split()
    ]
    for line, text in enumerate(given, 1):
        unit, name = text.split()
        items.append(Evidence(VariableSet(name, "", unit, "compose"), Basis.DECLARED, "test", Location("c.yml", line), service=unit))
    for name in ("CRM_API_KEY", also_read):
        items.append(Evidence(VariableRead(name, needed, purpose, role, "", "python"), Basis.INFERRED, "test", Location("a.py", 1)))
    ledger = Ledger(items, [], {"a.py": frozenset(units.split())})
    return [f"{e.fact.service} {e.fact.how} {e.fact.instead}" for e in LINK.join(ledger)]


def test_the_key_is_given_to_another_unit() -> None:
    assert _told("web CRM_API_KEY", "worker LOG_LEVEL") == ["worker other-unit web"]


def test_a_unit_of_which_nobody_knows_what_it_runs_is_not_said_to_need_it() -> None:
    assert _told("web CRM_API_KEY", "worker LOG_LEVEL", role="startup", started="web worker") == ["worker other-unit web"]
    assert _told("web CRM_API_KEY", "worker LOG_LEVEL", role="startup", started="web") == []


def test_the_key_is_given_under_another_name() -> None:
    assert _told("worker CRM_APIKEY", units="worker") == ["worker other-name CRM_APIKEY"]


@pytest.mark.parametrize(
    ("given", "needed", "told"),
    [
        (["worker CRM_APIKEY"], False, ["worker signed-by-name CRM_APIKEY"]),
        (["web CRM_API_KEY", "worker LOG_LEVEL"], True, ["worker signed-by-unit web"]),
        (["web CRM_API_KEY", "worker LOG_LEVEL"], False, []),
    ],
)
def test_a_secret_by_which_requests_are_checked(given: list[str], needed: bool, told: list[str]) -> None:
    assert _told(*given, needed=needed, purpose="signature") == told


@pytest.mark.parametrize(
    "case",
    [
        {"given": ["web CRM_API_KEY", "worker CRM_API_KEY"]},
        {"given": ["web CRM_API_KEY", "worker *"]},
        {"given": ["web CRM_API_KEY"]},
        {"given": ["web CRM_API_KEY", "worker LOG_LEVEL"], "role": "request"},
        {"given": ["web CRM_API_KEY", "worker LOG_LEVEL"], "needed": False},
        {"given": ["worker CRM_APIKEY"], "also_read": "CRM_APIKEY", "units": "worker"},
        {"given": ["worker LOG_LEVEL"], "units": "worker"},
    ],
    ids=["both have it", "a secret may have it", "nothing is known of the worker", "only requests need it", "something stands in", "the other name is read", "nobody has it"],
)  # fmt: skip
def test_silent_where(case) -> None:
    case = dict(case)
    given = case.pop("given")
    assert not _told(*given, **case)


@pytest.mark.parametrize(
    ("over", "beside", "told"),
    [("keys.env", [], ["worker emptied keys.env"]), ("", [], []), ("keys.env", ["CRM_BASE_URL"], [])],
)
def test_the_key_is_set_to_nothing_in_the_place_of_what_a_file_gives(over: str, beside: list[str], told: list[str]) -> None:
    given = [VariableSet("CRM_API_KEY", "", "worker", "compose", over), *(VariableSet(name, "", "worker", "compose") for name in beside)]
    items = [Evidence(fact, Basis.DECLARED, "test", Location("c.yml", 1), service="worker") for fact in given]
    items.append(Evidence(ServiceRun("worker", "", "", "worker", "compose"), Basis.DECLARED, "test", Location("c.yml", 1), service="worker"))
    items.append(Evidence(VariableRead("CRM_API_KEY", True, "credential", "job", "", "python"), Basis.INFERRED, "test", Location("a.py", 1)))
    ledger = Ledger(items, [], {"a.py": frozenset({"worker"})})
    assert [f"{e.fact.service} {e.fact.how} {e.fact.instead}" for e in LINK.join(ledger)] == told
