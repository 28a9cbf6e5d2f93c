"""What a thread, a web worker or a forked process and its parent say to each other, beside what they listen to."""

from __future__ import annotations

import pytest

from callcheck.probes.worker_messages import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

THREAD = "import { Worker } from 'node:worker_threads';\nconst w = new Worker('./w.js');\nw.on('message', (m) => { HEARS });\nw.postMessage({ job: 1 });\n"
FORK = "import { fork } from 'node:child_process';\nconst c = fork('./w.js');\nc.on('message', (m) => f(m.sum));\nc.send({ job: 1 });\n"
IN_THREAD = "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', (m) => parentPort.postMessage(SAYS));\n"
IN_FORK = "process.on('message', (m) => process.send({ sum: m.job }));\n"


def _thread(hears: str, says: str) -> dict[str, str]:
    return {"a.js": THREAD.replace("HEARS", hears), "w.js": IN_THREAD.replace("SAYS", says)}


@pytest.mark.parametrize(
    ("files", "kind", "line"),
    [
        (_thread("f(m.total);", "{ sum: m.job }"), "payload.misread", 3),
        (_thread("f(m.sum);", "{ sum: m.task }"), "payload.misread", 2),
        (_thread("if (m.type === 'progres') f(m.pct);", "{ type: 'progress', pct: m.job }"), "event.never_emitted", 3),
        ({"a.js": FORK, "w.js": IN_THREAD.replace("SAYS", "{ sum: m.job }")}, "library.trap", 2),
        ({"a.js": THREAD.replace("HEARS", "f(m.sum);"), "w.js": IN_FORK}, "library.trap", 1),
    ],
)
def test_what_does_not_fit_is_told_where_it_is_heard(tmp_path, files, kind, line) -> None:
    assert [(each.fact.kind, each.where.line) for each in look(tmp_path, files)] == [(kind, line)]


@pytest.mark.parametrize(
    "files",
    [
        _thread("f(m.sum);", "{ sum: m.job }"),
        _thread("if (m.error) f(m.error);", "{ sum: m.job }"),
        _thread("f(m.total);", "answer(m)"),
        _thread("if (m.type === 'progress') f(m.pct);", "{ type: 'progress', pct: m.job }"),
        _thread("f(m.sum);", "{ ...m, sum: m.job }"),
        {"a.js": FORK, "w.js": IN_FORK},
    ],
)
def test_silent_where_it_fits_or_is_not_written_out(tmp_path, files) -> None:
    assert not look(tmp_path, files)
