"""Which functions keep a function that they are given, take it out again, or call what is kept, shows in what their callers are said to do."""

from __future__ import annotations

import pytest

BUS = """
const heard = new Map();
export function on(name, fn) {
  if (heard.has(name)) heard.get(name).push(fn); else heard.set(name, [fn]);
}
export function off(name, fn) { BODY }
export function emit(name, data) { heard.get(name)?.forEach((fn) => fn(data)); }
"""
USES = "import { on, off, emit } from './bus.js';\non('told', show);\noff('told', show);\nemit('told', 1);\nfunction show() {}\n"


@pytest.mark.parametrize(
    ("body", "removes"),
    [
        ("heard.set(name, heard.get(name).filter((each) => each !== fn));", True),
        ("heard.set(name, heard.get(name)?.filter((each) => fn != each));", True),
        ("const left = heard.get(name).filter((each) => each !== fn); log(left);", False),
        ("heard.set(name, heard.get(name).filter((each) => each.alive));", False),
        ("heard.set(name, heard.get(name).filter((each) => each === fn));", False),
    ],
)
def test_a_list_that_is_put_back_without_a_function_has_it_no_more(code_of, body: str, removes: bool) -> None:
    code = code_of({"bus.js": BUS.replace("BODY", body), "a.js": USES})
    assert [use.call.line for use in code.idioms.of("remove")] == ([3] if removes else [])


HOST = "import { useEffect } from 'react';\nconst heard = new Set();\nexport function listen(fn) {\n  heard.add(fn);\n  return () => { heard.delete(fn); };\n}\nexport function ask(data) { for (const fn of heard) fn(data); }\nexport function useHost(fn) { useEffect(EFFECT, [fn]); }\n"
PANEL = "import { useHost } from './host.js';\nexport function Panel({ open }) {\n  useHost(open);\n  return <b />;\n}\n"


@pytest.mark.parametrize(("effect", "told"), [("() => listen(fn)", False), ("() => { listen(fn); }", True)])
def test_what_an_effect_gives_back_takes_the_listener_of_its_hook_off(code_of, effect: str, told: bool) -> None:
    code = code_of({"package.json": '{"dependencies": {"react": "19"}}', "host.js": HOST.replace("EFFECT", effect), "panel.jsx": PANEL})
    assert ("panel.jsx" in {use.module.path for use in code.idioms.of("register")}) is told
