"""Sessions in the memory of one process, and the client of Node that comes back to them without a cookie."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.memory import StateInMemory
from callcheck.probes.layers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
SERVER = "from mcp.server.fastmcp import FastMCP\nm = FastMCP('a')\nm.run(transport='streamable-http')\n"
CLIENT = "import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';\nexport const t = () => new StreamableHTTPClientTransport(new URL(u));\n"


@pytest.mark.parametrize(
    ("files", "client"),
    [
        ({"ask.js": CLIENT}, "StreamableHTTPClientTransport"),
        ({}, ""),
        ({"ask.js": CLIENT.replace("(u)", "(u), { fetch: withCookies }")}, ""),
        ({"ask.js": f"{CLIENT}document.title = 'a';\n"}, ""),
        ({"ask.tsx": CLIENT}, ""),
        ({"tests/ask.js": CLIENT}, ""),
        ({"ask.test.js": CLIENT}, ""),
        ({"ask.py": "from mcp.client.streamable_http import streamablehttp_client\nasync def f():\n    async with streamablehttp_client(u) as c: ...\n"}, ""),
    ],
    ids=["node", "none", "a fetch of its own", "a page", "a component", "a test", "a test by its ending", "httpx keeps them"],
)
def test_the_client_that_keeps_no_cookie_is_named(tmp_path: Path, files: dict[str, str], client: str) -> None:
    found = [each.fact for each in look(tmp_path, {"server.py": SERVER, **files}) if isinstance(each, Evidence)]
    assert [(fact.holds, fact.client) for fact in found if isinstance(fact, StateInMemory)] == [("transport", client)]
