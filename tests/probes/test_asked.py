"""Kinds of updates that a handler waits for, beside the list of those that are asked for."""

from __future__ import annotations

import pytest

from callcheck.probes.asked import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

AIOGRAM = """\
from aiogram import Bot, Dispatcher
from settings import settings
dp = Dispatcher()
@dp.message()
async def text(m): ...
@dp.chat_member()
async def joined(e): ...
async def main(bot):
    await dp.start_polling(bot, allowed_updates=LIST)
"""
SETTINGS = "class Settings:\n    kinds: list[str] = ['message']\n    all = ['message', 'chat_member']\nsettings = Settings()\nKINDS = ('message',)\nMORE = [*KINDS, 'chat_member']\n"
TELEBOT = "import telebot\nbot = telebot.TeleBot('t')\n@bot.message_reaction_handler()\ndef f(r): ...\nbot.infinity_polling(ARGUMENTS)\n"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("['message']", ["chat_member"]),
        ("settings.kinds", ["chat_member"]),
        ("settings.all", []),
        ("list(KINDS)", ["chat_member"]),
        ("MORE", []),
        ("KINDS + ('chat_member',)", []),
        ("dp.resolve_used_update_types()", []),
        ("None", []),
    ],
)
def test_a_list_that_leaves_out_what_a_handler_waits_for(tmp_path, given: str, missing: list[str]) -> None:
    code = AIOGRAM.replace("LIST", given).replace("import settings", "import KINDS, MORE, settings")
    assert [item.fact.event for item in look(tmp_path, {"bot.py": code, "settings.py": SETTINGS})] == missing


@pytest.mark.parametrize(("arguments", "missing"), [("", ["message_reaction"]), ("allowed_updates=['message_reaction']", []), ("allowed_updates=KINDS_OF_THE_DAY", [])])
def test_what_no_list_leaves_out(tmp_path, arguments: str, missing: list[str]) -> None:
    assert [item.fact.event for item in look(tmp_path, {"bot.py": TELEBOT.replace("ARGUMENTS", arguments)})] == missing


TELEGRAF = "import {Telegraf} from 'telegraf';\nconst bot = new Telegraf(t);\nbot.command('x', f);\nbot.hears('y', f);\nbot.launch({allowedUpdates: [LIST]});\n"
GRAMMY = "import {Bot, Composer} from 'grammy';\nconst part = new Composer();\npart.on('QUERY', f);\nconst bot = new Bot(t);\nbot.use(part);\nbot.start({allowed_updates: ['message']});\n"


@pytest.mark.parametrize(("listed", "missing"), [("'callback_query'", ["message"]), ("'channel_post'", []), ("'message'", [])])
def test_a_handler_that_takes_several_kinds_is_served_by_one_of_them(tmp_path, listed: str, missing: list[str]) -> None:
    assert [item.fact.event for item in look(tmp_path, {"bot.ts": TELEGRAF.replace("LIST", listed)})] == missing


@pytest.mark.parametrize(("query", "missing"), [("callback_query:data", ["callback_query"]), ("message:text", []), (":text", []), ("message_reaction:new_reaction:emoji", ["message_reaction"])])
def test_a_query_of_grammy_is_of_the_kind_before_its_colon(tmp_path, query: str, missing: list[str]) -> None:
    assert [item.fact.event for item in look(tmp_path, {"bot.ts": GRAMMY.replace("QUERY", query)})] == missing


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ("API_CONSTANTS.DEFAULT_UPDATE_TYPES", ["chat_member"]),
        ("[...API_CONSTANTS.DEFAULT_UPDATE_TYPES, 'chat_member']", []),
        ("API_CONSTANTS.ALL_UPDATE_TYPES", []),
        ("JSON.stringify(['message'])", ["chat_member"]),
        ("JSON.stringify(KINDS)", []),
    ],
)
def test_a_list_that_a_library_names_or_that_is_sent_as_text(tmp_path, listed: str, missing: list[str]) -> None:
    code = "import {API_CONSTANTS, Bot} from 'grammy';\nexport const bot = new Bot(t);\nbot.on('chat_member', f);\nbot.on('message', f);\n"
    script = f"import {{API_CONSTANTS}} from 'grammy';\nimport {{bot}} from '../bot.js';\nawait bot.api.setWebhook(u, {{allowed_updates: {listed}}});\n"
    assert [item.fact.event for item in look(tmp_path, {"bot.ts": code, "scripts/hook.ts": script})] == missing
