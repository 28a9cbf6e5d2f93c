"""What is kept under a name in a branch that is never taken lives as long as the call that makes it."""

from __future__ import annotations

import pytest

HEAD = 'import { EventEmitter } from "node:events";\nconst kept = globalThis;\nconst KEEPS = %s;\n'
USE = "const app = (await import('express')).default();\napp.post('/a', (req, res) => bus().emit('x'));\napp.get('/b', (req, res) => bus().once('x', f));\n"
MADE = "function bus() { const held = kept.bus ?? new EventEmitter(); %s return held; }\n"


@pytest.mark.parametrize(
    ("keeps", "fill", "lifetime"),
    [
        ("false", "if (KEEPS) kept.bus = held;", "request"),
        ("true", "if (!KEEPS) { kept.bus = held; }", "request"),
        ("true", "if (KEEPS) { log(); } else { kept.bus = held; }", "request"),
        ("true", "if (KEEPS) kept.bus = held;", "process"),
        ("false", "if (KEEPS) kept.bus = held; else kept.bus = held;", "process"),
        ("false", "kept.bus = held;", "process"),
        ("await asked()", "if (KEEPS) kept.bus = held;", "process"),
        ("process.env.NODE_ENV !== 'production'", "if (KEEPS) kept.bus = held;", "process"),
        ("false", "", "process"),
        ("false", "if (!KEEPS) return held; kept.bus = held;", "request"),
        ("true", "if (!KEEPS) return held; kept.bus = held;", "process"),
    ],
)
def test_how_long_the_object_lives(code_of, keeps: str, fill: str, lifetime: str) -> None:
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": HEAD % keeps + MADE % fill + USE})
    assert {str(code.lifetimes.lifetime(use.receiver)) for use in code.idioms.of("register", "emit")} == {lifetime}


def test_at_the_top_of_a_module_it_is_made_once(code_of) -> None:
    made = "const held = kept.bus ?? new EventEmitter();\nif (KEEPS) kept.bus = held;\nfunction bus() { return held; }\n"
    code = code_of({"package.json": '{"dependencies": {"express": "4"}}', "a.js": HEAD % "false" + made + USE})
    assert {str(code.lifetimes.lifetime(use.receiver)) for use in code.idioms.of("register", "emit")} == {"process"}


def test_python_keeps_it_in_a_global(code_of) -> None:
    text = "import fastapi\nfrom pyee import EventEmitter\napp = fastapi.FastAPI()\nKEEPS = {0}\n_bus = None\ndef bus():\n    global _bus\n    held = _bus or EventEmitter()\n    if KEEPS:\n        _bus = held\n    return held\n@app.post('/a')\ndef a():\n    bus().emit('x')\n@app.get('/b')\ndef b():\n    bus().on('x', f)\n"
    for keeps, lifetime in (("False", "request"), ("True", "process")):
        code = code_of({"requirements.txt": "fastapi\npyee\n", "a.py": text.format(keeps)})
        assert {str(code.lifetimes.lifetime(use.receiver)) for use in code.idioms.of("register", "emit")} == {lifetime}
