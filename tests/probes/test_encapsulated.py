"""What a plugin, a router or a mounted app sets for itself alone is told; not where it has routes, is shared, or is called on the app."""

from __future__ import annotations

import pytest

from callcheck.probes.encapsulated import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = "import Fastify from 'fastify';\nimport fp from 'fastify-plugin';\nimport told from './told.js';\nconst app = Fastify();\napp.register(told);\napp.get('/a', async () => app.ledger);\n"
HOOK = "app.addHook('onSend', async (q) => note(q));"


@pytest.mark.parametrize(
    ("body", "effects"),
    [
        (HOOK, ["wrong-instance"]),
        ("app.setErrorHandler((e, q, r) => r.send(e));", ["wrong-instance"]),
        ("app.addContentTypeParser('text/x', f);", ["callback-rejected"]),
        ("app.decorate('ledger', new Map());", ["wrong-instance"]),
        ("app.decorate('unread', new Map());", []),
        ("app.addHook('onClose', async () => stop());", []),
        (HOOK + " app.get('/b', async () => 1);", []),
        (HOOK + " app.register(other);", []),
        (HOOK + " routes(app);", []),
        (HOOK + " keep = app;", []),
    ],
)
def test_what_a_plugin_of_fastify_sets(tmp_path, body: str, effects: list[str]) -> None:
    files = {"app.js": APP, "told.js": f"export default async function told(app) {{ {body} }}\n"}
    assert [item.fact.effect for item in look(tmp_path, files)] == effects


@pytest.mark.parametrize(
    "files",
    [
        {"app.js": APP, "told.js": "import fp from 'fastify-plugin';\nasync function told(app) { " + HOOK + " }\nexport default fp(told);\n"},
        {"app.js": APP.replace("register(told)", "register(fp(told))"), "told.js": "export default async function told(app) { " + HOOK + " }\n"},
        {"app.js": APP.replace("app.register(told)", "await told(app)"), "told.js": "export default async function told(app) { " + HOOK + " }\n"},
        {"app.js": APP, "told.js": "async function told(app) { " + HOOK + " }\ntold[Symbol.for('skip-override')] = true;\nexport default told;\n"},
    ],
    ids=["wrapped", "wrapped where it is registered", "called on the app", "marked"],
)
def test_silent_where(tmp_path, files: dict[str, str]) -> None:
    assert not look(tmp_path, files)


LOADED = "import Fastify from 'fastify';\nimport load from '@fastify/autoload';\nimport path from 'node:path';\nconst app = Fastify();\napp.register(load, {dir: path.join(here, 'plugins')OPTION});\n"


@pytest.mark.parametrize(("option", "folder", "many"), [("", "plugins", 1), ("", "tools", 0), (", encapsulate: false", "plugins", 0)])
def test_files_that_are_registered_by_their_folder(tmp_path, option: str, folder: str, many: int) -> None:
    files = {"app.js": LOADED.replace("OPTION", option), f"{folder}/trail.js": "export default async function (app) { " + HOOK + " }\n"}
    assert len(look(tmp_path, files)) == many


EXPRESS = "import express, { Router } from 'express';\nconst app = express();\nconst r = Router();\n"


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("r.use((err, req, res, next) => res.end());\napp.use(r);\n", 1),
        ("r.get('/', f);\nr.use((err, req, res, next) => res.end());\napp.use(r);\n", 0),
        ("r.use((req, res, next) => next());\napp.use(r);\n", 0),
        ("app.use((err, req, res, next) => res.end());\n", 0),
        ("app.param('id', (req, res, next, id) => next());\nr.get('/:id', f);\napp.use('/x', r);\n", 1),
        ("app.param('id', (req, res, next, id) => next());\napp.get('/:id', f);\n", 0),
        ("app.param('id', (req, res, next, id) => next());\nr.get('/:name', f);\napp.use('/x/:id', r);\n", 0),
        ("r.param('id', (req, res, next, id) => next());\nr.get('/:id', f);\napp.use('/x', r);\n", 0),
    ],
)
def test_routers_of_express(tmp_path, text: str, many: int) -> None:
    assert len(look(tmp_path, {"a.js": EXPRESS + text})) == many


HONO = "import { Hono } from 'hono';\nconst app = new Hono();\nconst sub = new Hono();\n"


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("sub.onError((e, c) => c.text('x'));\napp.get('/a', f);\napp.route('/', sub);\n", ["wrong-instance"]),
        ("sub.onError((e, c) => c.text('x'));\nsub.get('/a', f);\napp.route('/', sub);\n", []),
        ("sub.notFound((c) => c.text('x'));\nsub.get('/a', f);\napp.route('/', sub);\n", ["wrong-instance"]),
        ("app.notFound((c) => c.text('x'));\nsub.get('/a', f);\napp.route('/', sub);\n", []),
        ("app.route('/s', sub);\nsub.post('/a', f);\n", ["late-registration"]),
        ("sub.get('/b', f);\napp.route('/s', sub);\nsub.post('/a', f);\n", []),
    ],
)
def test_mounted_apps_of_hono(tmp_path, text: str, effects: list[str]) -> None:
    assert [item.fact.effect for item in look(tmp_path, {"a.js": HONO + text})] == effects
