"""Is a secret read with the newline of its file?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.file_secrets import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

NODE = "import fs from 'node:fs';\nimport Stripe from 'stripe';\nconst stripe = new Stripe(K);\nconst secret = fs.readFileSync('/run/secrets/whsec', 'utf8')%s;\nexport const take = (b, s) => stripe.webhooks.constructEvent(b, s, secret);\n"
PYTHON = "from pathlib import Path\n\nimport stripe\n\nSECRET = Path('/run/secrets/whsec').read_text()%s\n\n\ndef take(body, header):\n    return stripe.Webhook.construct_event(body, header, SECRET)\n"
ECHO = 'echo "$WHSEC" | docker secret create whsec -\n'
COMPOSE = "services:\n  pay: {build: ., secrets: [whsec]}\nsecrets:\n  whsec: {file: ./secrets/whsec.txt}\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"up.sh": ECHO, "pay.mjs": NODE % ""}, ["pay.mjs:4"]),
        ({"up.sh": ECHO, "pay.py": PYTHON % ""}, ["pay.py:5"]),
        ({"compose.yaml": COMPOSE, "secrets/whsec.txt": "whsec_1\n", "pay.py": PYTHON % ""}, ["pay.py:5"]),
        ({"up.sh": ECHO, "pay.mjs": NODE % ".trim()"}, []),
        ({"up.sh": ECHO, "pay.py": PYTHON % ".strip()"}, []),
        ({"up.sh": ECHO.replace("echo", "printf %s"), "pay.mjs": NODE % ""}, []),
        ({"up.sh": ECHO.replace("echo", "echo -n"), "pay.mjs": NODE % ""}, []),
        ({"compose.yaml": COMPOSE, "secrets/whsec.txt": "whsec_1", "pay.py": PYTHON % ""}, []),
    ],
    ids=["echoed", "echoed, Python", "the file itself", "trimmed", "stripped", "printf", "echo -n", "a file without"],
)  # fmt: skip
def test_a_newline_in_a_secret(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
