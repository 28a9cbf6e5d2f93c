"""Is the stage told that leaves out the variable of a callback's address, where another stage sets it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.network import AddressUnreachable
from callcheck.probes.one_stage import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
USE = "import httpx\nfrom settings import settings\nhttpx.post(settings.renderer, json={'callback_url': f'{settings.callback_base}/done'})\n"
FIELD = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    renderer: str = 'http://renderer'\n    callback_base: str = %s\nsettings = Settings()\n"
PLAIN = {"settings.py": FIELD % "'http://localhost:8000'", "use.py": USE}
NODE = {"use.ts": "const { RENDERER, CALLBACK_BASE = 'http://localhost:3000' } = process.env;\naxios.post(RENDERER, { callbackUrl: `${CALLBACK_BASE}/done` });\n"}
RENDERER, BOTH = "RENDERER=http://renderer\n", "RENDERER=http://renderer\nCALLBACK_BASE=http://web\n"
STAGES = {".env.staging": BOTH, ".env.production": RENDERER}
WORKER = '[env.staging.vars]\nRENDERER = "http://r"\nCALLBACK_BASE = "http://web"\n[env.production.vars]\nRENDERER = "http://r"\n'
SITE = '[build.environment]\nRENDERER = "http://r"\n[context.staging.environment]\nCALLBACK_BASE = "http://web"\n[context.production.environment]\nOTHER_KEY = "a"\n'
COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      RENDERER: http://renderer\n      CALLBACK_BASE: http://web\n"
POD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          env:\n            - {name: RENDERER, value: 'http://renderer'}\n"


def said(folder: Path, files: dict[str, str]) -> list[str]:
    found = [item for item in look(folder, files) if isinstance(getattr(item, "fact", None), AddressUnreachable)]
    return [f"{item.fact.service} not {item.fact.instead}: {item.fact.url} @{item.because[0].where}" for item in found]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (PLAIN | STAGES, "production not staging: http://localhost:8000 @.env.production:1"),
        (PLAIN | {"settings.py": FIELD % "Field(default='http://localhost:8000')"} | STAGES, "production not staging: http://localhost:8000 @.env.production:1"),
        (NODE | STAGES, "production not staging: http://localhost:3000 @.env.production:1"),
        (NODE | {"wrangler.toml": WORKER}, "production not staging: http://localhost:3000 @wrangler.toml:5"),
        (NODE | {"netlify.toml": SITE}, "production not staging: http://localhost:3000 @netlify.toml:2"),
        (NODE | {"compose.yml": COMPOSE, "k8s/web.yaml": POD}, "kubernetes not compose: http://localhost:3000 @k8s/web.yaml:11"),
    ],
)
def test_a_stage_leaves_it_out(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert said(tmp_path, files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        PLAIN | {".env.staging": BOTH, ".env.production": BOTH},
        PLAIN | {".env.staging": BOTH, ".env.development": RENDERER},
        PLAIN | {".env.staging": BOTH, ".env.production": "OTHER_KEY=a\n"},
        PLAIN | {".env": "CALLBACK_BASE=http://web\n", **STAGES},
        PLAIN | STAGES | {"deploy.sh": "kubectl set env deployment/web CALLBACK_BASE=http://web\n"},
        PLAIN | STAGES | {"settings.py": FIELD % "'http://web:8000'"},
        NODE | {"netlify.toml": SITE.replace("[build.environment]\n", '[build.environment]\nCALLBACK_BASE = "http://web"\n')},
        NODE | {"compose.yml": COMPOSE, "k8s/web.yaml": POD + "          envFrom: [{secretRef: {name: web}}]\n"},
        NODE | {"compose.yml": COMPOSE, "render.yaml": "services:\n  - type: web\n    name: web\n    envVars: [{key: RENDERER, value: 'http://r'}]\n"},
    ],
)
def test_it_is_set_or_is_not_to_be_told(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
