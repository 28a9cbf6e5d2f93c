"""Does the program fork workers of itself?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.forks import PROBE
from tests.tools.deployed import look_with, told

look = look_with(PROBE)
HEAD = "const cluster = require('node:cluster');\n"
AGAIN = "cluster.on('exit', () => cluster.fork());\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("for (let i = 0; i < 4; i++) cluster.fork();\n" + AGAIN, ["instances.factor 2+ @a.js:2"]),
        ("os.cpus().forEach(() => cluster.fork());\n", ["instances.factor 2+ @a.js:2"]),
        ("cluster.fork();\ncluster.fork();\n", ["instances.factor 2+ @a.js:2"]),
        ("const grow = () => cluster.fork();\n", ["instances.factor 2+ @a.js:2"]),
        ("if (cluster.isPrimary) {\n  cluster.fork();\n}\n" + AGAIN, []),
    ],
)
def test_what_is_forked_once_is_one_process(tmp_path: Path, text: str, said: list[str]) -> None:
    assert told(look(tmp_path, {"a.js": HEAD + text})) == said
