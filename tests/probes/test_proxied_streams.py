"""WebSockets and event streams behind nginx and Apache."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.proxied_streams import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
SOCKET = 'const { WebSocketServer } = require("ws");\nconst wss = new WebSocketServer({ server, path: "/live" });\nwss.on("connection", (ws) => ws.send("hi"));\n'
STREAM = 'const express = require("express");\nconst app = express();\napp.get("/events", (req, res) => {\n  res.setHeader("Content-Type", "text/event-stream");\n%s});\n'
NGINX = "server {\n  location / {\n    proxy_pass http://app:3000;\n%s  }\n}\n"
APACHE = "<VirtualHost *:80>\nProxyPass / http://app:3000/%s\n</VirtualHost>\n"
PACKAGE = '{"dependencies": {"express": "^4.19.2", "ws": "^8.18.0"}}'


def said(folder: Path, code: str, name: str, conf: str) -> list[str]:
    found = look(folder, {"package.json": PACKAGE, "app.js": code, name: conf})
    return [f"{item.fact.effect} {item.where}" for item in found]


@pytest.mark.parametrize(
    ("code", "name", "conf", "expected"),
    [
        (SOCKET, "nginx.conf", NGINX % "", ["callback-rejected nginx.conf:2"]),
        (SOCKET, "httpd-app.conf", APACHE % "", ["callback-rejected httpd-app.conf:2"]),
        (STREAM % "", "nginx.conf", NGINX % "", ["non-streaming-call nginx.conf:2"]),
        (SOCKET, "nginx.conf", NGINX % "    proxy_set_header Upgrade $http_upgrade;\n", []),
        (SOCKET, "nginx.conf", NGINX % "    include snippets/websocket;\n", []),
        (SOCKET, "nginx.conf", "proxy_set_header Upgrade $http_upgrade;\n" + NGINX % "", []),
        (SOCKET, "httpd-app.conf", APACHE % " upgrade=websocket", []),
        (STREAM % "", "nginx.conf", NGINX % "    proxy_buffering off;\n", []),
        (STREAM % '  res.setHeader("X-Accel-Buffering", "no");\n', "nginx.conf", NGINX % "", []),
        (STREAM % "", "nginx.conf", NGINX % "" + "server {\n  location /events {\n    proxy_pass http://app;\n    proxy_buffering off;\n  }\n}\n", []),
        ("console.log(1);\n", "nginx.conf", NGINX % "", []),
    ],
)
def test_what_passes_as_it_is(tmp_path: Path, code: str, name: str, conf: str, expected: list[str]) -> None:
    assert said(tmp_path, code, name, conf) == expected


@pytest.mark.parametrize("library", ["streamlit as st", "panel as pn"])
def test_pages_that_are_one_socket(tmp_path: Path, library: str) -> None:
    files = {"page.py": f"import {library}\n", "nginx.conf": NGINX % ""}
    assert [item.fact.effect for item in look(tmp_path, files)] == ["callback-rejected"]
    assert look(tmp_path, files | {"nginx.conf": NGINX % "    proxy_set_header Upgrade $http_upgrade;\n"}) == []
