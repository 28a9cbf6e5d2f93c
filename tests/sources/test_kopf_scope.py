"""The namespaces of an operator are those that its command or its call names."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.kopf_scope import kopf_scope
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("Dockerfile", 'FROM python\nCMD ["kopf", "run", "-A", "a.py"]\n', set()),
        ("Dockerfile", "FROM python\nCMD kopf run a.py\n", set()),
        ("k.yaml", "args:\n  - kopf\n  - run\n  - --namespace\n  - shop\n  - a.py\n", {"shop"}),
        ("run.sh", "kopf run \\\n  -n shop --namespace=till a.py\n", {"shop", "till"}),
        ("run.sh", 'kopf run -n "$SPACE" a.py\n', None),
        ("k.yaml", "command: kopf run a.py\nenv: [{name: KOPF_RUN_NAMESPACE, value: shop}]\n", None),
        ("main.py", "import kopf\nkopf.run(clusterwide=True)\n", set()),
        ("main.py", "import kopf\nkopf.run(namespaces=spaces)\n", None),
        ("k.yaml", "image: kopf-operator\n", None),
    ],
)
def test_the_namespaces_are_read(tmp_path: Path, name: str, text: str, told: set[str] | None) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = kopf_scope(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN))
    assert (None if found is None else set(found.spaces)) == told
