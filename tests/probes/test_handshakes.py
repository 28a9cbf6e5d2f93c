"""Addresses that do not answer the question by which their provider finds out whether they are meant to be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.handshakes import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
KOA = 'const Router = require("@koa/router");\nconst router = new Router();\n%srouter.post("/in", async (ctx) => {\n  const body = ctx.request.body;\n%s  ctx.status = 200;\n});\n'
PACKAGE = '{"name": "a", "dependencies": {"koa": "^2.15.3", "@koa/router": "^12.0.1"}}'


def told(folder: Path, body: str, before: str = "", **more: str) -> list[str]:
    found = look(folder, {"package.json": PACKAGE, "app.js": KOA % (before, body), **more})
    return [f"{item.fact.effect} {item.fact.why.split()[0]} {item.where.line}" for item in found]


@pytest.mark.parametrize(
    ("reads", "answer", "said"),
    [
        ('if (body.Type === "Notification") f(body.Message);', "g(body.SubscribeURL);", "missing-subscription SNS"),
        ('if (body.type === "event_callback") f(body.event);', "ctx.body = body.challenge;", "callback-rejected Slack"),
        ("f(body.entry[0].changes[0].value);", 'ctx.body = ctx.query["hub.challenge"];', "callback-rejected Meta"),
        ('if (body.event === "meeting.ended") f(body.payload.object);', "ctx.body = sign(body.payload.plainToken);", "callback-rejected Zoom"),
        ("for (const each of body.value) f(each.resourceData.id);", "ctx.body = ctx.query.validationToken;", "callback-rejected Microsoft"),
        ('if (body[0].eventType === "Microsoft.Storage.BlobCreated") f(body[0].data.url);', "ctx.body = body[0].data.validationCode;", "callback-rejected Event"),
        ("f(body.list_folder.accounts);", "ctx.body = ctx.query.challenge;", "callback-rejected Dropbox"),
        ('if (body.source.includes("okta")) f(body.data.events);', 'ctx.body = ctx.get("x-okta-verification-challenge");', "callback-rejected Okta"),
        ('if (ctx.get("twitch-eventsub-message-id")) f(body.event);', "ctx.body = body.challenge;", "callback-rejected Twitch"),
        ('check(ctx.get("x-hook-signature")); f(body.events);', 'ctx.set("X-Hook-Secret", s);', "callback-rejected Asana"),
        ("f(body.action.data.listAfter);", 'router.head("/in", g);', "callback-rejected Trello"),
        ("if (body.object_type && body.aspect_type) f(body);", 'ctx.body = ctx.query["hub.challenge"];', "callback-rejected Strava"),
        ("f(body.event.pulseId);", "ctx.body = body.challenge;", "callback-rejected monday.com"),
    ],
)
def test_what_nothing_answers(tmp_path: Path, reads: str, answer: str, said: str) -> None:
    assert told(tmp_path, f"  {reads}\n") == [f"{said} 3"]
    assert not told(tmp_path, f"  {reads}\n  {answer}\n")
    assert not told(tmp_path, f"  {reads}\n", **{"other.js": f"module.exports = (ctx, body, router) => {{ {answer} }};\n"})


def test_other_handlers_say_nothing(tmp_path: Path) -> None:
    assert not told(tmp_path, "  save(body.value, body.event, body.payload, body.action);\n")
    assert not told(tmp_path, '  if (body.type === "user.created") save(body.data, body.payload);\n')
    assert not told(tmp_path, '  if (ctx.get("x-slack-signature")) f(body.command);\n')


def test_the_files_of_next(tmp_path: Path) -> None:
    route = "export async function POST(req) {\n  const body = await req.json();\n%s  return new Response();\n}\n"
    files = {"package.json": '{"dependencies": {"next": "14.2.5"}}', "app/api/zoom/route.ts": route % '  if (body.event === "meeting.ended") f(body.payload.object);\n'}
    assert [item.where.line for item in look(tmp_path, files)] == [1]
    answered = route % '  if (body.event === "meeting.ended") f(body.payload.object);\n  if (body.payload.plainToken) return g(body);\n'
    assert not look(tmp_path, {**files, "app/api/zoom/route.ts": answered})
