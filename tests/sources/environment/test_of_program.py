"""What a program gets is what its own unit is given: by its command, and where that is not known not what units with the images of others get."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment.of_program import set_of


@pytest.mark.parametrize(
    ("services", "found"),
    [
        ("  app: {build: ., environment: {URL: a}}\n  till: {image: 'other/till:2', environment: {URL: b}}\n", {"a"}),
        ("  app: {build: ., image: 'our/app', environment: {URL: a}}\n  worker: {image: 'our/app', environment: {URL: b}}\n", {"a", "b"}),
        ("  app: {image: 'our/app', environment: {URL: a}}\n  till: {image: 'other/till', environment: {URL: b}}\n", {"a", "b"}),
        ("  app: {build: ., command: node server.js, environment: {URL: a}}\n  worker: {build: ., command: node worker.js, environment: {URL: b}}\n", {"a"}),
    ],
)
def test_what_the_unit_of_a_program_gets(tmp_path: Path, services: str, found: set[str]) -> None:
    for name, text in {"compose.yaml": f"services:\n{services}", "server.js": "run();\n", "worker.js": "run();\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert set_of(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()), {"server.js"}, "URL") == found
