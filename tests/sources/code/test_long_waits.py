"""How long a call may take is read where its own end is written, or kept under a name, in the unit of its language."""

from __future__ import annotations

import pytest

from callcheck.sources.code.long_waits import long_wait_s
from callcheck.sources.code.tree import Call


@pytest.mark.parametrize(
    ("name", "text", "seconds"),
    [
        ("a.py", "import requests\nrequests.post(url, json=body, timeout=30)\n", 30),
        ("a.py", "import requests\nLONG = 2 * 20\nrequests.post(url, timeout=LONG)\n", 40),
        ("a.py", "jobs.get(timeout=60)\n", 0),
        ("a.py", "import time\nfor each in rows:\n    time.sleep(5)\n", 15),
        ("a.js", "await axios.get(url, { timeout: 20000 });\n", 20),
        ("a.js", "await got(url, { timeout: { connect: 500, request: 20000 } });\n", 20),
        ("a.js", "await fetch(url, { signal: AbortSignal.timeout(30_000) });\n", 30),
        ("a.js", "await new Promise((done) => setTimeout(done, 5000));\n", 5),
        ("a.js", "await client.runs.createAndPoll(thread);\n", 30),
        ("a.js", "await axios.get(url);\n", 0),
    ],
)
def test_what_is_written_in_a_call_tells_how_long_it_may_take(code_of, name: str, text: str, seconds: float) -> None:
    code = code_of({name: text})
    assert max(long_wait_s(code.origins, call) for module in code.project.modules.values() for call in module.all(Call)) == seconds
