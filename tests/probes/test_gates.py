"""A webhook behind a check for users is told, wherever the check is mounted; one that the check spares is not."""

from __future__ import annotations

import pytest

from callcheck.probes.gates import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
CHECK = "function check(req, res, next) { if (!req.session.user) return res.status(401).end(); next(); }\n"
HOOK = "('/hooks/pay', (req, res) => { const s = req.headers['stripe-signature']; res.sendStatus(200); });\n"
EXPRESS = "import express from 'express';\nconst app = express();\n" + CHECK
FLASK = "from flask import Flask, abort, request, session\napp = Flask(__name__)\n"
FLASK_HOOK = "@app.post('/hooks/github')\ndef hook():\n    return request.headers['X-Hub-Signature-256']\n"
FASTAPI = "from fastapi import Depends, FastAPI, HTTPException, Request\ndef user(request: Request):\n    if not request.headers.get('authorization'):\n        raise HTTPException(401)\n"
FASTAPI_HOOK = "@app.post('/hooks/github')\nasync def hook(request: Request):\n    return request.headers['X-Hub-Signature-256']\n"
DRF = {"settings.py": "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n"}
VIEW = "from rest_framework.views import APIView\nclass Hook(APIView):\n    OWN\n    def post(self, request):\n        return request.headers['Stripe-Signature']\n"

FASTIFY = "import Fastify from 'fastify';\nconst app = Fastify();\n"
FASTIFY_HOOK = "app.post('/webhooks/docusign', async (req, reply) => reply.send());\n"

GUARDED = {
    "express": {"a.ts": EXPRESS + "app.use(check);\napp.post" + HOOK},
    "a known check": {"a.ts": "import express from 'express';\nimport { requireAuth } from '@clerk/express';\nconst app = express();\napp.use(requireAuth());\napp.post" + HOOK},
    "a router behind it": {"r.ts": "import { Router } from 'express';\nexport const router = Router();\nrouter.post" + HOOK, "a.ts": "import { router } from './r';\n" + EXPRESS + "app.use(check);\napp.use('/api', router);\n"},
    "flask": {"a.py": FLASK + "@app.before_request\ndef check():\n    if 'user' not in session:\n        abort(401)\n" + FLASK_HOOK},
    "fastapi": {"a.py": FASTAPI + "app = FastAPI(dependencies=[Depends(user)])\n" + FASTAPI_HOOK},
    "django rest framework": {**DRF, "v.py": VIEW.replace("OWN", "name = 'x'")},
    "known by its path": {"a.ts": EXPRESS + "app.use(check);\napp.post('/webhooks/stripe', (req, res) => { res.end(); });\n"},
    "python, by its path": {"a.py": FLASK + "@app.before_request\ndef check():\n    if 'user' not in session and request.endpoint != 'login':\n        abort(401)\n@app.post('/webhooks/shopify')\ndef hook():\n    return ''\n"},
    "a router that is included behind it": {"a.py": FASTAPI + "from fastapi import APIRouter\napp = FastAPI()\nhooks = APIRouter()\napp.include_router(hooks, dependencies=[Depends(user)])\n" + FASTAPI_HOOK.replace("@app", "@hooks")},
    "a known check in one of one's own": {"a.ts": "import { Hono } from 'hono';\nimport { jwt } from 'hono/jwt';\nconst app = new Hono();\napp.use('*', (c, next) => jwt({ secret: c.env.S })(c, next));\napp.post('/webhooks/square', (c) => c.text('ok'));\n"},
    "fastify": {"a.js": FASTIFY + "app.addHook('onRequest', async (req) => { await req.jwtVerify(); });\n" + FASTIFY_HOOK},
    "in the route itself": {"a.ts": EXPRESS + "app.post('/webhooks/stripe', check, (req, res) => { res.end(); });\n"},
}  # fmt: skip
OPEN = {
    "mounted first": {"a.ts": EXPRESS + "app.post" + HOOK + "app.use(check);\n"},
    "another prefix": {"a.ts": EXPRESS + "app.use('/admin', check);\napp.post" + HOOK},
    "spared": {"a.ts": EXPRESS.replace("if (", "if (req.path.startsWith('/hooks')) return next();\n if (") + "app.use(check);\napp.post" + HOOK},
    "no check": {"a.ts": EXPRESS + "app.use(express.json());\napp.post" + HOOK},
    "flask, spared": {"a.py": FLASK + "@app.before_request\ndef check():\n    if request.endpoint != 'hook' and 'user' not in session:\n        abort(401)\n" + FLASK_HOOK},
    "fastify, spared": {"a.js": FASTIFY + "app.addHook('onRequest', async (req) => { if (req.url.startsWith('/webhooks/')) return; await req.jwtVerify(); });\n" + FASTIFY_HOOK},
    "flask, spared by a list": {"a.py": FLASK + "@app.before_request\ndef check():\n    if request.path not in PATHS and 'user' not in session:\n        abort(401)\n" + FLASK_HOOK},
    "a browser comes back from a login": {"a.ts": EXPRESS + "app.use(check);\napp.post('/auth/github/callback', (req, res) => { res.end(); });\n"},
    "fastapi, another router": {"a.py": FASTAPI + "from fastapi import APIRouter\napp = FastAPI()\nr = APIRouter(dependencies=[Depends(user)])\n" + FASTAPI_HOOK},
    "permissions of its own": {**DRF, "v.py": VIEW.replace("OWN", "permission_classes = []")},
    "a user's own hooks": {"a.ts": EXPRESS + "app.use(check);\napp.post('/webhooks', (req, res) => { res.end(); });\n"},
    "not signed": {"a.ts": EXPRESS + "app.use(check);\napp.post('/orders', (req, res) => { res.end(); });\n"},
}  # fmt: skip


@pytest.mark.parametrize("case", GUARDED)
def test_a_check_stands_before_the_webhook(tmp_path, case) -> None:
    assert [item.fact.guard for item in look(tmp_path, GUARDED[case])] == ["session"]


@pytest.mark.parametrize("case", OPEN)
def test_silent_where_the_webhook_is(tmp_path, case) -> None:
    assert not look(tmp_path, OPEN[case])


def test_a_check_for_the_apps_own_forms(tmp_path) -> None:
    source = "import express from 'express';\nimport csurf from 'csurf';\nconst app = express();\napp.use(csurf());\napp.post" + HOOK
    assert [item.fact.guard for item in look(tmp_path, {"a.ts": source})] == ["csrf"]


@pytest.mark.parametrize(
    ("source", "guards"),
    [
        ("import csrf from '@fastify/csrf-protection';\n" + FASTIFY + "app.register(csrf);\napp.addHook('onRequest', app.csrfProtection);\n" + FASTIFY_HOOK, ["csrf"]),
        ("import { Hono } from 'hono';\nimport { csrf } from 'hono/csrf';\nconst app = new Hono();\napp.use(csrf());\napp.post('/hooks/sms', async (c) => { await c.req.parseBody(); });\n", ["csrf"]),
        ("import { Hono } from 'hono';\nimport { csrf } from 'hono/csrf';\nconst app = new Hono();\napp.use(csrf());\napp.post('/hooks/sms', async (c) => { await c.req.json(); });\n", []),
        ("import { Hono } from 'hono';\nimport { csrf } from 'hono/csrf';\nconst app = new Hono();\napp.use(csrf({ secFetchSite: f }));\napp.post('/hooks/sms', async (c) => { await c.req.parseBody(); });\n", []),
    ],
    ids=["fastify", "hono, a form", "hono, JSON, which it does not check", "hono, with a choice of its own"],
)  # fmt: skip
def test_checks_for_forms_of_other_frameworks(tmp_path, source, guards) -> None:
    assert [item.fact.guard for item in look(tmp_path, {"a.js": source})] == guards
