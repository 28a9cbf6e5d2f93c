"""An event that is heard on one side of a test for the primary process and emitted on the other side alone is told."""

from __future__ import annotations

import pytest

from callcheck.probes.sides import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

FILES = {
    "bus.js": "import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\n",
    "stats.js": "import { bus } from './bus.js';\nexport function count() { bus.on('hit', () => add()); }\n",
    "server.js": "import { bus } from './bus.js';\nexport const serve = () => get('/', () => { bus.emit('hit'); });\n",
}
HEAD = "import cluster from 'node:cluster';\nimport { count } from './stats.js';\nimport { serve } from './server.js';\n"


@pytest.mark.parametrize(
    "main",
    [
        HEAD + "if (cluster.isPrimary) { count(); } else { serve(); }\n",
        HEAD + "function main() {\n  if (!cluster.isMaster) {\n    return serve();\n  }\n  count();\n}\nmain();\n",
        "import cluster from 'node:cluster';\nif (cluster.isPrimary) { (await import('./stats.js')).count(); } else { const { serve } = await import('./server.js'); serve(); }\n",
    ],
    ids=["branches", "an early return", "loaded in a branch"],
)
def test_heard_on_one_side(tmp_path, main) -> None:
    assert [(item.fact.event, item.fact.process) for item in look(tmp_path, {**FILES, "main.js": main})] == [("hit", "worker")]


@pytest.mark.parametrize(
    "main",
    [HEAD + "count();\nif (cluster.isPrimary) { fork(); } else { serve(); }\n", HEAD + "if (cluster.isPrimary) { fork(); } else { count(); serve(); }\n"],
    ids=["on both sides", "in the same process"],
)
def test_silent_about(tmp_path, main) -> None:
    assert not look(tmp_path, {**FILES, "main.js": main})
