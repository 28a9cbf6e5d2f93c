"""What one program puts into a module, and another one uses, is told; what each fills for itself is not."""

from __future__ import annotations

import pytest

from callcheck.probes.filled_apart import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
START = "const { Worker } = require('worker_threads');\nconst lib = require('./lib');\nlib.attach(serve());\nnew Worker('./work.js');\n"
VARIABLE = "let io;\nexports.attach = (s) => { io = s; };\nexports.tell = (m) => { if (io) io.emit('m', m); };\n"
FIELD = "class Hub {\n  attach(io) { this.io = io; }\n  tell(m) { this.io?.emit('m', m); }\n}\nconst hub = new Hub();\nmodule.exports = hub;\n"
TABLE = "const open = new Set();\nexports.attach = (res) => { open.add(res); res.on('close', () => open.delete(res)); };\nexports.tell = (m) => { for (const each of open) each.write(m); };\n"


@pytest.mark.parametrize(("lib", "name"), [(VARIABLE, "io"), (FIELD, "io"), (TABLE, "open")])
def test_a_thread_uses_what_the_main_one_fills(tmp_path, lib, name) -> None:
    files = {"main.js": START, "lib.js": lib, "work.js": "const lib = require('./lib');\nlib.tell(1);\n"}
    assert [item.fact.event for item in look(tmp_path, files)] == [name]


@pytest.mark.parametrize(
    "files",
    [
        {"lib.js": VARIABLE, "work.js": "const lib = require('./lib');\nlib.attach(serve());\nlib.tell(1);\n"},
        {"lib.js": VARIABLE, "work.js": "const { parentPort } = require('worker_threads');\nparentPort.postMessage(1);\n"},
        {"lib.js": VARIABLE, "work.js": "require('./lib');\nrequire('./other').size();\n", "other.js": "const lib = require('./lib');\nexports.size = () => 1;\nexports.all = () => lib.tell(2);\n"},
        {"lib.js": VARIABLE.replace("let io;", "let io = make();"), "work.js": "const lib = require('./lib');\nlib.tell(1);\n"},
    ],
)
def test_a_thread_that_fills_it_or_does_not_use_it_is_left_alone(tmp_path, files) -> None:
    assert list(look(tmp_path, {"main.js": START, **files})) == []
