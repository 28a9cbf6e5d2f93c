"""Whether a middleware of a Python application turns a provider's requests away."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.middlewares import PROBE
from tests.tools.deployed import look_with, told
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
APP = """from fastapi import FastAPI
from fastapi.responses import JSONResponse
app = FastAPI()
@app.middleware("http")
async def sign_in(request, call_next):
    if {test}:
        return JSONResponse({{}}, status_code=401)
    return await call_next(request)
@app.post("/webhooks/pay")
async def pay(): ...
"""


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("'session' not in request.cookies", 1),
        ("request.url.path not in ('/login', '/docs') and 'session' not in request.cookies", 1),
        ("request.url.path not in ('/login', '/webhooks/pay') and 'session' not in request.cookies", 0),
        # What is named may be what it asks of.
        ("request.url.path.startswith('/admin') and 'session' not in request.cookies", 0),
        ("request.scope['route'].name not in OPEN and 'session' not in request.cookies", 0),
        ("request.headers.get('content-length', '0') == '0'", 0),
    ],
)
def test_a_check_of_all_paths_but_open_ones_keeps_a_provider_out(tmp_path: Path, test: str, count: int) -> None:
    found = [line for line in told(look(tmp_path, {"app.py": APP.format(test=test)})) if line.startswith("webhook.guarded")]
    assert len(found) == count
