"""Kinds of updates that a handler waits for, beside the list of those that are asked for."""

from __future__ import annotations

import pytest

from callcheck import knowledge
from callcheck.probes.asked import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE, knowledge.load([knowledge.shipped()]))

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
