"""A tool that takes longer than its caller waits is told, by what the tool does and by what is said of it."""

from __future__ import annotations

import pytest

from callcheck.probes.slow_tools import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

_CLIENT = (
    "import { Client } from '@modelcontextprotocol/sdk/client/index.js';\n"
    "const desk = new Client({ name: 'desk', version: '1' });\n"
    "export const survey = (basin, show) => desk.callTool({ name: 'survey', arguments: { basin } }, undefined, { onprogress: show%s });\n"
)
_SERVER = (
    "import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';\nimport { sound } from './boat.js';\n"
    "const server = new McpServer({ name: 'boat', version: '1' });\n"
    "server.registerTool('survey', { description: '%s', inputSchema: {} }, async ({ basin }) => {\n  for (const lane of await lanes(basin)) await sound(lane);\n  return { content: [] };\n});\n"
)
_BOAT = "export async function sound(lane) {\n  await fetch('http://boat/' + lane, { method: 'POST' });\n%s}\n"
_REST = "  await new Promise((done) => setTimeout(done, 8000));\n"


def _project(options: str = "", said: str = "All lanes.", rest: str = _REST) -> dict[str, str]:
    return {"client.js": _CLIENT % options, "server.js": _SERVER % said, "boat.js": _BOAT % rest}


@pytest.mark.parametrize(
    "files",
    [
        _project(),
        _project(said="Sounds all lanes; takes three to five minutes.", rest=""),
        _project(options=", timeout: 20_000", rest="  await new Promise((done) => setTimeout(done, 3000));\n"),
        _project(options=", resetTimeoutOnProgress: false"),
    ],
    ids=["it rests in each round", "it is said", "a shorter limit of its own", "turned off"],
)
def test_a_tool_takes_longer_than_the_call_waits(tmp_path, files) -> None:
    (found,) = look(tmp_path, files)
    assert (found.fact.effect, found.fact.method, found.where.path) == ("upstream-timeout", "callTool", "client.js")


@pytest.mark.parametrize(
    "files",
    [
        _project(options=", resetTimeoutOnProgress: true"),
        _project(options=", timeout: 600_000"),
        _project(options=", ...settings"),
        _project(rest="  await new Promise((done) => setTimeout(done, 200));\n"),
        _project(rest=""),
        _project(rest="  await Promise.race([reply(lane), new Promise((done) => setTimeout(done, 90_000))]);\n"),
        _project(rest="  try { await ask(lane); } catch { await new Promise((done) => setTimeout(done, 30_000)); }\n"),
        _project(said="Takes about two seconds.", rest=""),
    ],
    ids=["progress makes it wait on", "time enough", "options of elsewhere", "short rests", "nothing is known", "a limit of a race", "after a failure alone", "it is quick"],
)
def test_silent_about(tmp_path, files) -> None:
    assert not look(tmp_path, files)
