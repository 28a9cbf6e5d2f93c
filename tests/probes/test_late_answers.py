"""A sender that waits a few seconds is answered before the slow work, or too late."""

from __future__ import annotations

import pytest

from callcheck.probes.late_answers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HEAD = "import express from 'express';\nimport OpenAI from 'openai';\nconst ai = new OpenAI();\nconst app = express();\n"
WORK = "  await ai.chat.completions.create({});\n"


@pytest.mark.parametrize(
    "route",
    [
        "app.post('/github', async (req, res) => {\n" + WORK + "  res.sendStatus(200);\n});\n",
        "app.post('/in', async (req, res) => {\n  if (req.get('x-github-event') !== 'push') return res.sendStatus(204);\n" + WORK + "  res.status(200).end();\n});\n",
        "app.post('/slack/events', async (req, res) => {\n  await answer(req.body);\n  res.end();\n});\nasync function answer(b) {\n" + WORK + "}\n",
    ],
)
def test_the_answer_comes_after_the_work(tmp_path, route) -> None:
    assert [item.fact.kind for item in look(tmp_path, {"a.js": HEAD + route})] == ["ack.late"]


@pytest.mark.parametrize(
    "route",
    [
        "app.post('/github', async (req, res) => {\n  res.sendStatus(202);\n" + WORK + "});\n",
        "app.post('/github', async (req, res) => {\n  if (req.body.a) { res.sendStatus(202);\n" + WORK + "  return; }\n  res.end();\n});\n",
        "app.post('/github', (req, res) => {\n  setImmediate(async () => {\n" + WORK + "  });\n  res.end();\n});\n",
        "app.post('/chat', async (req, res) => {\n" + WORK + "  res.json({});\n});\n",
        "app.get('/github', async (req, res) => {\n" + WORK + "  res.json({});\n});\n",
    ],
)
def test_the_answer_comes_first_or_nobody_is_in_a_hurry(tmp_path, route) -> None:
    assert not look(tmp_path, {"a.js": HEAD + route})


NEST = """import { Body, Controller, Post } from '@nestjs/common';
import OpenAI from 'openai';
const ai = new OpenAI();
@Controller('PREFIX')
export class Hooks {
  @Post('commands')
  async command(@Body() body) { const r = await ai.chat.completions.create({}); return { text: r.choices[0].message.content }; }
}
"""
NEXT = "import OpenAI from 'openai';\nconst ai = new OpenAI();\nexport async function POST(req) {\n" + WORK + "  return new Response('ok');\n}\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"h.ts": NEST.replace("PREFIX", "slack")}, True),
        ({"h.ts": NEST.replace("PREFIX", "chat")}, False),
        ({"app/api/slack/commands/route.ts": NEXT}, True),
        ({"app/api/chat/route.ts": NEXT}, False),
    ],
    ids=["nest, by the controller's path", "nest, another path", "next, by the file's place", "next, another place"],
)
def test_whole_paths_of_nest_and_next(tmp_path, files, told) -> None:
    assert [item.fact.kind for item in look(tmp_path, files)] == (["ack.late"] if told else [])
