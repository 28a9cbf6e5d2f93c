"""Which actions of AWS does the code ask for, and where?

    client.send(new PublishCommand({...}))                         sns:Publish
    boto3.client("sqs").send_message(...)                          sqs:SendMessage
    streamText({ model: bedrock("...") })                          bedrock:InvokeModelWithResponseStream
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.pattern import pattern
from callcheck.sources.aws_actions import IN_PYTHON, OPERATIONS
from callcheck.sources.code import Code
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, Function, Literal, Loop, Member, last_name

_BY_HAND = pattern(r"(?:^|/)(?:scripts?|tools?|bin|examples?|docs?|e2e|seeds?)/")
"""What somebody runs under another role."""
_PACKAGE = pattern(r"@aws-sdk/client-([a-z-]+)\.(\w+)Command$")
_AI_SDK = "@ai-sdk/amazon-bedrock"
_CLIENTS = frozenset({"boto3.client", "boto3.session.Session().client", "boto3.Session().client", "boto3.resource"})
_METHODS = {re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower(): operation for operations in OPERATIONS.values() for operation in operations}
"""As boto3 calls them: put_events of PutEvents."""
_COMMANDS = tuple(f"{operation}Command" for operation in dict.fromkeys(_METHODS.values()))
MARKS = (*_COMMANDS, *(f".{method}(" for method in _METHODS), "amazon-bedrock", "AnthropicBedrock")
"""What stands in a file that asks for any of them."""


def aws_calls(code: Code) -> Iterator[tuple[Call, str]]:
    """The calls whose action is known."""
    for call in code.project.calls(*_COMMANDS):
        made = _PACKAGE.search(code.origins.of(call.callee).qualified)
        action = OPERATIONS.get(made[1], {}).get(made[2]) if made is not None else None
        if action and _deployed(call):
            yield call, action
    for call in code.project.calls(*_METHODS):
        service = _service(code, call) if isinstance(call.callee, Member) and module_of(call).language == "python" else ""
        action = OPERATIONS.get(service, {}).get(_METHODS[call.callee.name]) if service and isinstance(call.callee, Member) else None
        if action and _deployed(call):
            yield call, action
    yield from ((call, OPERATIONS["bedrock-runtime"]["ConverseStream"]) for call in _streams(code) if _deployed(call))


def _streams(code: Code) -> Iterator[Call]:
    """The calls by which other libraries have Bedrock stream: AI SDK's `streamText({ model: bedrock(...) })`, `stream` of Anthropic's own client."""
    for call in code.project.calls("streamText", "streamObject"):
        model = code.idioms.option(call, "model")
        if isinstance(model, Call) and code.origins.of(model.callee).qualified.startswith(_AI_SDK):
            yield call
    for call in code.project.calls("stream", "create"):
        made = code.origins.of(call.callee).root
        streams = code.idioms.option(call, "stream") if last_name(call.callee) == "create" else None
        if made.qualified.endswith("AnthropicBedrock") and (last_name(call.callee) == "stream" or (isinstance(streams, Literal) and streams.value is True)):
            yield call


def _service(code: Code, call: Call) -> str:
    """The service of boto3's client that a method is called on, by the name of JavaScript's package."""
    made = code.origins.of(call.callee.object) if isinstance(call.callee, Member) else None
    named = made.node.args[0] if made is not None and isinstance(made.node, Call) and made.node.args else None
    if made is None or made.qualified not in _CLIENTS or not isinstance(named, Literal):
        return ""
    return IN_PYTHON.get(str(named.value), str(named.value))


def _deployed(call: Call) -> bool:
    """Whether a call belongs to what the project runs; not one that a module makes once while it is loaded: nobody but a script that is run by hand does so."""
    path = module_of(call).path
    return not is_test(path) and not _BY_HAND.search(path) and any(isinstance(above, (Function, Loop)) for above in call.up())
