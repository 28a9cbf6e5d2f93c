"""A plain request tells people where its address, or the variable that holds it, says so."""

from __future__ import annotations

import pytest

from callcheck.sources.code.to_people import tells_people

CALLS = {
    "an address": ("fetch('https://hooks.slack.com/services/a', {})", True),
    "a template": ("fetch(`https://api.telegram.org/bot${token}/sendMessage`, {})", True),
    "a variable": ("fetch(process.env.SLACK_WEBHOOK_URL, {})", True),
    "a constant": ("fetch(HOOK, {})", True),
    "another address": ("fetch('https://api.example.com/refresh', {})", False),
    "another variable": ("fetch(process.env.API_URL, {})", False),
}


@pytest.mark.parametrize("case", CALLS)
def test_who_is_told(code_of, case: str) -> None:
    text, told = CALLS[case]
    code = code_of({"a.ts": f"const HOOK = 'https://discord.com/api/webhooks/1/x';\nexport function f() {{ {text}; }}\n"})
    assert tells_people(code, next(iter(code.project.module("a.ts").calls("fetch")))) is told
