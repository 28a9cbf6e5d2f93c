"""A line that is part of a credential only by its neighbours is not shown by itself."""

from __future__ import annotations

import time

import pytest

from callcheck.model.spread_secrets import spread

BEGIN, END = "-----BEGIN PRIVATE " + "KEY-----", "-----END PRIVATE " + "KEY-----"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("env:\n  - name: DB_PASSWORD\n    value: horsebattery7\n  - name: PORT\n    value: '80'", {3: "    value: [redacted]"}),
        ('{"env": [\n{\n  "name": "API_TOKEN",\n  "value": "horse battery 7"\n}]}', {4: '  "value": "[redacted]"'}),
        (f"key: |\n  {BEGIN}\n  MIIEvQ\n  IBADAN\n  {END}\n", {3: "  [redacted]", 4: "  [redacted]"}),
        (f"const k = `{BEGIN}\nMIIEvQ\nIBADAN{END}`;", {2: "[redacted]", 3: f"[redacted]{END}`;"}),
        ("data:\n  password: |\n    horse\n    battery\n  port: 80\n", {3: "    [redacted]", 4: "    [redacted]"}),
        ('const apiToken =\n  "s3cr3t-of-mine";\nnext();', {2: '  "[redacted]";'}),
        (f"a = '{BEGIN}\\nMIIEvQ\\n{END}'\nb\nc\n", {}),
        ("env:\n  - name: DB_PASSWORD\n    value: ${DB_PASSWORD}\n", {}),
        ("env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: {name: db}\n", {}),
        ("steps:\n  - name: redis\n    value: 6379\n", {}),
        ("bus.on('token', (token) =>\n  'a long text of no matter');", {}),
    ],
)
def test_it_is_masked_and_what_is_beside_it_stays(text: str, shown: dict[int, str]) -> None:
    assert spread(text) == shown


@pytest.mark.parametrize("text", ["name: password\n" * 60_000, "password: |\n" * 60_000, "  a\n" * 200_000, f"{BEGIN}\n" * 20_000, "token =\n" * 60_000, " " * 900_000 + "password: |\n"])
def test_text_made_to_be_slow_is_not(text: str) -> None:
    began = time.process_time()
    spread(text)
    assert time.process_time() - began < 3
