"""A path that is given away to be called back is one of the app's routes, prefixes and last slashes included."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.model.facts.network import AddressUnreachable
from callcheck.probes.callback_paths import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


def express(mount: str, given: str) -> dict[str, str]:
    router = "const { Router } = require('express');\nconst router = Router();\nrouter.post('/done', f);\nmodule.exports = router;\n"
    start = f"send('https://x.io', {{ callback: `${{process.env.BASE}}{given}` }})"
    app = f"const hooks = require('./hooks');\nconst app = require('express')();\napp.post('/start', (q, s) => {start});\napp.use('{mount}', hooks);\n"
    return {"hooks.js": router, "app.js": app}


def fastapi(prefix: str, route: str, given: str) -> dict[str, str]:
    hooks = f"from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('{route}')\nasync def done(body: dict): ...\n"
    app = f"import httpx\nfrom fastapi import FastAPI\nimport hooks\nfrom conf import BASE\napp = FastAPI()\napp.include_router(hooks.router, prefix='{prefix}')\n"
    return {"hooks.py": hooks, "app.py": app + f"def start():\n    httpx.post('https://x.io', json={{'webhook_url': f'{{BASE}}{given}'}})\n"}


def flask(route: str, given: str) -> dict[str, str]:
    app = "import os\nfrom flask import Blueprint, Flask\nb = Blueprint('b', __name__, url_prefix='/hooks')\napp = Flask(__name__)\napp.register_blueprint(b)\n"
    app += f"@b.post('{route}')\ndef done(): ...\ndef start():\n    send(webhook=os.environ['BASE'] + '{given}')\n"
    return {"app.py": app}


def grammy(given: str) -> dict[str, str]:
    app = "import { Bot, webhookCallback } from 'grammy';\nimport express from 'express';\nconst bot = new Bot(T);\nconst app = express();\n"
    return {"app.js": app + f"app.use('/telegram/webhook', webhookCallback(bot, 'express'));\napp.listen(80, () => bot.api.setWebhook('{given}'));\n"}


def django(route: str, given: str) -> dict[str, str]:
    return {
        "shop/urls.py": "from django.urls import include, path\nurlpatterns = [path('pay/', include('pay.urls'))]\n",
        "pay/urls.py": f"from django.urls import path\nfrom pay import views\nurlpatterns = [path('{route}', views.done)]\n",
        "pay/views.py": f"def start(settings):\n    send(notify_url=f'{{settings.BASE}}{given}')\ndef done(request): ...\n",
    }


def fastify(given: str) -> dict[str, str]:
    return {"a.js": f"const app = require('fastify')();\napp.post('/done', f);\nsend({{ webhook: process.env.BASE + '{given}' }});\n"}


def next_js(setting: str, given: str) -> dict[str, str]:
    return {
        "next.config.mjs": f"export default {{ {setting} }};\n",
        "app/api/(pay)/hook/route.ts": "export async function POST(req: Request) {\n  return new Response();\n}\n",
        "scripts/register.ts": f"await stripe.webhookEndpoints.create({{ url: '{given}' }});\n",
    }


@pytest.mark.parametrize(
    ("files", "why", "instead"),
    [
        (express("/hooks", "/hook/done"), "wrong-path", "/hooks/done"),
        (express("/api/hooks", "/hooks/done"), "wrong-path", "/api/hooks/done"),
        (fastapi("/hooks", "/done", "/hooks/done/"), "redirected", "/hooks/done"),
        (fastapi("/hooks", "/", "/hooks"), "redirected", "/hooks/"),
        (flask("/paid/", "/hooks/paid"), "redirected", "/hooks/paid/"),
        (flask("/paid", "/hooks/paid/"), "wrong-path", "/hooks/paid"),
        (django("done/", "/pay/done"), "redirected", "/pay/done/"),
        (django("done/", "/payments/done/"), "wrong-path", "/pay/done/"),
        (fastify("/done/"), "wrong-path", "/done"),
        (next_js("trailingSlash: true", "https://shop.io/api/hook"), "redirected", "/api/hook/"),
        (next_js("", "https://shop.io/api/hook/"), "redirected", "/api/hook"),
        (grammy("https://bot.io/webhook/telegram"), "wrong-path", "/telegram/webhook"),
    ],
)
def test_nobody_answers(tmp_path: Path, files: dict[str, str], why: str, instead: str) -> None:
    found = [item.fact for item in look(tmp_path, files) if isinstance(item, Evidence)]
    assert [(fact.why, fact.instead) for fact in found if isinstance(fact, AddressUnreachable)] == [(why, instead)]


@pytest.mark.parametrize(
    "files",
    [
        express("/hooks", "/hooks/done"),
        express("/hooks", "/hooks/done/"),
        express("/hooks", "/partners/incoming"),
        # A page that a browser comes back to, by its name or from a login, and a value of another package are no routes.
        {name: text.replace("callback:", "returnUrl:") for name, text in express("/hooks", "/hook/done").items()},
        {name: text.replace("send('https://x.io', ", "client.signIn.social(") for name, text in express("/hooks", "/hook/done").items()},
        {**express("/hooks", "/hooks/done"), "search.js": "import { hook } from 'queries/hook';\nsend({ callback: hook });\n"},
        fastapi("/hooks", "/done", "/hooks/done"),
        fastapi("/hooks", "/{job}/done", "/hooks/42/done"),
        flask("/paid", "/hooks/paid"),
        django("done/", "/pay/done/"),
        fastify("/done"),
        {**fastify("/don"), "src/routes/done/+server.ts": "export function POST() {}\n"},
        next_js("", "https://shop.io/api/hook"),
        grammy("https://bot.io/telegram/webhook"),
        next_js("trailingSlash: true", "https://shop.io/api/hook/"),
        next_js("trailingSlash: true", "https://partner.io/incoming"),
        next_js("trailingSlash: true, skipTrailingSlashRedirect: true", "https://shop.io/api/hook"),
        next_js("skipTrailingSlashRedirect: true", "https://shop.io/api/hook/"),
        next_js("\n  // trailingSlash: true,\n", "https://shop.io/api/hook"),
        {"a.js": "send({ webhook: process.env.BASE + '/done' });\n"},
    ],
)
def test_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert not look(tmp_path, files)


def nest(main: str, given: str) -> dict[str, str]:
    hooks = "import { Controller, Post } from '@nestjs/common';\n@Controller('scans')\nexport class Scans {\n  @Post('done') done() {}\n"
    start = f"  @Post() begin() {{ return fetch('https://x.io', {{ body: JSON.stringify({{ webhookUrl: `${{process.env.BASE}}{given}` }}) }}); }}\n}}\n"
    return {"main.ts": f"import {{ NestFactory }} from '@nestjs/core';\nconst app = await NestFactory.create(M);\n{main}\n", "scans.ts": hooks + start}


def fastify(prefix: str, given: str) -> dict[str, str]:
    plugin = f"export default async function hooks(app) {{\n  app.post('/done', f);\n  app.post('/start', async () => send('https://x.io', {{ callback: `${{process.env.BASE}}{given}` }}));\n}}\n"
    return {"hooks.js": plugin, "app.js": f"import Fastify from 'fastify';\nimport hooks from './hooks.js';\nconst app = Fastify();\napp.register(hooks, {{ prefix: '{prefix}' }});\n"}


def hono(base: str, given: str) -> dict[str, str]:
    app = f"import {{ Hono }} from 'hono';\nconst app = new Hono().basePath('{base}');\napp.post('/hives/done', f);\n"
    return {"app.ts": app + f"app.post('/start', async () => send('https://x.io', {{ webhookUrl: `${{process.env.BASE}}{given}` }}));\n"}


@pytest.mark.parametrize(
    ("files", "route"),
    [
        (nest("app.setGlobalPrefix('v1');", "/scans/done"), "/v1/scans/done"),
        (nest("", "/api/scans/done"), "/scans/done"),
        (nest("app.setGlobalPrefix('v1');", "/v1/scans/done"), ""),
        (nest("app.setGlobalPrefix('v1', { exclude: ['scans'] });", "/scans/done"), ""),
        (nest("app.enableVersioning();", "/v2/scans/done"), ""),
        (fastify("/studio", "/done"), "/studio/done"),
        (fastify("/studio", "/studio/done"), ""),
        (hono("/api", "/hives/done"), "/api/hives/done"),
        (hono("/api", "/api/hives/done"), ""),
    ],
)
def test_prefixes_of_nest_fastify_plugins_and_hono(tmp_path: Path, files: dict[str, str], route: str) -> None:
    found = [item.fact.instead for item in look(tmp_path, files) if isinstance(item.fact, AddressUnreachable)]
    assert found == ([route] if route else [])


AWAY = "requests.post('https://api.lab.io/orders', json={'NAME': VALUE})\n"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("callback_url", "'http://localhost:8000/result'", "http://localhost:8000/result"),
        ("webhook_url", "'http://192.168.1.20/result'", "http://192.168.1.20/result"),
        ("callback_url", "f'{settings.SITE_URL}/result'", "http://127.0.0.1:8000"),
        ("callback_url", "'https://lab.example.com/result'", ""),
        ("return_url", "'http://localhost:8000/thanks'", ""),
        ("callback_url", "'http://localhost:8000/auth/callback'", ""),
    ],
)
def test_an_address_of_this_machine_is_given_to_somebody_on_the_internet(tmp_path: Path, name: str, value: str, told: str) -> None:
    app = "import requests\nfrom django.conf import settings\n" + AWAY.replace("NAME", name).replace("VALUE", value)
    files = {"app.py": app, "settings.py": "SITE_URL = 'http://127.0.0.1:8000'\n"}
    found = [(item.fact.url, item.fact.why) for item in look(tmp_path, files) if isinstance(item.fact, AddressUnreachable)]
    assert found == ([(told, "private")] if told else [])
    near = {**files, "app.py": app.replace("https://api.lab.io", "http://lab:8000")}
    assert not look(tmp_path / "near", near)


def test_a_setting_that_is_set_twice_says_nothing(tmp_path: Path) -> None:
    app = "import requests\nfrom django.conf import settings\n" + AWAY.replace("NAME", "callback_url").replace("VALUE", "f'{settings.SITE_URL}/result'")
    files = {"app.py": app, "settings/dev.py": "SITE_URL = 'http://127.0.0.1:8000'\n", "settings/prod.py": "SITE_URL = 'https://x.example.com'\n"}
    assert not look(tmp_path, files)
