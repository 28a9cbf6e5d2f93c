"""What a test decides is found by whatever way its answer goes, and on the side on which it runs."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tested import bodies, first_call, places
from callcheck.sources.code.tree import Member, Name, dotted


def decided(code_of, texts: dict[str, str], read: str) -> list[tuple[str, bool]]:
    """The first call that runs, or does not run, by what is first read under this name, and whether that is so where the test fails."""
    code = code_of(texts)
    start = next(node for module in code.project.modules.values() for node in (*module.all(Member), *module.all(Name)) if dotted(node) == read and node.parent is not None)
    found = [(first_call(body), otherwise) for place in places(code, start) for body, otherwise in bodies(place)]
    return [(dotted(call.callee), otherwise) for call, otherwise in found if call is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("if (process.env.ON) { start(); } else { idle(); }", [("start", False), ("idle", True)]),
        ("if (!process.env.ON) { idle(); }", [("idle", True)]),
        ("process.env.ON && start();", [("start", False)]),
        ("process.env.ON ? start() : idle();", [("start", False), ("idle", True)]),
        ("function main() { if (!process.env.ON) return; start(); }\nmain();", [("start", False)]),
        ("if (process.env.ON) { console.log('on'); start(); }", [("start", False)]),
        ("if (process.env.ON) { logger.info('on'); }", []),
        ("use(process.env.ON);", []),
    ],
    ids=["both branches", "not", "and", "a choice", "an early return", "a log first", "a log alone", "no test"],
)
def test_a_test_decides_what_runs(code_of, text: str, told: list[tuple[str, bool]]) -> None:
    assert decided(code_of, {"a.js": text + "\n"}, "process.env.ON") == told


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"a.js": "const on = process.env.ON;\nif (on) { start(); }\n"}, [("start", False)]),
        ({"a.js": "const isOn = () => process.env.ON;\nif (isOn()) { start(); }\n"}, [("start", False)]),
        ({"a.js": "export const isOn = () => process.env.ON;\n", "b.js": "import { isOn } from './a.js';\nfunction run() { if (!isOn()) return; start(); }\nrun();\n"}, [("start", False)]),
        ({"a.js": "const isOn = async () => process.env.ON;\nif (isOn()) { start(); }\n"}, []),
        ({"a.js": "const isOn = () => { ask(); return process.env.ON; };\nif (isOn()) { start(); }\n"}, []),
    ],
    ids=["a name", "a function", "another file", "a promise is always true", "a function that does more"],
)
def test_the_answer_is_followed(code_of, texts: dict[str, str], told: list[tuple[str, bool]]) -> None:
    assert decided(code_of, texts, "process.env.ON") == told
