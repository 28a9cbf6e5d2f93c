"""Flags are read out of lists, sums and fields; what may hold any is told as unknown."""

from __future__ import annotations

import pytest

from callcheck.sources.code.flags import flags

HEAD = """const { Client, GatewayIntentBits, IntentsBitField, Intents } = require("discord.js");
const { Guilds } = GatewayIntentBits;
const base = [GatewayIntentBits.Guilds];
base.push(GatewayIntentBits.GuildMembers);
const field = new IntentsBitField([Guilds]);
field.add(IntentsBitField.Flags.GuildMessages);
const sum = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMembers;
const picked = names.map((name) => GatewayIntentBits[name]);
"""


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("[Guilds, Intents.FLAGS.GUILD_MESSAGES, 'GuildMembers']", {"Guilds", "GUILD_MESSAGES", "GuildMembers"}),
        ("GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages", {"Guilds", "GuildMessages"}),
        ("513", {"1", "512"}),
        ("new IntentsBitField(32769)", {"1", "32768"}),
        ("[...base, 'GuildPresences']", {"Guilds", "GuildMembers", "GuildPresences"}),
        ("field", {"Guilds", "GuildMessages"}),
        ("sum", {"Guilds", "GuildMembers"}),
        ("picked", {""}),
        ("[Guilds, wanted]", {"Guilds", ""}),
        ("Intents.ALL", {""}),
        ("process.env.INTENTS", {""}),
    ],
)
def test_flags_by_how_they_are_written(code_of, written: str, found: set[str]) -> None:
    code = code_of({"a.js": f"{HEAD}flagged({written});\n"})
    (call,) = [call for module in code.project.chosen.values() for call in module.calls("flagged")]
    assert set(flags(code.idioms, call.args[0])) == found
