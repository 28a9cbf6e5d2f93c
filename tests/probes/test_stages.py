"""An address of API Gateway that is given away has its stage."""

from __future__ import annotations

import pytest

from callcheck.probes.stages import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
CODE = "exports.handler = () => fetch('https://x.io', { method: 'POST', body: JSON.stringify({ callback_url: `${process.env.BASE}/hooks/done` }) });\n"


def _app(address: str, api: str = "{Type: AWS::Serverless::Api, Properties: {StageName: live}}", code: str = CODE) -> dict[str, str]:
    function = f"{{Type: AWS::Serverless::Function, Properties: {{Handler: a.handler, Environment: {{Variables: {{BASE: {{Fn::Sub: '{address}'}}}}}}}}}}"
    return {"a.js": code, "template.yaml": f"Resources:\n  Api: {api}\n  Book: {function}\n"}


@pytest.mark.parametrize(("address", "stage"), [("https://${Api}.execute-api.${AWS::Region}.amazonaws.com", "live"), ("https://${ServerlessRestApi}.execute-api.eu-west-1.amazonaws.com/", "Prod")])
def test_the_stage_is_missing(tmp_path, address, stage) -> None:
    (found,) = look(tmp_path, _app(address))
    assert (found.fact.name, found.fact.why, found.fact.instead) == ("BASE", "no-stage", stage)


@pytest.mark.parametrize(
    "files",
    [
        _app("https://${Api}.execute-api.${AWS::Region}.amazonaws.com/live"),
        _app("https://${Api}.execute-api.${AWS::Region}.amazonaws.com", "{Type: AWS::Serverless::HttpApi}"),
        _app("https://hooks.example.com"),
        _app("https://${Api}.execute-api.${AWS::Region}.amazonaws.com", code="exports.handler = () => fetch(process.env.BASE);\n"),
    ],
)
def test_silent(tmp_path, files) -> None:
    assert not look(tmp_path, files)
