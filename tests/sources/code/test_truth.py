"""A switch is on or off by what the deployment sets, or else by its own default."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Call, Keyword, Object

PY = "import os\nfrom x import f, strtobool\n{}\n"
JS = "import {{ f }} from 'x';\n{}\n"
ON, OFF, OPEN = {True}, {False}, set()
FLAG = "def flag(name: str, default: bool) -> bool:\n    raw = os.environ.get(name)\n    if raw is None:\n        return default\n    return raw.strip().lower() in {'1', 'true', 'yes'}\n"
SWITCHES = [
    ("a.py", "f(live=os.environ.get('LIVE', '1') == '1')", "", ON),
    ("a.py", "f(live=os.environ.get('LIVE', '1') == '1')", "LIVE: '0'", OFF),
    ("a.py", "f(live=os.environ.get('LIVE', '1') == '1')", "LIVE: ${LIVE}", OPEN),
    ("a.py", "f(live=os.environ.get('LIVE', '1') == '1')", "LIVE: ${LIVE:-0}", OFF),
    ("a.py", "f(live=os.environ['LIVE'] == '1')", "", OPEN),
    ("a.py", "f(live=os.getenv('LIVE', 'no').strip().lower() in ('yes', 'true'))", "LIVE: 'True'", ON),
    ("a.py", "LIVE = not bool(int(os.getenv('LIVE', '0')))\nf(live=LIVE)", "", ON),
    ("a.py", "f(live=strtobool(os.getenv('LIVE', 'off')))", "", OFF),
    ("a.py", "env = make()\nf(live=env.bool('LIVE', default=False))", "LIVE: 'on'", ON),
    ("a.py", "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    live: bool = True\ns = S()\nf(live=s.live)", "LIVE: 'false'", OFF),
    ("a.py", "f(live=compute())", "", OPEN),
    ("a.py", f"{FLAG}f(live=flag('LIVE', True))", "", ON),
    ("a.py", f"{FLAG}f(live=flag('LIVE', True))", "LIVE: 'false'", OFF),
    ("a.py", f"{FLAG}f(live=flag('LIVE', True))", "LIVE: ${LIVE}", OPEN),
    ("a.py", f"{FLAG}LIVE = flag('LIVE', True)\nDARK = flag('DARK', False)\nf(live=LIVE)", "DARK: 'yes'", ON),
    ("a.py", "def flag(name, default='0'):\n    return os.getenv(name, default) == '1'\nf(live=flag('LIVE'))", "", OFF),
    ("a.py", "class Config:\n    def flag(self, name, default='0'):\n        return os.getenv(name, default) == '1'\nconfig = Config()\nf(live=config.flag('LIVE'))", "", OFF),
    ("a.js", "const flag = (name, other) => name in process.env ? process.env[name] === 'on' : other;\nf({ live: flag('LIVE', false) });", "LIVE: 'on'", ON),
    ("a.js", "const flag = (name, other) => name in process.env ? process.env[name] === 'on' : other;\nf({ live: flag('LIVE', false) });", "", OFF),
    ("a.js", "const flag = (name) => { const raw = process.env[name]; return raw === 'on'; };\nf({ live: flag('LIVE') });", "LIVE: 'off'", OFF),
    ("a.js", "f({ live: process.env.LIVE === 'true' });", "LIVE: 'true'", ON),
    ("a.js", "f({ live: (process.env.LIVE ?? 'on') !== 'off' });", "", ON),
    ("a.js", "const config = { live: process.env.LIVE === 'yes' };\nf({ live: config.live });", "LIVE: 'no'", OFF),
    ("a.js", "f({ live: process.env.LIVE });", "LIVE: 'no'", OPEN),
]


@pytest.mark.parametrize(("name", "source", "said", "answers"), SWITCHES)
def test_the_answers_of_a_switch(code_of, name: str, source: str, said: str, answers: set[bool]) -> None:
    files = {name: (PY if name.endswith("py") else JS).format(source), "compose.yaml": f"services:\n  a:\n    environment:\n      {said}\n" if said else ""}
    code = code_of(files)
    module = code.project.module(name)
    call = [each for each in module.all(Call) if getattr(each.callee, "id", "") == "f"][-1]
    value = call.args[0].get("live") if call.args and isinstance(call.args[0], Object) else next(each for each in call.keywords if isinstance(each, Keyword)).value
    assert code.idioms.switch(value).answers == answers
