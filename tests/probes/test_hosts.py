"""Whether an app is called by a name to which it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.hosts import PROBE
from tests.tools.deployed import look_with, told
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
COMPOSE = "services:\n  web: {build: .}\n  render:\n    build: ./render\n    environment: {CALLBACK_URL: 'http://web:8000/hooks/done'}\n"
URLS = "from django.urls import path\nfrom shop.views import done\nurlpatterns = [path('hooks/done', done)]\n"


def refused(folder: Path, hosts: str, **more: str) -> list[str]:
    return [line for line in told(look(folder, app(hosts, more))) if line.startswith("webhook.guarded")]


def guards(folder: Path, hosts: str, **more: str) -> list[str]:
    return [item.fact.guard for item in look(folder, app(hosts, more)) if item.fact.kind == "webhook.guarded"]


def app(hosts: str, more: dict[str, str]) -> dict[str, str]:
    return {"compose.yaml": COMPOSE, "shop/settings.py": f"import os\n{hosts}\n", "shop/urls.py": URLS, "shop/views.py": "def done(request): ...\n", **more}


@pytest.mark.parametrize("hosts", ["ALLOWED_HOSTS = ['shop.example.com']", "ALLOWED_HOSTS = ['.example.com', 'localhost']"])
def test_a_list_without_the_name_of_the_container_refuses_who_calls_by_it(tmp_path: Path, hosts: str) -> None:
    assert len(refused(tmp_path, hosts)) == 1


@pytest.mark.parametrize("hosts", ["ALLOWED_HOSTS = ['web']", "ALLOWED_HOSTS = ['*']", "ALLOWED_HOSTS = []", "ALLOWED_HOSTS = os.environ['HOSTS'].split(',')", "ALLOWED_HOSTS = ['a', *MORE]"])
def test_a_list_that_has_it_or_cannot_be_told_is_fine(tmp_path: Path, hosts: str) -> None:
    assert refused(tmp_path, hosts) == []


def test_another_container_than_the_one_of_the_list_answers_to_any_name(tmp_path: Path) -> None:
    compose = COMPOSE.replace("web: {build: .}", "web: {build: ./front}")
    assert refused(tmp_path, "ALLOWED_HOSTS = ['shop.example.com']", **{"compose.yaml": compose}) == []


SITE = "server {\n  location / {\n    proxy_pass http://web:8000;\n%s  }\n}\n"


@pytest.mark.parametrize(
    ("header", "count"),
    [("", 1), ("    proxy_set_header X-Real-IP $remote_addr;\n", 1), ("    proxy_set_header Host $host;\n", 0), ("    proxy_set_header Host $proxy_host;\n", 1), ("    include proxy_params;\n", 0)],
)
def test_nginx_calls_the_app_by_its_own_name_unless_it_is_told_another(tmp_path: Path, header: str, count: int) -> None:
    plain = {"compose.yaml": "services:\n  web: {build: .}\n", "nginx.conf": SITE % header}
    assert len(refused(tmp_path, "ALLOWED_HOSTS = ['shop.example.com']", **plain)) == count


@pytest.mark.parametrize(
    ("compose", "hosts", "count"),
    [
        ("services:\n  web:\n    build: .\n    environment: {WEBHOOK_BASE: 'http://web:8000'}\n", "ALLOWED_HOSTS = ['shop.example.com']", 1),
        ("services:\n  web:\n    build: .\n    environment: {WEBHOOK_BASE: 'http://web:8000'}\n", "ALLOWED_HOSTS = ['web']", 0),
        ("services:\n  web:\n    build: .\n    environment: {PUBLIC_URL: 'http://web:8000'}\n", "ALLOWED_HOSTS = ['shop.example.com']", 0),
        (COMPOSE.replace("web: {build: .}", "web: {build: ., container_name: shop}").replace("//web", "//shop"), "ALLOWED_HOSTS = ['web']", 1),
        (COMPOSE.replace("web: {build: .}", "web: {build: ., networks: {default: {aliases: [hall]}}}").replace("//web", "//hall"), "ALLOWED_HOSTS = ['web']", 1),
    ],
    ids=["given away by itself", "and allowed", "not to be called back", "by the container's name", "by an alias"],
)
def test_the_name_that_the_app_gives_away_or_goes_by_besides(tmp_path: Path, compose: str, hosts: str, count: int) -> None:
    assert len(refused(tmp_path, hosts, **{"compose.yaml": compose})) == count


UNDER = COMPOSE.replace("web", "shop_web")


@pytest.mark.parametrize("hosts", ["ALLOWED_HOSTS = ['shop_web']", "ALLOWED_HOSTS = ['*']", "ALLOWED_HOSTS = os.environ['HOSTS'].split(',')", "ALLOWED_HOSTS = ['shop_web']\nMIDDLEWARE = ['django.middleware.common.CommonMiddleware']"])
def test_django_takes_a_name_with_an_underscore_for_none(tmp_path: Path, hosts: str) -> None:
    assert guards(tmp_path, hosts, **{"compose.yaml": UNDER}) == ["host-name"]


def test_where_nothing_asks_for_the_name_it_is_not_looked_at(tmp_path: Path) -> None:
    hosts = "ALLOWED_HOSTS = ['shop_web']\nMIDDLEWARE = ['django.middleware.security.SecurityMiddleware']"
    assert refused(tmp_path, hosts, **{"compose.yaml": UNDER}) == []


def test_nginx_calls_the_app_by_the_name_of_an_upstream(tmp_path: Path) -> None:
    site = "upstream shop_app { server web:8000; }\nserver {\n  location / {\n    proxy_pass http://shop_app;\n%s  }\n}\n"
    plain = {"compose.yaml": "services:\n  web: {build: .}\n"}
    assert guards(tmp_path, "ALLOWED_HOSTS = ['*']", **plain, **{"nginx.conf": site % ""}) == ["host-name"]
    assert refused(tmp_path / "told", "ALLOWED_HOSTS = ['*']", **plain, **{"nginx.conf": site % "    proxy_set_header Host $host;\n"}) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("from flask import Flask\napp = Flask(__name__)\napp.config['TRUSTED_HOSTS'] = ['shop.example.com']\n@app.post('/hooks/done')\ndef done(): ...\n", 1),
        ("from flask import Flask\napp = Flask(__name__)\napp.config['TRUSTED_HOSTS'] = ['shop_web']\n@app.post('/hooks/done')\ndef done(): ...\n", 0),
        ("from litestar import Litestar, post\nfrom litestar.config.allowed_hosts import AllowedHostsConfig\n@post('/hooks/done')\nasync def done() -> None: ...\napp = Litestar([done], allowed_hosts=AllowedHostsConfig(allowed_hosts=['*.example.com']))\n", 1),
    ],
    ids=["Flask", "Flask, with the name", "Litestar"],
)
def test_other_lists(tmp_path: Path, code: str, count: int) -> None:
    found = [line for line in told(look(tmp_path, {"compose.yaml": UNDER, "app.py": code})) if line.startswith("webhook.guarded")]
    assert len(found) == count
