"""A server is out of reach only in a container of its own, and only in one that runs it."""

from __future__ import annotations

import pytest

from callcheck.links.own_addresses import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import ServerBound, ServerlessFunction, ServiceRun
from callcheck.model.facts.network import PortsOpen
from callcheck.model.words import Basis

SAID = ServerBound("127.0.0.1", "uvicorn", False, False, "api")
CALL = ServerBound("127.0.0.1", "express", True, False, language="typescript")
GUARDED = ServerBound("127.0.0.1", "fastapi", False, True, language="python")
API = ServiceRun("api", "uvicorn a:app", "a:app", "web", "compose", server="uvicorn")
NODE = ServiceRun("api", "node a.js", "a.js", "web", "compose", server="node")


def _told(bound: ServerBound, *facts: Fact, reached: tuple[str, ...] = (), mains: tuple[str, ...] = ()) -> list[str]:
    items = [Evidence(bound, Basis.INFERRED, "test", Location("a.js" if bound.language else "compose.yaml", 3), service=bound.service)]
    items += [Evidence(fact, Basis.DECLARED, "test", Location("compose.yaml", 1)) for fact in facts]
    ledger = Ledger(items)
    ledger.reached, ledger.mains = frozenset(reached), frozenset(mains)
    return [f"{e.fact.service} {e.fact.url}" for e in LINK.join(ledger)]


def test_a_unit_whose_command_says_it() -> None:
    assert _told(SAID, API) == ["api 127.0.0.1"]
    assert not _told(SAID, ServiceRun("web", "uvicorn b:app", "b:app", "web", "compose", server="uvicorn"))


def test_a_unit_that_loads_the_call() -> None:
    assert _told(CALL, NODE, reached=("a.js",)) == ["api 127.0.0.1"]
    assert not _told(CALL, NODE, reached=("b.js",))


def test_a_call_below_the_main_guard_counts_for_the_main_program_alone() -> None:
    run = ServiceRun("api", "python a.py", "a.py", "web", "compose", server="python")
    assert _told(GUARDED, run, reached=("a.js",), mains=("a.js",)) == ["api 127.0.0.1"]
    assert not _told(GUARDED, run, reached=("a.js",))


def test_an_image_alone_counts_and_one_with_units_does_not() -> None:
    image = ServiceRun("", "uvicorn a:app", "a:app", "web", "dockerfile", server="uvicorn")
    alone = ServerBound("127.0.0.1", "uvicorn", False, False, "")
    assert _told(alone, image) == [" 127.0.0.1"]
    assert not _told(alone, image, ServiceRun("api", "uvicorn a:app --host 0.0.0.0", "a:app", "web", "compose", server="uvicorn"))


@pytest.mark.parametrize(
    "beside",
    [
        PortsOpen("api", "", "", False, "host"),
        ServiceRun("api", "", "", "proxy", "compose", "nginx"),
        ServerlessFunction("aws-lambda", "api"),
    ],
    ids=["the host's network", "a proxy in the same pod", "an adapter that asks from inside"],
)
def test_silent_with(beside: Fact) -> None:
    assert not _told(SAID, API, beside)


def test_silent_where_nothing_runs_in_a_container() -> None:
    assert not _told(SAID, ServiceRun("api", "uvicorn a:app", "a:app", "web", "systemd", server="uvicorn"))
