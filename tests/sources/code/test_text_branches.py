"""A test by type sends bytes past the code for text; not where the other branch makes text of them, or something else tells which is which."""

from __future__ import annotations

import pytest

from callcheck.sources.code.text_branches import passed_by
from callcheck.sources.code.tree import Function
from tests.sources.code.conftest import CodeOf

KEEP = "function keep(b) { last.set('a', b); }\nfunction take2(b) { run(JSON.parse(b.toString())); }\n"


@pytest.mark.parametrize(
    ("body", "many"),
    [
        ("if (typeof v === 'string') { run(JSON.parse(v)); return; } keep(v);", 1),
        ("if (typeof v === 'string') run(JSON.parse(v)); else keep(v);", 1),
        ("if (typeof v !== 'string') { keep(v); } else { run(JSON.parse(v)); }", 1),
        ("if (Buffer.isBuffer(v)) { keep(v); return; } run(JSON.parse(v));", 1),
        ("if (v instanceof Buffer) keep(v); else run(JSON.parse(v));", 1),
        ("const m = typeof v === 'string' ? JSON.parse(v) : v; run(m.kind);", 1),
        ("if (typeof v !== 'string') return; run();", 1),
        ("if (typeof v === 'string') { run(JSON.parse(v)); }", 1),
        ("if (typeof v === 'string') run(JSON.parse(v)); else run(JSON.parse(v.toString()));", 0),
        ("if (typeof v === 'string') run(JSON.parse(v)); else take2(v);", 0),
        ("if (typeof v === 'string') run(JSON.parse(v)); else run(unpack.decode(v));", 0),
        ("const t = typeof v === 'string' ? v : v.toString(); run(JSON.parse(t));", 0),
        ("if (typeof v === 'string') { warn('no text here'); return; } keep(v);", 0),
        ("if (!Buffer.isBuffer(v)) throw new Error('bytes'); keep(v);", 0),
        ("if (typeof v === 'string') { run(JSON.parse(v)); return; } if (!isBinary) run(v); keep(v);", 0),
    ],
)
def test_which_way_it_goes(code_of: CodeOf, body: str, many: int) -> None:
    code = code_of({"a.js": f"{KEEP}function take(v) {{ {body} }}\n"})
    take = next(each for each in code.project.modules["a.js"].all(Function) if each.name == "take")
    assert len(list(passed_by(code.origins, take, "v"))) == many


@pytest.mark.parametrize(
    ("body", "many"),
    [
        ("if isinstance(v, str):\n        run(json.loads(v))\n    else:\n        keep(v)", 1),
        ("if isinstance(v, bytes):\n        keep(v)\n        return\n    run(json.loads(v))", 1),
        ("if isinstance(v, bytes):\n        v = v.decode()\n    run(json.loads(v))", 0),
        ("if isinstance(v, (bytes, str)):\n        run(json.loads(v))", 0),
    ],
)
def test_the_same_in_python(code_of: CodeOf, body: str, many: int) -> None:
    code = code_of({"a.py": f"import json\ndef take(v):\n    {body}\n"})
    take = next(each for each in code.project.modules["a.py"].all(Function) if each.name == "take")
    assert len(list(passed_by(code.origins, take, "v"))) == many
