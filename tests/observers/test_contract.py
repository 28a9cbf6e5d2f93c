"""Does the contract of the agents agree with itself?"""

from __future__ import annotations

from tests.observers import contract


def test_every_fact_has_an_example_line_and_every_example_only_keys_of_its_fact() -> None:
    shown = contract.examples()
    assert {line["fact"] for line in shown} == set(contract.tables())
    assert [(line["fact"], contract.unknown_keys(line)) for line in shown if contract.unknown_keys(line)] == []
