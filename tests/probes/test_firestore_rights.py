"""A listener that no rule allows is told where it listens; one that a rule may allow is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.firestore_rights import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

RULES = "service cloud.firestore {\n  match /databases/{database}/documents {\n    match /orders/{id} {\n      allow %s;\n    }\n  }\n}\n"
LISTENS = "import { collection, onSnapshot } from 'firebase/firestore';\nonSnapshot(collection(db, '%s'), f);\n"


def told(folder: Path, allow: str, heard: str) -> list[tuple[str, str]]:
    found = look(folder, {"firestore.rules": RULES % allow, "a.js": LISTENS % heard})
    return [(str(each.where), str(each.because[0].where)) for each in found if isinstance(each, Evidence)]


@pytest.mark.parametrize(("allow", "heard"), [("get: if ok()", "orders"), ("read: if false", "orders"), ("write", "orders"), ("read", "menu")])
def test_it_is_refused(tmp_path: Path, allow: str, heard: str) -> None:
    assert told(tmp_path, allow, heard) == [("a.js:2", "firestore.rules:4")]


@pytest.mark.parametrize("allow", ["read", "list: if ok()", "read, write: if request.auth.uid == resource.data.buyer"])
def test_it_may_be_allowed(tmp_path: Path, allow: str) -> None:
    assert told(tmp_path, allow, "orders") == []
