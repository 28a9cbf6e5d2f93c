"""Servers that listen on their own machine alone are told, whoever says so: the call, a constant, or the library's default."""

from __future__ import annotations

import pytest

from callcheck.probes.bound_servers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
EXPRESS = "import express from 'express';\nconst app = express();\n"
FASTAPI = "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("a.ts", f"{EXPRESS}app.listen(3000, '127.0.0.1');", ("127.0.0.1", True, False)),
        ("a.ts", f"{EXPRESS}const HOST = 'localhost';\napp.listen(3000, HOST, () => console.log('up'));", ("localhost", True, False)),
        ("a.ts", "import { createServer } from 'node:http';\nconst web = createServer(f);\nweb.listen({ port: 80, host: '::1' });", ("::1", True, False)),
        ("a.ts", "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: 3000 });", ("localhost", False, False)),
        ("a.py", f"{FASTAPI}if __name__ == '__main__':\n    uvicorn.run(app, port=8000)\n", ("127.0.0.1", False, True)),
        ("a.py", "from mcp.server.fastmcp import FastMCP\nm = FastMCP('a')\nm.run(transport='streamable-http')\n", ("127.0.0.1", False, False)),
    ],
)
def test_a_server_that_listens_alone(tmp_path, name, source, wanted) -> None:
    assert [(e.fact.address, e.fact.told, e.fact.guarded) for e in look(tmp_path, {name: source})] == [wanted]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.ts", f"{EXPRESS}app.listen(3000);"),
        ("a.ts", f"{EXPRESS}app.listen(3000, process.env.HOST);"),
        ("a.ts", "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: 3000, host: '0.0.0.0' });"),
        ("a.ts", "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen(options);"),
        ("a.py", f"{FASTAPI}uvicorn.run(app, host='0.0.0.0')\n"),
        ("a.py", f"{FASTAPI}uvicorn.run(app, **settings)\n"),
        ("a.py", "from mcp.server.fastmcp import FastMCP\nm = FastMCP('a')\nm.run()\n"),
        ("tests/test_a.py", f"{FASTAPI}uvicorn.run(app)\n"),
        ("a.ts", f"import http from 'node:http';\n{EXPRESS}app.listen(3000, '0.0.0.0');\nhttp.createServer(figures).listen(9229, '127.0.0.1');"),
        ("a.py", f"from pydantic_settings import BaseSettings\n{FASTAPI}class Settings(BaseSettings):\n    app_host: str = '127.0.0.1'\nsettings = Settings()\nuvicorn.run(app, host=settings.app_host)\n"),
    ],
)
def test_an_open_one_and_one_that_cannot_be_told(tmp_path, name, source) -> None:
    assert not list(look(tmp_path, {name: source}))
