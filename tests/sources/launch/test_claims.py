"""The only Dockerfile of a target is that of the image whose name it bears, where the deployment starts another one, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.launch import dockerfile_of

DOCKERFILE = "FROM python:3.12\nWORKDIR /app\nCOPY bot ./bot\nCMD [\"python\", \"-m\", \"bot.main\"]\n"


def _unit(*images: str) -> str:
    return "".join(f"---\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: registry.example/{each}\n" for each in images)


@pytest.mark.parametrize(
    ("images", "asked", "built"),
    [
        (("clinic-bot:1", "clinic-website:4"), "registry.example/clinic-bot:1", True),
        (("clinic-bot:1", "clinic-website:4"), "registry.example/clinic-website:4", False),
        (("clinic-bot:1", "redis:7"), "registry.example/clinic-bot:1", True),
        (("clinic-web:1", "clinic-jobs:1"), "registry.example/clinic-jobs:1", True),
        (("clinic:1", "clinic:2"), "registry.example/clinic:2", True),
        ((), "registry.example/clinic-website:4", True),
    ],
    ids=["bears its name", "bears another's", "the other is a product", "bears neither", "one name", "nothing is started"],
)
def test_whose_the_only_dockerfile_is(tmp_path: Path, images: tuple[str, ...], asked: str, built: bool) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    (tmp_path / "k8s.yaml").write_text(_unit(*images), encoding="utf-8")
    assert (dockerfile_of(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()), asked) is not None) is built
