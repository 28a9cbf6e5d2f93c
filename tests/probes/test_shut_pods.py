"""Pods that call out and may not leave are told where their policy lists what they may do; not where something opens the way, or may."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.shut_pods import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

UNIT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: {template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: a, image: a/b%s}]}}}\n---\n"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector: {matchLabels: {app: w}}\n  policyTypes: [Egress]\n  egress:\n    - ports: [{port: 53}]\n%s"
MODEL = "from openai import OpenAI\nc = OpenAI()\ndef f():\n    c.chat.completions.create(model='m')\n"
INNER = "    - to: [{ipBlock: {cidr: 10.0.0.0/8}}]\n"


def told(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(each.where), str(each.because[0].where)) for each in look(folder, files) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    "files",
    [
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("w", "w", ""), "app.py": MODEL},
        {"p.yaml": POLICY % "    - {to: [{namespaceSelector: {}}], ports: [{port: 443}]}\n", "w.yaml": UNIT % ("w", "w", ""), "app.py": MODEL},
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("w", "w", ", command: [python, app.py]") + UNIT % ("o", "o", ", command: [python, other.py]"), "app.py": MODEL, "other.py": "import os\n"},
    ],
)
def test_the_pods_may_not_leave(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == [("p.yaml:7", "app.py:4")]


@pytest.mark.parametrize(
    "files",
    [
        {"p.yaml": POLICY % "    - ports: [{port: 443}]\n", "w.yaml": UNIT % ("w", "w", ""), "app.py": MODEL},
        {"p.yaml": POLICY % "    - to: [{ipBlock: {cidr: 104.18.0.0/15}}]\n", "w.yaml": UNIT % ("w", "w", ""), "app.py": MODEL},
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("w", "w", ", env: [{name: HTTPS_PROXY, value: \"http://p\"}]"), "app.py": MODEL},
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("w", "w", "") + UNIT % ("o", "o", ""), "app.py": MODEL},
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("o", "o", ""), "app.py": MODEL},
        {"p.yaml": POLICY % INNER, "w.yaml": UNIT % ("w", "w", ""), "app.py": "import os\n"},
    ],
)
def test_they_may_or_it_is_not_known(tmp_path: Path, files: dict[str, str]) -> None:
    assert told(tmp_path, files) == []
