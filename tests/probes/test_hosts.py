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
    files = {"compose.yaml": COMPOSE, "shop/settings.py": f"import os\n{hosts}\n", "shop/urls.py": URLS, "shop/views.py": "def done(request): ...\n", **more}
    return [line for line in told(look(folder, files)) if line.startswith("webhook.guarded")]


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
