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


def test_a_system_that_no_file_names_is_looked_for_in_none(code_of) -> None:
    """What is read of a deployment for a trap makes the code be read anew when that changes."""
    code = code_of({"a.ts": "queue.pause();\n", "compose.yaml": COMPOSE, "paid.yaml": "apiVersion: dapr.io/v2alpha1\nkind: Subscription\n"})
    read = list[str]()
    text_of = code.project.text_of
    code.project.text_of = lambda file: read.append(file.name) or text_of(file)
    trap = Idiom("trap", on="queue", methods=("pause",), along=(r"%/dapr/subscribe|^apiVersion:\s*dapr\.io/",), effect="x", says="x")
    assert [each.path for each in DeploymentTexts(code).wanted_by(trap)] == ["paid.yaml"]
    assert read == ["paid.yaml"]
