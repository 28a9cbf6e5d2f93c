"""In which format does a route hand a request to a function of Lambda?

    events: [{httpApi: POST /forms}]                          # "2.0" unless provider.httpApi.payload says otherwise
    Events: {In: {Type: Api, Properties: {...}}}              # a REST API: "1.0"
    resource "aws_lambda_function_url" "in" { ... }           # "2.0"

Sources: docs.aws.amazon.com, http-api-develop-integrations-lambda, sam-property-function-httpapi and urls-invocation; serverless 3.40.0, compile/events/http-api.js; the Terraform
provider's page of aws_apigatewayv2_integration, whose default is 1.0.
"""

from __future__ import annotations

from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import resources
from callcheck.sources.files import File
from callcheck.sources.terraform import Scope

OLD, NEW = "1.0", "2.0"
_PROXIES = (None, "lambda-proxy", "lambda_proxy", "aws-proxy", "aws_proxy", "AWS_PROXY")
_FIRST = pattern(r"^\W*1\b")
_NAME = pattern(r"\w+")


def of_event(kind: str, told: Any, holder: Any, document: Table) -> str:
    """Of an event of SAM or the Serverless Framework; "" for what is no route, and where another file says it."""
    if kind == "Api":
        return OLD
    if kind == "http":
        return OLD if value_at(told, "integration") in _PROXIES else ""
    if kind == "HttpApi":
        api = _NAME.findall(str(value_at(told, "ApiId")))
        described = any(value_at(each, "Properties", key) is not None for name, each in resources(document).items() if name in api for key in ("DefinitionBody", "DefinitionUri"))
        return "" if described else _version(value_at(told, "PayloadFormatVersion"), NEW)
    if kind == "httpApi":
        # The first version of the framework handed out 1.0 where nobody said anything.
        unsaid = "" if _FIRST.match(str(document.get("frameworkVersion", ""))) else NEW
        return _version(value_at(holder, "httpApi", "payload") or value_at(document, "provider", "httpApi", "payload"), unsaid)
    return ""


def of_resource(kind: str, told: Any) -> str:
    """Of a resource of CloudFormation."""
    if kind == "AWS::ApiGatewayV2::Integration":
        return _version(value_at(told, "PayloadFormatVersion"), "")
    if kind == "AWS::ApiGateway::Method":
        return OLD if value_at(told, "Integration", "Type") == "AWS_PROXY" else ""
    return NEW if kind == "AWS::Lambda::Url" else ""


def of_block(scope: Scope, file: File, block: Block) -> str:
    """Of a resource of Terraform."""
    kind = block.labels[0]
    if kind == "aws_apigatewayv2_integration" and "payload_format_version" in block.keys:
        return _version(scope.text(block.text("payload_format_version"), file), "")
    proxied = (scope.text(block.text(key), file) == "AWS_PROXY" for key in ("type", "integration_type"))
    if kind in ("aws_api_gateway_integration", "aws_apigatewayv2_integration"):
        return OLD if any(proxied) else ""
    return NEW if kind == "aws_lambda_function_url" else ""


def _version(said: Any, unsaid: str) -> str:
    """What is written, `1.0` or `"1.0"`; "" for what is computed."""
    return unsaid if said is None else str(said) if str(said) in (OLD, NEW) else ""
