"""Who posts to a route from outside, as files and the app itself tell."""

from __future__ import annotations

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.routes import routes
from callcheck.sources.fronts.senders import senders
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
APP = """import os
from flask import Flask
from twilio.rest import Client
app = Flask(__name__)
client = Client()
@app.post("/dialled")
def dialled():
    return ""
@app.post("/dial")
def dial():
    client.calls.create(to="x", from_="y", {})
    return ""
"""


def _told(folder, call: str) -> list[tuple[str, str, bool]]:
    (folder / "app.py").write_text(APP.replace("{}", call))
    (folder / "alertmanager.yml").write_text("receivers:\n  - webhook_configs: [{url: 'https://a.example.org/dial'}]\n")
    eyes = Eyes(Target(base=folder, folders=(folder,)), KNOWN)
    return [(route.path, each.host, each.outside) for route in routes(eyes.code) for each in senders(eyes, route)]


@pytest.mark.parametrize(
    ("call", "host"),
    [('status_callback=os.environ["BASE"] + "/dialled"', ""), ('status_callback="https://a.example.org/dialled"', "a.example.org")],
)
def test_the_app_gives_a_path_away(tmp_path, call, host) -> None:
    assert sorted(_told(tmp_path, call)) == [("/dial", "a.example.org", False), ("/dialled", host, True)]


@pytest.mark.parametrize("call", ['twiml="x"', 'status_callback="https://a.example.org/other"', 'return_url=os.environ["BASE"] + "/dialled"'])
def test_other_paths_and_what_a_browser_opens(tmp_path, call) -> None:
    assert _told(tmp_path, call) == [("/dial", "a.example.org", False)]
