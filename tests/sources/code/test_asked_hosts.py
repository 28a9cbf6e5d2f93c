"""An address has the name that a request asks for only where nothing else may stand in its place."""

from __future__ import annotations

import pytest

from callcheck.sources.code.asked_hosts import asked_host


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "def go(request):\n    f(str(request.url_for('done')))\n"},
        {"a.py": "def go(request):\n    f(request.build_absolute_uri('/done'))\n"},
        {"a.py": "from flask import url_for\ndef go():\n    f(url_for('done', _external=True))\n"},
        {"a.py": "def go(request):\n    f(request.url_root + 'done')\n"},
        {"a.py": "def go(request):\n    f(f'https://{request.headers[\"host\"]}/done')\n"},
        {"a.py": "def go(request):\n    f(str(request.url_for('done').replace(scheme='https')))\n"},
        {"a.py": "def go(request):\n    f(request.build_absolute_uri('/done').replace('http://', 'https://'))\n"},
        {"a.py": "def base(request):\n    return str(request.base_url)\ndef go(request):\n    url = base(request) + 'done'\n    f(url)\n"},
        {"a.py": "from fastapi import Depends\ndef own(request):\n    return f'{request.base_url}done'\ndef go(url: str = Depends(own)):\n    f(url)\n"},
        {"a.py": "import b\ndef go(request):\n    b.start(str(request.url_for('done')))\n", "b.py": "def start(url):\n    f(url)\n"},
        {"a.js": "app.post('/go', (req, res) => { const base = `${req.protocol}://${req.get('host')}`; f(`${base}/done`); });\n"},
        {"a.js": "app.post('/go', (req, res) => { f('https://' + req.headers.host + '/done'); });\n"},
        {"a.js": "router.post('/go', async (ctx) => { f(`${ctx.origin}/done`); });\n"},
        {"a.py": "def go(request: Request):\n    f(str(request.url))\n"},
        {"a.ts": "app.post('/go', async (c) => { f(new URL('/done', c.req.url).toString()); });\n"},
    ],
)
def test_the_name_that_is_asked_for(code_of, files: dict[str, str]) -> None:
    assert _asked(code_of, files) is not None


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "def go(request):\n    f(request.url.path)\n"},
        {"a.py": "from flask import url_for\ndef go():\n    f(url_for('done'))\n"},
        {"a.py": "import os\ndef go(request):\n    f(os.environ.get('PUBLIC_URL') or str(request.base_url))\n"},
        {"a.py": "def go(request):\n    f(str(request.url_for('done').replace(netloc='shop.example.com')))\n"},
        {"a.py": "def go(request):\n    f(request.build_absolute_uri('/done').replace('http://web', PUBLIC))\n"},
        {"a.py": "import b\ndef go(request):\n    b.start(str(request.url_for('done')))\n    b.start(PUBLIC)\n", "b.py": "def start(url):\n    f(url)\n"},
        {"a.py": "def go(request: HookRequest):\n    f(request.url)\n"},
        {"a.ts": "app.post('/go', (req: Request) => { f(new URL(req.url, PUBLIC).href); });\n"},
        {"a.py": "def go(client):\n    f(client.base_url)\n"},
        {"a.js": "app.post('/go', (req, res) => { f(`${process.env.PUBLIC_URL ?? req.get('host')}/done`); });\n"},
        {"a.js": "app.post('/go', (req, res) => { f(req.get('x-forwarded-host')); });\n"},
    ],
)
def test_another_name_may_stand_there(code_of, files: dict[str, str]) -> None:
    assert _asked(code_of, files) is None


def _asked(code_of, files: dict[str, str]):
    code = code_of(files)
    return asked_host(code, next(code.project.calls("f")).args[0])
