"""Functions that CDK and SST make are found with their code, and with what calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.function_constructs import made_in_code
from tests.tools.shipped import shipped_knowledge

KNOWN = shipped_knowledge()
NODE = 'import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";\nconst hooks = new NodejsFunction(this, "Hooks", { entry: path.join(__dirname, "../src/hooks.ts") });\n'
PYTHON = 'from aws_cdk import aws_lambda as lambda_\nself.hooks = lambda_.Function(self, "Hooks", handler="hooks.handle", code=lambda_.Code.from_asset("functions"))\n'
SST = 'const api = new sst.aws.ApiGatewayV2("Api");\napi.route("POST /hooks", %s);\n'


@pytest.mark.parametrize(
    ("name", "text", "handler", "callers"),
    [
        ("stack.ts", NODE + 'new HttpLambdaIntegration("In", hooks);\n', "src/hooks.handler", [("", "2.0")]),
        ("stack.ts", NODE + 'new HttpLambdaIntegration("In", hooks, { payloadFormatVersion: PayloadFormatVersion.VERSION_1_0 });\n', "src/hooks.handler", [("", "1.0")]),
        ("stack.ts", NODE + 'new LambdaRestApi(this, "Api", { handler: hooks });\n', "src/hooks.handler", [("", "1.0")]),
        ("stack.ts", NODE + "table.grantReadData(hooks);\nhooks.addEventSource(new SqsEventSource(jobs));\n", "src/hooks.handler", [("sqs", "")]),
        ("stack.ts", NODE + "topic.addSubscription(new LambdaSubscription(hooks));\n", "src/hooks.handler", [("sns", "")]),
        ("stack.ts", NODE + 'new Intake(this, "Intake", { worker: hooks });\n', "src/hooks.handler", [("", "")]),
        ("stack.py", PYTHON + "self.hooks.add_function_url()\n", "hooks.handle", [("", "2.0")]),
        ("sst.config.ts", SST % '"src/hooks.handler"', "src/hooks.handler", [("", "2.0")]),
        ("sst.config.ts", SST % '{ handler: "src/hooks.handler" }', "src/hooks.handler", [("", "2.0")]),
    ],
)
def test_a_function_has_its_handler_and_its_callers(tmp_path: Path, name: str, text: str, handler: str, callers: list[tuple[str, str]]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(made_in_code(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN)))
    assert [each.handler for each in found] == [handler]
    assert [(each.service, each.format) for each in found[0].callers] == callers


def test_a_function_of_another_library_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text('import { Function } from "blocks";\nconst f = new Function(this, "F", { handler: "a.handle" });\n', encoding="utf-8")
    assert not list(made_in_code(Eyes(Target(base=tmp_path, folders=(tmp_path,)), KNOWN)))
