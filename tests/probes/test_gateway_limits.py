"""How long a gateway waits for a model is laid beside how long the client would."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.gateway_limits import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NGINX = "upstream llm { server vllm:8000; }\nserver {\n  listen 80;\n  location /v1/ {\n    proxy_pass http://llm;\n%s  }\n}\n"
CLIENT = "import os\nfrom openai import OpenAI\nclient = OpenAI(base_url=os.environ['LLM_URL'], timeout=%s)\nclient.chat.completions.create(model='m', messages=[]%s)\n"
NODE = "import OpenAI from 'openai';\nconst client = new OpenAI({ baseURL: process.env.LLM_URL, timeout: 10 * 60_000 });\nawait client.chat.completions.create({ model: 'm', messages: [] });\n"


@pytest.mark.parametrize(
    ("conf", "app"),
    [
        (NGINX % "", {"app.py": CLIENT % (900, "")}),
        (NGINX % "    proxy_read_timeout 2m;\n", {"app.py": CLIENT % (900, "")}),
        (NGINX % "", {"app.mjs": NODE}),
        ("server { location / { proxy_pass http://ollama:11434; } }\n", {"app.py": CLIENT % (300, "")}),
    ],
    ids=["unset", "set too low", "in milliseconds", "without an upstream"],
)
def test_the_gateway_gives_up_first(tmp_path: Path, conf: str, app: dict[str, str]) -> None:
    found = [each for each in look(tmp_path, {"nginx.conf": conf, **app}) if isinstance(each, Evidence)]
    assert [each.where and each.where.path for each in found] == ["nginx.conf"]


@pytest.mark.parametrize(
    ("conf", "app"),
    [
        (NGINX % "    proxy_read_timeout 900s;\n", {"app.py": CLIENT % (900, "")}),
        (NGINX % "", {"app.py": CLIENT % (90, "")}),
        (NGINX % "", {"app.py": CLIENT % (900, ", stream=True")}),
        (NGINX % "", {"app.py": (CLIENT % (900, "")).replace("base_url=os.environ['LLM_URL'], ", "")}),
        ((NGINX % "").replace("vllm", "web").replace("llm", "app"), {"app.py": CLIENT % (900, "")}),
    ],
    ids=["raised", "hardly longer", "streamed", "not through a gateway", "no model behind it"],
)
def test_it_waits_long_enough_or_is_not_asked(tmp_path: Path, conf: str, app: dict[str, str]) -> None:
    assert not look(tmp_path, {"nginx.conf": conf, **app})
