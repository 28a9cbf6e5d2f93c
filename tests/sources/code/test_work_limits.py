"""The limit that a call gives itself is read in seconds, whatever the language counts in."""

from __future__ import annotations

import pytest

from callcheck.sources.code.tree import Call
from callcheck.sources.code.work_limits import limit_of, polled


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", "import subprocess\nsubprocess.run(['x'], timeout=25 * 60)\n", (1500, "program")),
        ("a.py", "import time\nPAUSE = 90\ntime.sleep(PAUSE)\n", (90, "pause")),
        ("a.py", "import asyncio\nasyncio.wait_for(work, 120)\n", (120, "program")),
        ("a.py", "from openai import OpenAI\nclient = OpenAI(timeout=600)\nclient.chat.completions.create(model='m')\n", (600, "request")),
        ("a.js", "execa('x', [], { timeout: 20 * 60_000 });\n", (1200, "program")),
        ("a.js", "fetch(url, { signal: AbortSignal.timeout(30_000) });\n", (30, "request")),
        ("a.js", "await sleep(1500);\n", (1.5, "pause")),
        ("a.js", "setTimeout(() => work(), 1500);\n", None),
        ("a.py", "jobs.get(timeout=60)\n", None),
        ("a.py", "import subprocess\nsubprocess.run(['x'], timeout=limit())\n", None),
    ],
)
def test_a_step_has_the_limit_that_is_written(code_of, name: str, text: str, told: tuple[float, str] | None) -> None:
    code = code_of({name: text})
    limits = [limit for module in code.project.modules.values() for call in module.all(Call) if (limit := limit_of(code.origins, call)) is not None]
    assert [(each.seconds, each.kind) for each in limits] == ([told] if told else [])


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.py", "import time\nfor _ in range(120):\n    ask()\n    time.sleep(5)\n", 600),
        ("a.js", "for (let n = 0; n < 60; n += 1) { await ask(); await sleep(10_000); }\n", 600),
        ("a.py", "import time\nwhile True:\n    time.sleep(5)\n", None),
        ("a.py", "import time\nfor each in jobs:\n    time.sleep(5)\n", None),
    ],
)
def test_a_loop_that_rests_goes_on_for_all_its_rounds(code_of, name: str, text: str, told: float | None) -> None:
    code = code_of({name: text})
    found = [polled(code, call) for module in code.project.modules.values() for call in module.calls("sleep")]
    assert [each.seconds if each else None for each in found] == [told]
