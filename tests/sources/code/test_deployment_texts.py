"""What a trap wants beside its call in the files of a deployment is found at its line, remarks aside."""

from __future__ import annotations

from callcheck.model.knowledge import Idiom
from callcheck.sources.code.deployment_texts import DeploymentTexts, Said

COMPOSE = "# kept: yes\nservices:\n  broker:\n    image: broker:2\n\n    command: --keep\n"


def _said(code_of, *along: str) -> list[Said]:
    trap = Idiom("trap", on="queue", methods=("pause",), along=along, effect="x", says="x")
    return list(DeploymentTexts(code_of({"a.ts": "queue.pause();\n", "compose.yaml": COMPOSE})).wanted_by(trap))


def test_a_line_of_the_deployment_is_named(code_of) -> None:
    assert _said(code_of, r"&image:\s*broker") == [Said("compose.yaml", 4, "image: broker:2")]


def test_a_pattern_that_begins_with_the_end_of_the_line_before_names_its_own(code_of) -> None:
    assert _said(code_of, r"%\s+command: --keep") == [Said("compose.yaml", 6, "command: --keep")]


def test_remarks_and_patterns_of_the_source_say_nothing_of_the_deployment(code_of) -> None:
    assert _said(code_of, "&kept: yes", r"/queue\.pause") == []
