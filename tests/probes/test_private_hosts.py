"""Is somebody outside told a name that a platform's private network alone knows?"""

from __future__ import annotations

import pytest

from callcheck.probes.private_hosts import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
CODE = "import Replicate from 'replicate';\nconst replicate = new Replicate();\nconst base = () => `https://${process.env.BASE}`;\nexport const start = (input) => replicate.predictions.create({ model: 'm', input, webhook: `${base()}/done` });\n"
RENDER = "services:\n  - type: web\n    name: kayak\n    envVars:\n      - key: BASE\n        fromService: {type: web, name: kayak, property: %s}\n"
DO = "spec:\n  services:\n    - name: kayak\n      envs:\n        - {key: BASE, value: '%s'}\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"render.yaml": RENDER % "host", "a.js": CODE}, ["render.yaml:5"]),
        ({"render.yaml": RENDER % "hostport", "a.js": CODE}, ["render.yaml:5"]),
        ({".do/app.yaml": DO % "${kayak.PRIVATE_URL}", "a.js": CODE}, [".do/app.yaml:5"]),
        ({"render.yaml": RENDER % "port", "a.js": CODE}, []),
        ({"render.yaml": RENDER.replace("property: %s", "envVarKey: RENDER_EXTERNAL_URL"), "a.js": CODE}, []),
        ({"render.yaml": RENDER.replace("type: web, name", "type: keyvalue, name") % "host", "a.js": CODE}, []),
        ({"render.yaml": RENDER % "host" + "  - {type: web, name: b, envVars: [{key: BASE, value: kayak.example.com}]}\n", "a.js": CODE}, []),
        ({"render.yaml": RENDER % "host", "a.js": CODE.replace("BASE}`", "BASE}.onrender.com`")}, []),
        ({"render.yaml": RENDER % "host", "a.js": CODE.replace("process.env.BASE", "process.env.BASE ?? process.env.SITE")}, []),
        ({"render.yaml": RENDER % "host", "a.js": "fetch(`http://${process.env.BASE}/jobs`);\n"}, []),
        ({".do/app.yaml": DO % "${kayak.PUBLIC_URL}", "a.js": CODE}, []),
    ],
)  # fmt: skip
def test_private_names_that_are_given_away(tmp_path, files, told) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
