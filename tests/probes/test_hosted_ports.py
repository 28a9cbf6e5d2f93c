"""An address that is given away with a port at which the platform's router lets nobody in is told, with the file that sets the port."""

from __future__ import annotations

import pytest

from callcheck.probes.hosted_ports import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
GRAMMY = "import { Bot } from 'grammy';\nconst bot = new Bot(t);\n"
BUILT = GRAMMY + "const { HOST, BOT_PORT } = process.env;\nconst url = `https://${HOST}:${BOT_PORT}/bot`;\nawait bot.api.setWebhook(url);"
PTB = "import os\nfrom telegram.ext import Application\nPORT = int(os.environ.get('PORT', '8443'))\napp = Application.builder().token('t').build()\n"
APP_JSON = '{"env": {"HOST": {"value": "stops.herokuapp.com"},\n "BOT_PORT": {"value": "8443"}}}'


@pytest.mark.parametrize(
    ("files", "beside"),
    [
        ({"bot.mjs": GRAMMY + "bot.api.setWebhook('https://stops.onrender.com:10000/bot');"}, []),
        ({"bot.mjs": BUILT, "app.json": APP_JSON}, ["app.json"]),
        ({"bot.py": PTB + "app.run_webhook(listen='0.0.0.0', port=PORT, webhook_url=f'https://{os.environ[\"NAME\"]}.herokuapp.com:{PORT}/x')"}, []),
        ({"bot.mjs": "import { Telegraf } from 'telegraf';\nnew Telegraf(t).launch({ webhook: { domain: 'stops.up.railway.app:8443', port: 3000 } });"}, []),
        ({"ask.mjs": "await fetch(api, { method: 'POST', body: JSON.stringify({ callback_url: 'https://jobs-x1.a.run.app:8080/done' }) });"}, []),
    ],
)
def test_a_port_that_no_router_answers_at_is_told(tmp_path, files, beside) -> None:
    (found,) = look(tmp_path, files)
    assert [each.where.path for each in found.because] == beside


@pytest.mark.parametrize(
    "files",
    [
        {"bot.mjs": GRAMMY + "bot.api.setWebhook('https://stops.onrender.com/bot');"},
        {"bot.mjs": GRAMMY + "bot.api.setWebhook('https://stops.onrender.com:443/bot');"},
        {"bot.mjs": GRAMMY + "bot.api.setWebhook('https://bots.example.com:8443/bot');"},
        {"bot.mjs": BUILT, "app.json": APP_JSON.replace("8443", "443")},
        {"bot.mjs": BUILT, "app.json": APP_JSON.replace("stops.herokuapp.com", "stops.fly.dev")},
        {"bot.py": PTB + "app.run_webhook(listen='0.0.0.0', port=PORT, webhook_url=f'https://{os.environ[\"NAME\"]}.herokuapp.com/x')"},
        {"db.mjs": "connect({ domain: 'stops.herokuapp.com:8443' });"},
    ],
)
def test_a_port_that_is_served_or_left_out_is_left_alone(tmp_path, files) -> None:
    assert look(tmp_path, files) == []
