"""Can a service of Compose reach what its code calls, from the networks that it is on?"""

from __future__ import annotations

import pytest

from callcheck.probes.shut_networks import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
WORKER = "import OpenAI from 'openai';\nconst openai = new OpenAI();\nexport async function cut() {\n  return openai.chat.completions.create({ model: 'm', messages: [] });\n}\ncut();\n"
COMPOSE = """services:
  web: {build: ., command: node web.js, networks: [front, back]}
  cutter:
    build: .
    command: node cutter.js
    networks: [back]
networks:
  front:
  back: {internal: true}
"""
FILES = {"cutter.js": WORKER, "web.js": "console.log(1);\n"}


@pytest.mark.parametrize(
    ("compose", "more", "told"),
    [
        (COMPOSE, {}, ["compose.yaml:6"]),
        (COMPOSE.replace("    networks: [back]\n", "").replace("  back:", "  default:").replace("[front, back]", "[front]"), {}, ["compose.yaml:3"]),
        (COMPOSE.replace("    command: node cutter.js\n", "").replace("build: .\n", "build: cutter\n"), {"cutter/Dockerfile": "FROM node:22\nCMD [\"node\", \"cutter.js\"]\n"}, ["compose.yaml:5"]),
        (COMPOSE.replace("networks: [back]", "networks: [back, front]"), {}, []),
        (COMPOSE.replace("node web.js", "node cutter.js").replace("node cutter.js\n    networks", "node web.js\n    networks"), {}, []),
        (COMPOSE.replace("{internal: true}", "{internal: true, external: true}"), {}, []),
        (COMPOSE.replace("    networks: [back]", "    networks: [back]\n    environment: {HTTPS_PROXY: 'http://squid:3128'}"), {}, []),
        (COMPOSE, {"compose.prod.yaml": "services:\n  cutter: {networks: [front]}\n"}, []),
        (COMPOSE, {"cutter.js": WORKER.replace("new OpenAI()", "new OpenAI({ baseURL: 'http://llama:8080/v1' })")}, []),
        (COMPOSE + "x-a: 1\n", {"cutter.js": "console.log(2);\n"}, []),
    ],
    ids=["on an internal network alone", "on the default one", "by its image", "on another one, too", "another service calls", "made elsewhere", "by a proxy", "another file adds one", "a model within", "calls nobody"],
)  # fmt: skip
def test_what_is_shut_in(tmp_path, compose, more, told) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, FILES | more | {"compose.yaml": compose})] == told
