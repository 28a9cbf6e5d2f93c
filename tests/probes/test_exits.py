"""Work that nobody waits for is lost where the program ends itself; what is waited for, or may be, is not."""

from __future__ import annotations

import pytest

from callcheck.probes.exits import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
WORK = "const sync = async (x) => { await fetch('http://api/' + x); };\nconst name = async (x) => x;\n"


@pytest.mark.parametrize(
    "source",
    [
        "sync(1);\nprocess.exit(0);\n",
        "async function main() {\n  sync(1);\n  console.log('done');\n  process.exit();\n}\nmain();\n",
        "async function main() {\n  [1, 2].map((x) => sync(x));\n}\nmain().finally(() => process.exit());\n",
        "async function main() {\n  await name(1);\n  sync(1).catch(console.error);\n}\nmain().catch(console.error).then(() => process.exit(0));\n",
        "process.on('SIGTERM', () => { sync('bye'); process.exit(0); });\n",
    ],
)
def test_work_that_the_exit_ends(tmp_path, source) -> None:
    (found,) = look(tmp_path, {"a.js": WORK + source})
    assert found.where is not None and found.where.line != found.because[0].where.line or "SIGTERM" in source


@pytest.mark.parametrize(
    "source",
    [
        "await sync(1);\nprocess.exit(0);\n",
        "sync(1).then(() => process.exit(0));\n",
        "sync(1);\nif (process.argv[2]) process.exit(0);\n",
        "sync(1);\nprocess.exit(1);\n",
        "async function main() {\n  try { sync(1); } catch (e) { process.exit(); }\n}\nmain();\n",
        "async function main() {\n  const all = sync(1);\n  await all;\n  process.exit(0);\n}\nmain();\n",
        "async function main() {\n  await sync(1);\n}\nmain().finally(() => process.exit());\n",
        "async function serve() { await sync(1); process.exit(0); }\nserve();\nprocess.exit;\n",
    ],
)
def test_an_exit_that_ends_nothing(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.js": WORK + source})
