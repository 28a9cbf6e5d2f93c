"""Is a container told that writes temporary files and may not?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.locked_folders import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

JS = {"app.js": "const os = require('node:os');\nconst { mkdtemp } = require('node:fs/promises');\nasync function hold(body) {\n  return mkdtemp(os.tmpdir() + '/a-');\n}\nmodule.exports = hold;\n"}
PY = {"app.py": "import tempfile\n\ndef hold(body):\n    with tempfile.NamedTemporaryFile() as out:\n        out.write(body)\n"}
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: shop/a:1\n          securityContext:\n            readOnlyRootFilesystem: true\n"
EMPTY = "          volumeMounts:\n            - {name: t, mountPath: %s}\n      volumes:\n        - {name: t, emptyDir: {}}\n"
COMPOSE = "services:\n  a:\n    image: shop/a:1\n    read_only: true\n"
TASK = 'resource "aws_ecs_task_definition" "a" {\n  family = "a"\n  container_definitions = jsonencode([{ name = "a", image = "shop/a:1", readonlyRootFilesystem = true }])\n}\n'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (JS | {"k.yaml": POD}, ["k.yaml:11"]),
        (PY | {"k.yaml": POD}, ["k.yaml:11"]),
        (PY | {"compose.yaml": COMPOSE}, ["compose.yaml:4"]),
        (PY | {"main.tf": TASK}, ["main.tf"]),
        (JS | {"k.yaml": POD + EMPTY % "/tmp"}, []),
        (JS | {"k.yaml": POD + EMPTY % "/data"}, ["k.yaml:11"]),
        (PY | {"k.yaml": POD + EMPTY % "/var/tmp"}, []),
        (PY | {"compose.yaml": COMPOSE + "    tmpfs: [/tmp]\n"}, []),
        (PY | {"compose.yaml": COMPOSE + "    tmpfs: /tmp:size=64m\n"}, []),
        (PY | {"compose.yaml": COMPOSE + "    volumes: [/tmp]\n"}, []),
        (PY | {"compose.yaml": COMPOSE + "    environment: {TMPDIR: /data}\n"}, []),
        (PY | {"compose.yaml": COMPOSE.replace("shop/a:1", "nginx:1.27") + "  b:\n    build: .\n"}, []),
        (PY | {"compose.yaml": COMPOSE + "  b:\n    build: .\n"}, []),
        (PY | {"k.yaml": POD.replace("true", "false")}, []),
        ({"app.js": "const fs = require('node:fs');\nconst save = (b) => fs.writeFileSync('/data/a.bin', b);\n", "k.yaml": POD}, []),
        ({"tests/test_app.py": PY["app.py"], "k.yaml": POD}, []),
    ],
    ids=["node", "python", "compose", "ecs", "an emptyDir", "elsewhere", "python finds another", "tmpfs", "tmpfs with a size", "a volume", "another folder", "a proxy", "another container", "not locked", "another path", "a test"],
)  # fmt: skip
def test_a_folder_that_nobody_may_write(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    found = [str(item.where) for item in look(tmp_path, files)]
    assert len(found) == len(told) and all(one.startswith(other) for one, other in zip(found, told, strict=True))
