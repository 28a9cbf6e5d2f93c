"""Are all probes and links found?"""

from __future__ import annotations

from pathlib import Path

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
        assert (listed.name, listed.answers) == (probe.name, {kind.kind for kind in probe.answers})
        assert listed.module == type(probe).__module__


def test_a_link_is_known_as_it_knows_itself() -> None:
    for listed in registry.links():
        link = listed.link
        assert (listed.name, listed.answers) == (link.name, {kind.kind for kind in link.answers})
        assert listed.module == type(link).__module__
        assert listed.needs <= listed.reads == {kind.kind for kind in link.reads}


def test_a_link_runs_after_the_one_whose_facts_it_reads() -> None:
    def joining(name: str, reads: type[Fact], answers: type[Fact]) -> registry.ListedLink:
        return registry.ListedLink("", name, frozenset({reads.kind}), frozenset(), frozenset({answers.kind}))

    last = joining("a", LoadBalanced, StickySessions)
    first = joining("z", InstancesFactor, Instances)
    middle = joining("m", Instances, LoadBalanced)
    assert [link.name for link in registry.in_order([last, middle, first])] == ["z", "m", "a"]
