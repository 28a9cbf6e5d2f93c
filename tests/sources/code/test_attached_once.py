"""A listener that is attached only where it is not attached yet is known by the test in front of it."""

from __future__ import annotations

import pytest

from callcheck.sources.code.attached_once import attached_once
from tests.sources.code.conftest import CodeOf


@pytest.mark.parametrize(
    ("body", "once"),
    [
        ("if (!wired) { wired = true; bus.on('a', f); }", True),
        ("if (wired) return;\n  wired = true;\n  bus.on('a', f);", True),
        ("if (!bus.listenerCount('a')) bus.on('a', f);", True),
        ("if (seen.has(bus)) return;\n  seen.add(bus);\n  bus.on('a', f);", True),
        ("bus.on('a', f);", False),
        ("if (user) bus.on('a', f);", False),
        ("const user = find(id);\n  if (!user) return;\n  bus.on('a', f);", False),
        ("if (box.contains(id)) bus.on('a', f);", False),
        ("if (!id.listeners) return;\n  bus.on('a', f);", False),
        ("if (bus.closed) return;\n  bus.on('a', f);", False),
        ("if (wired) { log('again'); }\n  wired = true;\n  bus.on('a', f);", False),
    ],
)
def test_javascript(code_of: CodeOf, body: str, once: bool) -> None:
    code = code_of({"a.js": f"let wired = false;\nconst seen = new Set();\nfunction start(bus, id) {{\n  {body}\n}}\n"})
    assert attached_once(next(iter(code.project.calls("on")))) is once


@pytest.mark.parametrize(
    ("body", "once"),
    [
        ("if not event.contains(Session, 'after_flush', note):\n        event.listen(Session, 'after_flush', note)", True),
        ("if self.wired:\n        return\n    self.wired = True\n    event.listen(Session, 'after_flush', note)", True),
        ("event.listen(Session, 'after_flush', note)", False),
        ("user = find(id)\n    if not user:\n        return\n    event.listen(Session, 'after_flush', note)", False),
    ],
)
def test_python(code_of: CodeOf, body: str, once: bool) -> None:
    code = code_of({"a.py": f"from sqlalchemy import event\ndef start(self, id):\n    {body}\n"})
    assert attached_once(next(iter(code.project.calls("listen")))) is once
