"""What runs only in the primary process of a cluster?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.primary import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)
HEAD = "const cluster = require('node:cluster');\nconst os = require('node:os');\n"
FORKS = "const many = Number(process.env.MANY) || os.cpus().length;\n  for (let i = 0; i < many; i++) cluster.fork();\n  cluster.on('exit', () => { report(); cluster.fork(); });\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("if (cluster.isPrimary) schedule('0 2 * * *', bill);", ["schedule"]),
        ("const isLeader = () => cluster.isPrimary;\nif (isLeader()) { console.log('I lead'); startJobs(); }", ["startJobs"]),
        ("if (cluster.isPrimary) {\n  " + FORKS + "} else { serve(); }", []),
        ("if (cluster.isPrimary) {\n  os.cpus().forEach(() => cluster.fork());\n  console.log('forked');\n} else { serve(); }", []),
        ("if (cluster.isPrimary) {\n  " + FORKS + "  schedule('0 2 * * *', bill);\n} else { serve(); }", ["schedule"]),
        ("async function main() { if (cluster.isMaster) {\n  await startJobs();\n  " + FORKS + "} else { serve(); } }", ["startJobs"]),
        ("if (!cluster.isPrimary) serve();", []),
    ],
)
def test_what_the_primary_does_beside_forking_its_workers(tmp_path: Path, text: str, said: list[str]) -> None:
    found = look(tmp_path, {"a.js": HEAD + text})
    assert [str(item.fact.attributes()["code.function.name"]) for item in found if isinstance(item, Evidence)] == said
