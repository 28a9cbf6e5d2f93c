"""What runs for a message is followed to what it leaves behind."""

from __future__ import annotations

import pytest

from callcheck.sources.code.lasting import lasting
from callcheck.sources.code.tree import Function


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def take(m):\n    put(m)\ndef put(m):\n    conn.execute('insert into bills (id) values (%s)', m)\n", 4),
        ("def take(m):\n    bills.insert_one(m)\n", 2),
        ("def take(m):\n    Bill.objects.create(ticket=m)\n", 2),
        ("import smtplib\ndef take(m):\n    smtplib.SMTP('mail').sendmail(a, b, m)\n", 3),
        ("def take(m):\n    cache.delete(m)\n", None),
        ("def take(m):\n    conn.execute('update devices set last_seen = now() where id = %s', m)\n", None),
        ("def take(m):\n    bills.insert_one(m)\ndef catch_up(): ...\n", None),
        ("def take(m):\n    conn.execute('insert into bills (id) values (%s)', m)\ndef rest():\n    conn.execute('select id from exits where billed_at is null')\n", None),
    ],
)
def test_a_row_or_a_mail_lasts_and_a_cache_does_not(code_of, text: str, line: int | None) -> None:
    code = code_of({"a.py": text})
    taker = next(each for module in code.project.modules.values() for each in module.all(Function) if each.name == "take")
    found = lasting(code, taker)
    assert (found.line if found is not None else None) == line
