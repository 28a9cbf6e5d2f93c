"""Whether a text is another one at each start is told by what it is made of, and by what the deployment puts into a variable."""

from __future__ import annotations

import pytest

from callcheck.sources.code.renewed import renewed

DEPLOYMENT = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: gate:1\n          env:\n            - name: GATE_ID\n              valueFrom:\n                fieldRef: {fieldPath: metadata.name}\n"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.js", "import { randomUUID } from 'node:crypto';\nopen(`gate-${randomUUID()}`);", 2),
        ("a.js", "import { randomBytes } from 'crypto';\nconst id = 'gate-' + randomBytes(4).toString('hex');\nopen(id);", 2),
        ("a.js", "open(['gate', process.pid].join('-'));", 1),
        ("a.js", "import { v4 as make } from 'uuid';\nopen(make());", 2),
        ("a.py", "import uuid\nopen(f'gate-{uuid.uuid4().hex}')", 2),
        ("a.py", "import time\nopen('gate-' + str(int(time.time())))", 2),
        ("a.py", "import os\nopen(os.environ['NOMAD_ALLOC_ID'])", 2),
        ("a.js", "open('gate');", 0),
        ("a.js", "open(process.env.GATE_ID ?? `gate-${Math.random()}`);", 0),
        ("a.py", "import os\nopen(os.environ.get('GATE_ID', 'gate'))", 0),
        ("a.py", "import socket\nopen(socket.gethostname())", 0),
        ("a.js", "import { randomUUID } from 'crypto';\nimport Conf from 'conf';\nconst kept = new Conf();\nopen(kept.get('id', randomUUID()));", 0),
    ],
)  # fmt: skip
def test_chance_time_and_process_make_a_text_anew(code_of, path: str, text: str, line: int) -> None:
    code = code_of({path: text})
    [call] = code.project.calls("open")
    place = renewed(code.idioms, call.args[0])
    assert (place.line if place else 0) == line


@pytest.mark.parametrize(
    ("text", "manifest", "line"),
    [
        ("import os\nopen(os.environ['GATE_ID'])", DEPLOYMENT, 8),
        ("import os\nopen(f\"gate-{os.environ.get('GATE_ID', 'x')}\")", DEPLOYMENT, 8),
        ("import socket\nopen(socket.gethostname())", DEPLOYMENT, 1),
        ("import os\nopen(os.environ['HOSTNAME'])", DEPLOYMENT, 1),
        ("import os\nopen(os.environ['GATE_ID'])", DEPLOYMENT.replace("Deployment", "StatefulSet"), 0),
        ("import socket\nopen(socket.gethostname())", DEPLOYMENT.replace("Deployment", "StatefulSet"), 0),
        ("import socket\nopen(socket.gethostname())", DEPLOYMENT.replace("gate:1", "eclipse-mosquitto:2"), 0),
        ("import os\nopen(os.environ['OTHER_ID'])", DEPLOYMENT, 0),
    ],
)  # fmt: skip
def test_a_name_that_a_pod_has_anew_makes_a_text_anew(code_of, text: str, manifest: str, line: int) -> None:
    code = code_of({"a.py": text, "k8s/gate.yaml": manifest})
    [call] = code.project.calls("open")
    place = renewed(code.idioms, call.args[0])
    assert ((place.path, place.line) if place else ("", 0)) == (("k8s/gate.yaml", line) if line else ("", 0))
