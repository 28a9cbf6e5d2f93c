"""A login that a load balancer asks for before the app is told where a provider is to call, unless a rule spares the path."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.listener_gates import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

APP = {"package.json": '{"dependencies": {"express": "4.19.0"}}', "app.js": 'const app = require("express")();\napp.post("/hooks/esign", (req, res) => res.sendStatus(200));\n'}
LISTENER = 'resource "aws_lb_listener" "front" {\n  port = 443\n  default_action {\n    type = "%s"\n%s  }\n}\n'
RULE = 'resource "aws_lb_listener_rule" "hooks" {\n  listener_arn = aws_lb_listener.front.arn\n  action {\n    type = "%s"\n  }\n  condition {\n    path_pattern {\n      values = ["%s"]\n    }\n  }\n}\n'
SIGN_IN = LISTENER % ("authenticate-oidc", "")


def said(tmp_path: Path, terraform: str) -> list[str]:
    return [f"{item.where} {item.fact.route} {item.fact.guard} {item.because[0].where}" for item in look(tmp_path, {**APP, "main.tf": terraform})]


@pytest.mark.parametrize(
    "terraform",
    [SIGN_IN, LISTENER % ("authenticate-cognito", ""), SIGN_IN + RULE % ("forward", "/health"), SIGN_IN + RULE % ("authenticate-oidc", "/hooks/*")],
    ids=["oidc", "cognito", "another path is spared", "the rule asks, too"],
)
def test_the_provider_is_sent_to_a_sign_in_page(tmp_path: Path, terraform: str) -> None:
    assert said(tmp_path, terraform) == ["main.tf:3 /hooks/esign balancer app.js:2"]


@pytest.mark.parametrize(
    "terraform",
    [
        LISTENER % ("forward", ""),
        SIGN_IN + RULE % ("forward", "/hooks/*"),
        LISTENER % ("authenticate-oidc", '    authenticate_oidc {\n      on_unauthenticated_request = "allow"\n    }\n'),
        SIGN_IN + SIGN_IN.replace("front", "back"),
    ],
    ids=["no login", "this path is spared", "anybody passes", "which of two is not known"],
)
def test_the_provider_comes_through_or_it_cannot_be_told(tmp_path: Path, terraform: str) -> None:
    assert said(tmp_path, terraform) == []
