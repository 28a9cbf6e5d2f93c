"""A router that a file brings in, or that has the paths of callbacks, and that nobody mounts is told; one that may be mounted is not."""

from __future__ import annotations

import pytest

from callcheck.probes.unmounted_routers import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "const express = require('express');\nconst app = express();\napp.use('/orders', require('./orders'));\n"
ORDERS = "const router = require('express').Router();\nrouter.get('/', (req, res) => res.json([]));\nmodule.exports = router;\n"
HOOKS = "const { Router } = require('express');\nconst hooks = Router();\nhooks.post('/paid', (req, res) => res.sendStatus(204));\n"
LISTENS = "app.listen(3000);\n"
HONO = "import { Hono } from 'hono';\n"


@pytest.mark.parametrize(
    "files",
    [
        {"app.js": APP + "const pay = require('./pay');\n" + LISTENS, "pay.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + "const { hooks } = require('./pay');\n" + LISTENS, "pay.js": HOOKS + "module.exports = { hooks };\n"},
        {"app.js": APP + LISTENS, "routes/webhooks.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + HOOKS.replace("const { Router } = require('express');", "").replace("Router()", "express.Router()") + LISTENS},
        {"app.ts": "import express from 'express';\nimport orders from './orders';\nimport { hooks } from './pay';\nconst app = express();\napp.use(orders);\napp.listen(1);\n", "pay.ts": "import { Router } from 'express';\nexport const hooks = Router();\nhooks.post('/paid', (req, res) => res.end());\n"},
    ],
    ids=["brought in", "brought in by name", "hooks that nobody imports", "of the file itself", "a module"],
)
def test_one_that_nobody_mounts_is_told(tmp_path, files) -> None:
    assert [(item.fact.how, item.fact.name) for item in look(tmp_path, files | {"orders.js": ORDERS})] == [("not-mounted", "hooks")]


@pytest.mark.parametrize(
    "files",
    [
        {"app.js": APP + "const pay = require('./pay');\napp.use('/pay', pay);\n" + LISTENS, "pay.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + "const pay = require('./pay');\nfor (const each of [pay]) app.use(each);\n" + LISTENS, "pay.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + "app.use('/pay', require('./pay').hooks);\n" + LISTENS, "pay.js": HOOKS + "exports.hooks = hooks;\n"},
        {"app.js": APP + "app.use(require('./routes'));\n" + LISTENS, "routes/index.js": "module.exports.pay = require('./webhooks');\n", "routes/webhooks.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + "for (const f of fs.readdirSync('routes')) app.use(require('./routes/' + f));\n" + LISTENS, "routes/webhooks.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + LISTENS, "routes/old.js": HOOKS + "module.exports = hooks;\n"},
        {"app.js": APP + "const { verify } = require('./pay');\napp.use(verify);\n" + LISTENS, "other.js": "require('./app').use('/h', require('./pay').hooks);\n", "pay.js": HOOKS + "module.exports = { hooks, verify };\n"},
        {"webhooks.js": HOOKS + "module.exports = hooks;\n", "package.json": '{"main": "webhooks.js"}'},
        {"app.js": APP + "const parts = Router();\nparts.get('/a', f);\nmodule.exports = (server) => server.use(parts);\n" + LISTENS},
        {"app.js": HONO + "const hooks = new Hono();\nhooks.post('/paid', (c) => c.text('ok'));\nexport default hooks;\n"},
        {"app.js": HONO + "import { serve } from '@hono/node-server';\nconst hooks = new Hono();\nhooks.post('/paid', (c) => c.text('ok'));\nserve({ fetch: hooks.fetch });\n"},
    ],
    ids=["mounted", "in a list", "in place", "by an index", "by the names of files", "no callbacks, and no import", "another name of it", "a library", "given to a function", "the app itself", "served"],
)
def test_one_that_may_be_mounted_is_not(tmp_path, files) -> None:
    assert look(tmp_path, files | ({"orders.js": ORDERS} if "app.js" in files and "./orders" in files["app.js"] else {})) == []
