"""Values of Secrets that end in a newline, and keys that a container takes from an object which has none of that name."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from callcheck.probes.secret_values import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {{name: keys}}\ndata:\n  {}: {}\n"
TAKEN = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: w\n          env:\n            - name: API_KEY\n              valueFrom: {{{}: {{name: keys, key: {}{}}}}}\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.fact.effect} {item.fact.method} @{item.where}" for item in look(tmp_path, files)]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("STRIPE_WEBHOOK_SECRET", "whsec_1\n", ["callback-rejected STRIPE_WEBHOOK_SECRET @s.yaml:5"]),
        ("OPENAI_API_KEY", "sk-1\n", ["upstream-auth OPENAI_API_KEY @s.yaml:5"]),
        ("OPENAI_API_KEY", "sk-1", []),
        ("TLS_KEY", "-----BEGIN\nabc\n-----END\n", []),
        ("GREETING", "hello\n", []),
    ],
)
def test_the_newline_of_what_was_encoded(tmp_path: Path, key: str, value: str, expected: list[str]) -> None:
    assert said(tmp_path, {"s.yaml": SECRET.format(key, encoded(value))}) == expected


def test_code_may_take_it_off(tmp_path: Path) -> None:
    files = {"s.yaml": SECRET.format("API_KEY", encoded("sk-1\n")), "a.py": "import os\nkey = os.environ['API_KEY'].strip()\n"}
    assert said(tmp_path, files) == []


@pytest.mark.parametrize(
    ("kind", "key", "optional", "expected"),
    [
        ("secretKeyRef", "openai", "", ["runtime-not-started openai @w.yaml:11"]),
        ("secretKeyRef", "openai", ", optional: true", ["upstream-auth openai @w.yaml:11"]),
        ("secretKeyRef", "openai-key", "", []),
        ("configMapKeyRef", "openai", "", []),  # no such ConfigMap here
    ],
)
def test_a_key_that_the_object_has_not(tmp_path: Path, kind: str, key: str, optional: str, expected: list[str]) -> None:
    files = {"s.yaml": SECRET.format("openai-key", encoded("sk-1")), "w.yaml": TAKEN.format(kind, key, optional)}
    assert said(tmp_path, files) == expected
