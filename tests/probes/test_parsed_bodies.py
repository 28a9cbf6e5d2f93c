"""Signatures over bodies that were parsed and written out again, by way of helpers that several routes call."""

from __future__ import annotations

import pytest

from callcheck.probes.bodies import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

HELPER = "import hashlib, hmac\ndef sign(key, body):\n    return hmac.new(key, body, hashlib.sha256).hexdigest()\n"
ROUTES = "import json\nfrom fastapi import FastAPI, Request\nfrom sign import sign\napp = FastAPI()\n@app.post('/parcels')\nasync def parcels(request: Request):\n    return sign(K, await request.body()) == request.headers['x-sig']\n"
JS_HELPER = "import { createHmac } from 'node:crypto';\nexport const sign = (key, body) => createHmac('sha256', key).update(body).digest('hex');\n"
JS_ROUTES = "import express from 'express';\nimport { sign } from './sign.js';\nconst app = express();\napp.post('/parcels', express.raw({ type: '*/*' }), (req, res) => res.json(sign(K, req.body) === req.get('x-sig')));\n"


@pytest.mark.parametrize(
    ("more", "own"),
    [
        ("@app.post('/orders')\nasync def orders(request: Request):\n    order = await request.json()\n    return sign(K, json.dumps(order).encode()) == request.headers['x-shopify-hmac-sha256']\n", [False]),
        ("@app.post('/orders')\nasync def orders(request: Request):\n    order = await request.json()\n    return sign(K, json.dumps(order).encode()) == request.headers['x-order-sig']\n", [True]),
        ("@app.post('/orders')\nasync def orders(request: Request):\n    order = await request.json()\n    return sign(K, json.dumps(order, sort_keys=True).encode()) == request.headers['x-order-sig']\n", []),
        ("async def send(client, payload):\n    text = json.dumps(payload).encode()\n    await client.post(URL, content=text, headers={'x-sig': sign(K, text)})\n", []),
    ],
)
def test_a_helper_that_several_routes_call(tmp_path, more: str, own: list[bool]) -> None:
    assert [item.fact.own for item in look(tmp_path, {"sign.py": HELPER, "app.py": ROUTES + more})] == own


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("app.post('/orders', express.json(), (req, res) => res.json(sign(K, JSON.stringify(req.body)) === req.get('x-sig')));\n", 1),
        ("export async function send(message) { const text = JSON.stringify(message.body); await fetch(URL, { method: 'POST', body: text, headers: { 'x-sig': sign(K, text) } }); }\n", 0),
    ],
)
def test_the_same_in_javascript(tmp_path, more: str, found: int) -> None:
    assert len(list(look(tmp_path, {"sign.js": JS_HELPER, "app.js": JS_ROUTES + more}))) == found


@pytest.mark.parametrize(("read", "found"), [("json", 1), ("text", 0)])
def test_the_digest_of_the_web(tmp_path, read: str, found: int) -> None:
    written = "JSON.stringify(body)" if read == "json" else "body"
    code = f"export async function POST(req) {{ const body = await req.{read}(); return await crypto.subtle.verify('HMAC', key, sig, new TextEncoder().encode({written})); }}\n"
    assert len(list(look(tmp_path, {"a.js": code}))) == found


@pytest.mark.parametrize(("signed", "found"), [("json.dumps(order.model_dump()).encode()", 1), ("raw", 0)])
def test_a_model_that_is_written_out(tmp_path, signed: str, found: int) -> None:
    code = f"import hmac, json\nfrom fastapi import FastAPI, Header\nfrom pydantic import BaseModel\napp = FastAPI()\nclass Order(BaseModel):\n    id: int\n@app.post('/orders')\ndef orders(order: Order, raw: bytes, sig: str = Header()):\n    return hmac.new(K, {signed}, 'sha256').hexdigest() == sig\n"
    assert len(list(look(tmp_path, {"a.py": code}))) == found


def test_a_file_that_is_signed_to_be_sent_is_no_body(tmp_path) -> None:
    send = "import hmac, json\nimport requests\ndef send(path, key, url):\n    with open(path) as f:\n        told = json.loads(f.read())\n    mac = hmac.new(key, msg=json.dumps(told).encode(), digestmod='sha1')\n    requests.post(url, json=told, headers={'X-Hub-Signature': mac.hexdigest()})\n"
    assert list(look(tmp_path, {"a.py": send})) == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("async def hand_on(client, partner, order: dict):\n    text = json.dumps(order).encode()\n    async with client.post(partner, data=text, headers={'x-sig': mark(K, text)}) as answer:\n        answer.raise_for_status()\n", 0),
        ("async def hand_on(client, partner, order: dict):\n    await client.post(partner, json=order, headers={'x-sig': mark(K, json.dumps(order).encode())})\n", 0),
        ("async def hand_on(client, partner, order: dict):\n    text = json.dumps(order).encode()\n    return mark(K, text) == partner\n", 1),
    ],
)
def test_what_a_request_carries_on_is_signed_by_its_sender(tmp_path, more: str, found: int) -> None:
    taken = "import hashlib, hmac, json\nfrom aiohttp import web\ndef mark(key, body):\n    return hmac.new(key, body, hashlib.sha256).hexdigest()\nasync def sold(request):\n    order = await request.json()\n    await hand_on(request.app['http'], request.app['to'], order)\n    return web.Response()\napp = web.Application()\napp.router.add_post('/sold', sold)\n"
    assert len(list(look(tmp_path, {"a.py": taken + more}))) == found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a.py": "from json import dumps\nfrom flask import request\nimport pusher\np = pusher.Pusher()\ndef hook():\n    return p.validate_webhook('k', 's', dumps(request.json))\n"}, 1),
        ({"a.py": "from flask import request\nimport pusher\np = pusher.Pusher()\ndef hook():\n    return p.validate_webhook('k', 's', request.get_data(as_text=True))\n"}, 0),
        ({"a.py": "import hmac\nfrom flask import request\ndef hook():\n    return hmac.new(K, str(request.json).encode(), 'sha256').hexdigest() == request.headers['X-Hub-Signature-256']\n"}, 1),
        ({"a.py": "import hmac\nfrom flask import request\ndef hook():\n    return hmac.new(K, str(request.json['id']).encode(), 'sha256').hexdigest() == request.headers['X-Hub-Signature-256']\n"}, 0),
        ({"a.py": "import json, falcon\nfrom nacl.signing import VerifyKey\nclass A:\n    def on_post(self, req, resp):\n        VerifyKey(K).verify(json.dumps(req.media).encode(), S)\n"}, 1),
        ({"a.py": "import json\nfrom nacl.signing import VerifyKey\ndef checked(media):\n    VerifyKey(K).verify(json.dumps(media).encode(), S)\n"}, 0),
    ],
    ids=["imported alone", "the bytes", "the text of a dict", "the text of a field", "Falcon", "no request's"],
)
def test_other_libraries_and_other_ways_of_writing(tmp_path, files: dict[str, str], found: int) -> None:
    needs = "flask==3.0.3\npusher==3.3.2\nPyNaCl==1.5.0\nfalcon==3.1.3\n"
    assert len(look(tmp_path, {"requirements.txt": needs, **files})) == found
