"""Are all probes and links found?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import registry
from callcheck.model.fact import Fact
from callcheck.model.facts.deployment import Instances, InstancesFactor, LoadBalanced, StickySessions

ROOT = Path(__file__).parent.parent


def test_every_probe_and_link_has_a_name_of_its_own_and_says_what_it_answers() -> None:
    members = [*registry.probes(), *registry.links()]
    names = [member.name for member in members]
    assert len(names) == len(set(names)) > 40
    assert all(member.answers for member in members)


def test_a_probe_is_known_as_it_knows_itself() -> None:
    for listed in registry.probes():
        probe = listed.probe
        assert (listed.name, listed.answers) == (probe.name, probe.answers)
        assert listed.module == type(probe).__module__


class Joining:
    """A link that only has an order."""

    def __init__(self, name: str, reads: type[Fact], answers: type[Fact]) -> None:
        self.name, self.reads, self.answers = name, frozenset({reads}), frozenset({answers})


def test_a_link_runs_after_the_one_whose_facts_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    class Module:
        def __init__(self, link: Joining) -> None:
            self.LINK = link

    last = Joining("a", LoadBalanced, StickySessions)
    first = Joining("z", InstancesFactor, Instances)
    middle = Joining("m", Instances, LoadBalanced)
    monkeypatch.setattr(registry, "_members", lambda room: (Module(last), Module(middle), Module(first)))
    assert [link.name for link in registry.links()] == ["z", "m", "a"]
