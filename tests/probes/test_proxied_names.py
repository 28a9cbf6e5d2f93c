"""The name by which a proxy calls the app is given away only where the proxy does not tell the one that was asked for."""

from __future__ import annotations

import pytest

from callcheck.probes.proxied_names import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = """import httpx
from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/jobs")
async def start(request: Request):
    await httpx.AsyncClient().post("https://api.example.com/v1/jobs", json={"webhook_url": str(request.url_for("done"))})


@app.post("/hooks/done")
async def done(): ...
"""
INSIDE = APP.replace("https://api.example.com", "http://render:9000")
KNOWN = APP.replace('str(request.url_for("done"))', 'PUBLIC + "/hooks/done"')
FORWARDED = APP.replace("app = FastAPI()", "app = FastAPI()\napp.add_middleware(Renamed, header='X-Forwarded-Host')\n")
NGINX = "server {\n  location / {\n    proxy_pass http://%s:8000;\n    proxy_set_header X-Real-IP $remote_addr;\n%s  }\n}\n"
APACHE = "<VirtualHost *:443>\n%sProxyPass / http://web:8000/\n</VirtualHost>\n"
TWO = "server {\n  location / {\n    proxy_pass http://web:8000;\n  }\n  location /jobs {\n    proxy_pass http://web:8000;\n    proxy_set_header Host $host;\n  }\n}\n"
COMPOSE = "services:\n  web: {build: ., command: uvicorn app:app}\n  shop: {image: example/shop}\n"


@pytest.mark.parametrize(
    ("app", "name", "conf", "found"),
    [
        (APP, "nginx.conf", NGINX % ("web", ""), ["http://web nginx.conf:2"]),
        (APP, "nginx.conf", NGINX % ("127.0.0.1", ""), ["http://127.0.0.1 nginx.conf:2"]),
        (APP, "nginx.conf", NGINX % ("web", "    proxy_set_header X-Forwarded-Host $host;\n"), ["http://web nginx.conf:2"]),
        (APP, "site.conf", APACHE % "", ["http://web site.conf:2"]),
        (APP, "nginx.conf", NGINX % ("web", "    proxy_set_header Host $http_host;\n"), []),
        (APP, "nginx.conf", NGINX % ("web", "    proxy_set_header Host shop.example.com;\n"), []),
        (APP, "nginx.conf", NGINX % ("jobs.example.com", ""), []),
        (APP, "nginx.conf", NGINX % ("shop", ""), []),
        (APP, "nginx.conf", TWO, []),
        (APP, "site.conf", APACHE % "ProxyPreserveHost On\n", []),
        (FORWARDED, "nginx.conf", NGINX % ("web", ""), ["http://web nginx.conf:2"]),
        (FORWARDED, "nginx.conf", NGINX % ("web", "    proxy_set_header X-Forwarded-Host $host;\n"), []),
        (INSIDE, "nginx.conf", NGINX % ("web", ""), []),
        (KNOWN, "nginx.conf", NGINX % ("web", ""), []),
    ],
)
def test_who_is_given_which_name(tmp_path, app: str, name: str, conf: str, found: list[str]) -> None:
    assert [f"{item.fact.url} {item.where}" for item in look(tmp_path, {"app.py": app, name: conf, "compose.yml": COMPOSE})] == found
