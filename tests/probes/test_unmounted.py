"""Routers, classes and functions with handlers that are given to nobody, beside others that are."""

from __future__ import annotations

import pytest

from callcheck.probes.unmounted import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ROUTER = "from fastapi import APIRouter\nhooks = APIRouter()\n@hooks.post('/x')\ndef f(): ...\n"
MAIN = "from fastapi import FastAPI\nfrom items import items\napp = FastAPI()\napp.include_router(items)\nREST\n"
ITEMS = "from fastapi import APIRouter\nitems = APIRouter()\n@items.get('/y')\ndef g(): ...\n"
WORKER = "from temporalio import activity\nfrom temporalio.worker import Worker\n@activity.defn\nasync def bake(): ...\n@activity.defn\nasync def tell(): ...\nasync def main(c):\n    await workflow.execute_activity(tell)\n    Worker(c, task_queue='q', activities=LIST)\n"
SCRAPY = "import scrapy\nclass Closer:\n    @classmethod\n    def from_crawler(cls, crawler): ...\n"


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"hooks.py": ROUTER, "items.py": ITEMS, "main.py": MAIN.replace("REST", "")}, ["hooks"]),
        ({"hooks.py": ROUTER, "items.py": ITEMS, "main.py": MAIN.replace("REST", "from hooks import hooks as more\napp.include_router(more)")}, []),
        ({"hooks.py": ROUTER, "items.py": ITEMS, "main.py": MAIN.replace("REST", "import hooks\nall = [hooks.hooks]")}, []),
        ({"hooks.py": ROUTER, "items.py": ITEMS, "main.py": MAIN.replace("REST", "for name in NAMES: app.include_router(importlib.import_module(name).hooks)")}, []),
        ({"hooks.py": ROUTER}, []),
        ({"a.py": WORKER.replace("LIST", "[bake]")}, ["tell"]),
        ({"a.py": WORKER.replace("LIST", "[bake, tell]")}, []),
        ({"books/settings.py": "BOT_NAME = 'x'\nEXTENSIONS = {}\n", "books/ext.py": SCRAPY}, ["Closer"]),
        ({"books/settings.py": "BOT_NAME = 'x'\nEXTENSIONS = {'books.ext.Closer': 5}\n", "books/ext.py": SCRAPY}, []),
    ],
)
def test_what_is_given_to_nobody(tmp_path, files: dict[str, str], missing: list[str]) -> None:
    assert [item.fact.name for item in look(tmp_path, files)] == missing
