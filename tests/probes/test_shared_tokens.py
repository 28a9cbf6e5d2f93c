"""Stages that ask for the updates of one bot are told apart from those that each have a token of their own."""

from __future__ import annotations

import pytest

from callcheck.probes.shared_tokens import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
BOT = "const { Telegraf } = require('telegraf');\nconst bot = new Telegraf(process.env.TOKEN);\nbot.launch();\n"


def _app(staging: str, production: str, code: str = BOT, base: str = "bot.env") -> dict[str, str]:
    services = "services:\n  bot: {{command: node bot.js, env_file: {0}}}\n"
    return {"bot.js": code, "compose.staging.yml": services.format(staging), "compose.production.yml": services.format(production), base: "TOKEN=81234:AAF1\n"}


def test_two_stages_that_take_one_file_share_its_token(tmp_path) -> None:
    (found,) = look(tmp_path, _app("bot.env", "bot.env"))
    assert (found.fact.method, found.where.path, found.where.line) == ("TOKEN", "bot.env", 1)
    assert "staging and production" in found.fact.why


@pytest.mark.parametrize(("token", "shared"), [("81234:AAF1", True), ("99999:AAZ9", False)])
def test_two_files_may_say_the_same(tmp_path, token, shared) -> None:
    assert bool(look(tmp_path, _app("bot.env", "other.env") | {"other.env": f"TOKEN={token}\n"})) is shared


@pytest.mark.parametrize(
    "files",
    [
        _app("your.env", "mine.env") | {"your.env": "TOKEN=your-bot-token\n", "mine.env": "TOKEN=your-bot-token\n"},
        _app("bot.env", "bot.env", BOT.replace("bot.launch();", "if (process.env.POLL) bot.launch();")),
        _app("bot.env", "bot.env", BOT + "app.use(bot.webhookCallback('/tg'));\n"),
        {"compose.dev.yml": "services:\n  bot: {env_file: .env}\n", "compose.production.yml": "services:\n  bot: {env_file: .env}\n", ".env": "TOKEN=8:A\n", "bot.js": BOT},
    ],
    ids=["placeholder", "asked for on a condition", "called by webhook elsewhere", "each machine has a .env of its own"],
)
def test_silent(tmp_path, files) -> None:
    assert not look(tmp_path, files)


def test_what_a_file_says_when_it_is_the_program_is_no_condition(tmp_path) -> None:
    code = "import os, telebot\nbot = telebot.TeleBot(os.environ['TOKEN'])\nif __name__ == '__main__':\n    bot.infinity_polling()\n"
    files = _app("bot.env", "bot.env") | {"bot.py": code}
    files.pop("bot.js")
    assert len(look(tmp_path, files)) == 1
