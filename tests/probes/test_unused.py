"""A coroutine of a library that is not awaited, and a task that the program does not wait for, are told."""

from __future__ import annotations

import pytest

from callcheck.probes.unused import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "import discord\n"
            "from discord.ext import commands\n"
            "bot = commands.Bot('!')\n"
            "async def main():\n"
            "    bot.load_extension('raffle')\n",
            "load_extension",
        ),
        (
            "import asyncio\n"
            "async def send():\n"
            "    ...\n"
            "async def main():\n"
            "    asyncio.create_task(send())\n"
            "asyncio.run(main())\n",
            "send",
        ),
        (
            "from telegram import Bot\n"
            "bot = Bot('t')\n"
            "def alert(text):\n"
            "    return bot.send_message('c', text)\n"
            "def check(text):\n"
            "    alert(text)\n",
            "send_message",
        ),
        (
            "from pydantic_ai import Agent\n"
            "agent = Agent('m')\n"
            "async def ask(q):\n"
            "    answer = agent.run(q)\n"
            "    return answer.output\n",
            "run",
        ),
    ],
)
def test_what_never_runs_to_its_end(tmp_path, source, says) -> None:
    assert [item.fact.attributes().get("code.function.name") for item in look(tmp_path, {"a.py": source})] == [says]


@pytest.mark.parametrize(
    "source",
    [
        (
            "import discord\n"
            "from discord.ext import commands\n"
            "bot = commands.Bot('!')\n"
            "async def main():\n"
            "    await bot.load_extension('raffle')\n"
        ),
        (
            "import asyncio\n"
            "async def send():\n"
            "    ...\n"
            "async def main():\n"
            "    asyncio.create_task(send())\n"
            "    await asyncio.sleep(5)\n"
            "asyncio.run(main())\n"
        ),
    ],
    ids=["awaited", "waited for afterwards"],
)
def test_silent_about(tmp_path, source) -> None:
    assert not look(tmp_path, {"a.py": source})
