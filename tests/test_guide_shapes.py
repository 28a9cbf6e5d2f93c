"""The guide's five shapes, in several spellings: the right cause comes first, and the healthy shape stays silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck import pipeline
from callcheck.model.target import Target

BROKEN: dict[str, tuple[str, dict[str, str]]] = {
    'agent in the route function': ('per-request-registration', {
        'route.ts': """\
import { AssistantAgent, UserProxyAgent } from "@autogen/core";

export async function handleRequest(req: Request) {
  const body = await req.json();
  const agent = new AssistantAgent({ name: "helper" });
  agent.on("message", (msg) => {
    console.log("got", msg.content);
  });
  const result = await agent.run(body.task);
  return Response.json(result);
}
""",
    }),
    'agent from a factory, in an express route': ('per-request-registration', {
        'app.js': """\
const express = require("express");
const { AssistantAgent } = require("@autogen/core");
const app = express();
app.post("/ask", async (req, res) => {
  const bot = makeBot();
  bot.on("message", onMessage);
  res.json(await bot.run(req.body.q));
});
function makeBot() { return new AssistantAgent({ name: "b" }); }
function onMessage(m) { console.log(m.content); }
app.listen(3000);
""",
    }),
    'token listener and run': ('non-streaming-call', {
        'main.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a" });
assistant.on("token", (t) => process.stdout.write(t.content));
async function main() {
  const result = await assistant.run("Summarise");
  console.log(result);
}
main();
""",
    }),
    'destructured text': ('payload-mismatch', {
        'main.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a" });
assistant.on("message", async ({ text }) => {
  await save(text.toUpperCase());
});
await assistant.run("x");
""",
    }),
    'express under PM2': ('cross-process-delivery', {
        'ecosystem.config.js': """\
module.exports = { apps: [{ name: "api", script: "server.js", instances: 4, exec_mode: "cluster" }] };
""",
        'server.ts': """\
import express from "express";
import { EventEmitter } from "node:events";
const app = express();
const bus = new EventEmitter();
app.post("/start", (req, res) => {
  bus.on("done", (r) => notify(req.body.id, r));
  res.sendStatus(202);
});
app.post("/execute", async (req, res) => {
  const r = await work(req.body);
  bus.emit("done", r);
  res.sendStatus(200);
});
app.listen(3000);
""",
    }),
    'pyee under gunicorn': ('cross-process-delivery', {
        'Procfile': """\
web: gunicorn -w 4 -k uvicorn.workers.UvicornWorker app:app
""",
        'app.py': """\
from fastapi import FastAPI
from pyee.asyncio import AsyncIOEventEmitter
app = FastAPI()
bus = AsyncIOEventEmitter()

@app.post("/start")
async def start(job: str):
    @bus.once(f"done:{job}")
    def done(result):
        print(result)

@app.post("/execute")
async def execute(job: str):
    bus.emit(f"done:{job}", {"ok": True})
""",
    }),
    'catch that returns null': ('swallowed-error', {
        'agent.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a", model: "gpt-4o" });
assistant.on("message", (m) => console.log(m.content));
export async function safeRun(task: string) {
  try {
    return await assistant.run(task);
  } catch (err) {
    return null;
  }
}
""",
    }),
    'except that goes on': ('swallowed-error', {
        'agent.py': """\
from autogen_agentchat.agents import AssistantAgent
agent = AssistantAgent("a", model_client=client)
async def ask(task):
    try:
        result = await agent.run(task=task)
    except Exception:
        result = None
    return result
""",
    }),
}  # fmt: skip
HEALTHY: dict[str, dict[str, str]] = {
    'agent at module level': {
        'route.ts': """\
import { AssistantAgent } from "@autogen/core";
const agent = new AssistantAgent({ name: "helper" });
agent.on("message", (msg) => { console.log("got", msg.content); });
export async function handleRequest(req: Request) {
  const body = await req.json();
  return Response.json(await agent.run(body.task));
}
""",
    },
    'stream iterated': {
        'main.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a" });
async function main() {
  for await (const event of assistant.runStream("Summarise")) {
    if (event.type === "token") process.stdout.write(event.content);
  }
}
main();
""",
    },
    'content read': {
        'main.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a" });
assistant.on("message", async (msg) => { await save(msg.content); });
await assistant.run("x");
""",
    },
    'redis between the instances': {
        'ecosystem.config.js': """\
module.exports = { apps: [{ name: "api", script: "server.js", instances: 4, exec_mode: "cluster" }] };
""",
        'server.ts': """\
import express from "express";
import Redis from "ioredis";
const app = express();
const pub = new Redis(process.env.REDIS_URL);
const sub = new Redis(process.env.REDIS_URL);
sub.subscribe("done");
sub.on("message", (_c, m) => notify(JSON.parse(m)));
app.post("/execute", async (req, res) => {
  await pub.publish("done", JSON.stringify(await work(req.body)));
  res.sendStatus(200);
});
app.listen(3000);
""",
    },
    'error logged and thrown': {
        'agent.ts': """\
import { AssistantAgent } from "@autogen/core";
const assistant = new AssistantAgent({ name: "a", model: "gpt-4o" });
assistant.on("message", (m) => console.log(m.content));
export async function run(task: string) {
  try {
    return await assistant.run(task);
  } catch (err) {
    console.error("run failed", err);
    throw err;
  }
}
""",
    },
}  # fmt: skip


def _diagnose(folder: Path, files: dict[str, str]) -> list[tuple[str, float]]:
    for name, text in files.items():
        (folder / name).write_text(text)
    report = pipeline.diagnose(Target(folder, folders=(folder,))).report
    return [(d.rule.cause, d.confidence) for d in report.diagnoses]


@pytest.mark.parametrize("shape", BROKEN)
def test_a_broken_shape_is_named_first(tmp_path: Path, shape: str) -> None:
    cause, files = BROKEN[shape]
    found = _diagnose(tmp_path, files)
    assert found[0][0] == cause
    assert found[0][1] >= 0.5


@pytest.mark.parametrize("shape", HEALTHY)
def test_a_healthy_shape_is_silent(tmp_path: Path, shape: str) -> None:
    assert [d for d in _diagnose(tmp_path, HEALTHY[shape]) if d[1] >= 0.5] == []
