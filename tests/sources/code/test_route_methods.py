"""The methods of a route are known as far as its framework lets the line tell them."""

from __future__ import annotations

import pytest

from callcheck.sources.code.route_methods import methods_of
from callcheck.sources.code.routes import routes

FLASK = "from flask import Flask\napp = Flask(__name__)\n{}\ndef f(): ...\n"
DJANGO = "from django.urls import path\nfrom views import f\nurlpatterns = [path('a', f)]\n"


@pytest.mark.parametrize(
    ("files", "methods"),
    [
        ({"a.py": FLASK.format("@app.route('/a')")}, {"GET", "HEAD"}),
        ({"a.py": FLASK.format("@app.route('/a', methods=['POST', 'PUT'])")}, {"POST", "PUT"}),
        ({"a.py": FLASK.format("M = ('post',)\n@app.route('/a', methods=M)")}, {"POST"}),
        ({"a.py": FLASK.format("@app.route('/a', methods=load())")}, None),
        ({"a.py": FLASK.format("@app.route('/a', **options)")}, None),
        ({"a.js": "const app = require('express')();\napp.post('/a', f);"}, {"POST"}),
        ({"a.js": "const app = require('express')();\napp.all('/a', f);"}, None),
        ({"a.js": "const app = require('fastify')();\napp.route({ method: 'POST', url: '/a', handler: f });"}, {"POST"}),
        ({"app/a/route.ts": "export async function POST() {}\nexport const GET = f;"}, {"POST", "GET", "HEAD"}),
        ({"app/a/route.ts": "export { handler as default } from './b';"}, None),
        ({"urls.py": DJANGO, "views.py": "@require_POST\ndef f(r): ...\n"}, {"POST"}),
        ({"urls.py": DJANGO, "views.py": "@require_http_methods(['GET', 'POST'])\ndef f(r): ...\n"}, {"GET", "HEAD", "POST"}),
        ({"urls.py": DJANGO, "views.py": "def f(r): ...\n"}, None),
    ],
)
def test_methods(code_of, files: dict[str, str], methods: set[str] | None) -> None:
    code = code_of(files)
    found = [methods_of(code, route) for route in routes(code) if route.path.strip("/") == "a"]
    assert found[:1] == [methods]
