"""A value is known to be set to nothing in the place of what a file gives; what may still be filled is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.environment import settings

COMPOSE = "services:\n  a:\n    image: x\n    env_file: [keys.env]\n    environment:\n      - {0}\n"
KUBE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          envFrom: [{secretRef: {name: keys}}]\n          env: [{name: KEY, VALUE}]\n"
HOLE = {"compose.yml": COMPOSE.replace("{0}", "KEY=${KEY:-}"), "keys.env": "KEY=sk-1\n"}
LISTED = {"compose.yml": HOLE["compose.yml"], "keys.env.example": "KEY=\n"}


def _over(folder: Path, files: dict[str, str]) -> list[str]:
    """The file of which the value of `KEY` is lost."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [each.over for each in settings(Eyes(Target(base=folder, folders=(folder,)), Knowledge())) if each.name == "KEY"]


@pytest.mark.parametrize(
    ("files", "over"),
    [
        (HOLE, "keys.env"),
        (LISTED, "keys.env"),
        ({**HOLE, "compose.yml": COMPOSE.replace("{0}", "KEY=")}, "keys.env"),
        ({"compose.yml": COMPOSE.replace("{0}", "KEY=")}, "keys.env"),
        ({"compose.yml": COMPOSE.replace("[keys.env]", "[keys.env, none.env]").replace("- {0}", "- A=1"), "keys.env": "KEY=sk-1\n", "none.env": "KEY=\n"}, "keys.env"),
        ({"k.yml": KUBE.replace("VALUE", 'value: ""')}, "keys"),
        ({"a.service": "[Service]\nEnvironment=KEY=sk-1\nEnvironmentFile=/etc/b.env\nExecStart=/bin/a\n", "b.env": "KEY=\n"}, "a.service"),
    ],
)
def test_what_is_set_to_nothing(tmp_path: Path, files: dict[str, str], over: str) -> None:
    assert _over(tmp_path, files) == [over]


@pytest.mark.parametrize(
    "files",
    [
        {**HOLE, "compose.yml": COMPOSE.replace("{0}", "KEY=${KEY:-sk-2}")},
        {**HOLE, "compose.yml": COMPOSE.replace("{0}", "KEY")},
        {**HOLE, ".env": "KEY=sk-2\n"},
        {**HOLE, ".env.example": "KEY=\n"},
        {**HOLE, "up.sh": "export KEY=$(pass show key)\ndocker compose up -d\n"},
        {**HOLE, "Makefile": "up:\n\tdocker compose --env-file keys.env up -d\n"},
        {**HOLE, "README.md": "Before: `export KEY=...`\n"},
        {"compose.yml": COMPOSE.replace("{0}", "KEY=${KEY:-}")},
        {"compose.yml": COMPOSE.replace("[keys.env]", "[none.env, keys.env]").replace("- {0}", "- A=1"), "none.env": "KEY=\n"},
        {"compose.yml": COMPOSE.replace("[keys.env]", "[keys.env, none.env, gone.env]").replace("- {0}", "- A=1"), "keys.env": "KEY=sk-1\n", "none.env": "KEY=\n"},
        {"k.yml": KUBE.replace("VALUE", "valueFrom: {secretKeyRef: {name: keys, key: k}}")},
        {"a.service": "[Service]\nEnvironment=KEY=\nEnvironmentFile=/etc/b.env\nExecStart=/bin/a\n", "b.env": "KEY=sk-1\n"},
    ],
)
def test_what_may_be_filled(tmp_path: Path, files: dict[str, str]) -> None:
    assert set(_over(tmp_path, files)) == {""}
