"""Which functions of Lambda does code make, by AWS CDK or SST, and what does it have call them?

    const hooks = new NodejsFunction(this, "Hooks", { entry: "src/hooks.ts" });
    new HttpLambdaIntegration("In", hooks)            hooks.addFunctionUrl()            new LambdaSubscription(hooks)
    api.route("POST /hooks", "src/hooks.handler")                                                                   # SST: api is a new sst.aws.ApiGatewayV2

Sources: docs.aws.amazon.com/cdk/api/v2, aws-apigatewayv2-integrations (format 2.0 unless payloadFormatVersion says otherwise), aws-apigateway, aws-lambda-nodejs; sst.dev/docs, ApiGatewayV2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code.call_forms import given_as
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.origins import Origins
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Entry,
    Keyword,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    dotted,
    last_name,
)
from callcheck.sources.code.wording import lines_of
from callcheck.sources.route_formats import NEW, OLD

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_MAKES = ("Function", "NodejsFunction", "PythonFunction", "GoFunction")
_MARKS = ("aws-cdk-lib", "aws_cdk", "@aws-cdk/", "sst.aws.")
_INFRASTRUCTURE = (*_MARKS, "@pulumi/aws", "pulumi_aws")
_CDK = pattern(r"aws-cdk-lib|aws_cdk|@aws-cdk/")
_SERVICES = {
    "SqsEventSource": "sqs", "SnsEventSource": "sns", "S3EventSource": "s3", "S3EventSourceV2": "s3", "DynamoEventSource": "dynamodb", "KinesisEventSource": "kinesis",
    "LambdaSubscription": "sns", "LambdaDestination": "s3", "LambdaFunction": "eventbridge",
}  # fmt: skip
_ROUTES = {"HttpLambdaIntegration": NEW, "LambdaIntegration": OLD, "LambdaRestApi": OLD, "addFunctionUrl": NEW, "add_function_url": NEW}
_NO_CALLS = pattern(r"^(?:grant\w*|add(?:Environment|ToRolePolicy|Layers|_environment|_to_role_policy|_layers)|metric\w*|CfnOutput|Alarm|Rule|addTargets?|add_target|addSubscription|add_subscription|addEventSource|add_event_source|addEventNotification|add_event_notification|add(?:Routes|Method|_routes|_method))$")
"""What names a function, or what calls it, and calls nothing by itself."""
_SST = {"sst.aws.ApiGatewayV2": NEW, "sst.aws.ApiGatewayV1": OLD, "sst.aws.Function": NEW}
_ENTRY = pattern(r"[\"'`]((?:\.{1,2}/)*[\w./-]+)\.(?:[cm]?[jt]sx?|py)[\"'`]")
_FOLDER = pattern(r"(?:fromAsset|from_asset)\([^)]{0,300}?[\"'`](?:\.{1,2}/){0,6}([\w-][\w./-]{0,200})[\"'`]")


@dataclass(frozen=True, slots=True)
class Called:
    """What calls a function: a service, a route of a format, or, with neither, somebody who is not known."""

    service: str
    format: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Made:
    """A function with the texts by which its code is found."""

    name: str
    handler: str
    code: tuple[str, ...]
    callers: tuple[Called, ...]


def made_in_code(eyes: Eyes) -> Iterator[Made]:
    if not eyes.code.present:
        return
    project = eyes.code.project
    modules = [module for path in project.holding(_MARKS) if not is_test(path) and (module := project.module(path)) is not None]
    for call in (call for module in modules if _CDK.search(module.text) for call in module.calls(*_MAKES)):
        handler = _handler(call)
        if handler:
            folder = _FOLDER.search(lines_of(call))
            named = next((each.value for each in call.args if isinstance(each, Literal) and isinstance(each.value, str)), "")
            yield Made(named, handler, (*([folder[1]] if folder else []), named), tuple(_callers(call)))
    for module in modules:
        yield from _of_sst(eyes.code.origins, module)


def functions(eyes: Eyes) -> Iterator[tuple[str, Call]]:
    """Every function of Lambda that the code of an app of AWS CDK, SST or Pulumi makes, with its name there."""
    project = eyes.code.project
    for path in project.holding(_INFRASTRUCTURE):
        module = project.module(path) if not is_test(path) else None
        if module is None:
            continue
        for call in module.calls(*_MAKES, "DockerImageFunction", "CallbackFunction"):
            of_pulumi = dotted(call.callee).endswith((".lambda.Function", ".lambda_.Function", "lambda.CallbackFunction")) and "pulumi" in module.text
            of_sst = dotted(call.callee).startswith("sst.aws.")
            of_cdk = _CDK.search(module.text) and len(call.args) > 1 and (last_name(call.callee) != "Function" or _handler(call))
            if of_cdk or of_sst or of_pulumi:
                yield next((each.value for each in call.args if isinstance(each, Literal) and isinstance(each.value, str)), ""), call


def _handler(call: Call) -> str:
    """`hooks.handle`, or `src/hooks.handler` of an entry and the name that is exported; "" for one that is computed."""
    told = given_as(call, "handler")
    name = told.value if isinstance(told, Literal) and isinstance(told.value, str) else "" if told is not None else "handler"
    entry = given_as(call, "entry")
    if entry is None or not name:
        return name if told is not None else ""
    found = _ENTRY.search(lines_of(entry))
    index = given_as(call, "index")
    if found is not None:
        return f"{found[1].lstrip('./')}.{name}"
    return f"{str(index.value).removesuffix('.py')}.{name}" if isinstance(index, Literal) else ""


def _callers(made: Call) -> Iterator[Called]:
    """By every use of the name that a function is kept under, in the file that makes it."""
    holder, module = made.parent, module_of(made)
    names = {last_name(target) for target in holder.targets} if isinstance(holder, Assign) else set()
    for kind in (Name, Member):
        for node in module.all(kind):
            if last_name(node) not in names or node.parent is holder or node.at < made.at:
                continue
            yield from _by(node)


def _by(node: Node) -> Iterator[Called]:
    above = node.parent
    if isinstance(above, Member) and isinstance(above.parent, Call) and above.parent.callee is above:
        call = above.parent
        source = call.args[0] if call.args else None
        if isinstance(source, Call) and last_name(call.callee) in ("addEventSource", "add_event_source"):
            yield _called(call, _SERVICES.get(last_name(source.callee), ""), "")
        elif last_name(call.callee) in _ROUTES or not _NO_CALLS.search(last_name(call.callee)):
            yield _called(call, "", _ROUTES.get(last_name(call.callee), ""))
        return
    while isinstance(above, (Entry, Object, Keyword)):
        above = above.parent
    if isinstance(above, Call):
        name = last_name(above.callee)
        if name in _SERVICES or name in _ROUTES or not _NO_CALLS.search(name):
            yield _called(above, _SERVICES.get(name, ""), _format(above))


def _format(call: Call) -> str:
    """That of a route's construct, as it is told; "" for an integration that is no proxy."""
    said = given_as(call, "payloadFormatVersion") or given_as(call, "payload_format_version")
    if said is not None:
        return {"VERSION_1_0": OLD, "VERSION_2_0": NEW}.get(last_name(said), "")
    proxy = given_as(call, "proxy")
    off = isinstance(proxy, Literal) and proxy.value is False and last_name(call.callee) == "LambdaIntegration"
    return "" if off else _ROUTES.get(last_name(call.callee), "")


def _called(call: Call, service: str, handed: str) -> Called:
    return Called(service, handed, module_of(call).path, call.line)


def _of_sst(origins: Origins, module: Module) -> Iterator[Made]:
    for call in module.calls("route", "Function") if "sst" in module.text else ():
        held = call.args[1] if len(call.args) > 1 else None
        told = held.get("handler") if isinstance(held, Object) else held
        handed = _SST.get(dotted(call.callee) if last_name(call.callee) == "Function" else _made_by(origins, call), "")
        if handed and isinstance(told, Literal) and isinstance(told.value, str) and (last_name(call.callee) == "route" or given_as(call, "url") is not None):
            yield Made("", told.value, (), (_called(call, "", handed),))


def _made_by(origins: Origins, call: Call) -> str:
    """`sst.aws.ApiGatewayV2` of `api.route(…)`."""
    made = origins.of(call.callee.object).node if isinstance(call.callee, Member) else None
    return dotted(made.callee) if isinstance(made, Call) else ""
