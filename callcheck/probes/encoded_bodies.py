"""Is a webhook's signature checked on the Base64 that API Gateway hands a function instead of the body?

    apiGateway: {binaryMediaTypes: ["*/*"]}                      # all bodies are binary, and come in Base64
    Webhook(secret).verify(event["body"], event["headers"])      # event["isBase64Encoded"] is true, and nobody asks

A REST API does so for the types that it is told (docs.aws.amazon.com/apigateway, binary media types); an HTTP API and the URL of a function for all that is no text and no JSON,
and so for the forms that Slack and Twilio post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.meeting import BodyEncoded
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of, told_by_calls
from callcheck.sources.code.seen import seen
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import (
    Await,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Operation,
    Param,
    Subscript,
    Template,
    last_name,
)

_FILES = ("*.yml", "*.yaml", "*.json", "*.tf", "*.toml")
_WORDS = ("binaryMediaTypes", "binary_media_types", "apigwBinary")
_BINARY = pattern(
    r"(?i)\b(?:binary_?media_?types|apigwBinary[\"']?\s{0,9}:\s{0,9}types)[\"']?\s{0,9}[:=][\s\[\"'-]{0,40}(?:[\w+.*-]{1,60}(?:/|~1)[\w+.*-]{1,60}[\"'\s,-]{1,40}){0,6}?(?:\*(?:/|~1)\*|application(?:/|~1)json)"
)
_NEWER = pattern(r"\b(?:httpApi|HttpApi)\b|\baws_apigatewayv2_api\b|FunctionUrlConfig|\baws_lambda_function_url\b|^\s*url:\s*true|addFunctionUrl|add_function_url", re.MULTILINE)
"""HTTP APIs and the URLs of functions."""
_DECODES = pattern(r"is_?base_?64_?encoded|b64decode\((?![^)\n]{0,80}(?:sig|secret|key|head|digest))|Buffer\.from\((?![^,\n]{0,80}(?:sig|hmac|mac|head|digest|hash|secret|key))[^()\n]{1,120},\s*['\"]base64|\batob\(|base64\.decodebytes", re.IGNORECASE)
_FORMS = pattern(r"\bparse_qsl?\(|URLSearchParams|\bquerystring\b|\bqs\.parse\(|(?i:x-twilio-signature)")
_SAME = frozenset({"encode", "toString", "from", "String", "str", "bytes"})
"""What gives the same text again."""
_DEEPEST = 5
_LARGEST = 300_000


class EncodedBodies:
    """Silent where the code on the way asks for the encoding, or decodes something itself."""

    name = "encoded-bodies"
    looks_at = Sight.SOURCE
    about = ("verify",)
    answers = frozenset({BodyEncoded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        found = [(use, node) for use in code.idioms.of("verify") if not is_test(use.module.path) and (node := _of_event(code, use)) is not None]
        if not found:
            return
        told = _told(eyes)
        for use, node in found:
            modules = (use.module, module_of(node))
            if any(_DECODES.search(module.text) for module in modules):
                continue
            binary = told.binary or (told.newer if any(_FORMS.search(module.text) for module in modules) else None)
            if binary is None:
                continue
            what = "every one" if binary is told.binary else "forms"
            name = "the code" if "by-hand" in use.idiom.traits else last_name(use.call.callee)
            fact = BodyEncoded(clean(name, 60), what, use.framework.name, use.module.language)
            said = Evidence(fact, Basis.DECLARED, self.name, binary, label="so the gateway takes it for binary")
            yield seen(fact, use.call, self.name, (said,))


@dataclass(frozen=True, slots=True)
class _Told:
    """Where a deployment tells a REST API that all bodies, or those of JSON, are binary, and where it has an HTTP API."""

    binary: Location | None
    newer: Location | None


def _told(eyes: Eyes) -> _Told:
    binary = newer = None
    texts = ((file.name, eyes.readable(file, _LARGEST)) for file in eyes.tree.named(*_FILES))
    code = ((name, eyes.code.project.text(name)) for name in eyes.code.project.holding([*_WORDS, "HttpApi", "addFunctionUrl", "add_function_url"]))
    for name, text in (*texts, *code):
        where = _BINARY.search(text)
        later = _NEWER.search(text)
        if where is not None and later is None:
            binary = binary or Location(clean(name), text.count("\n", 0, where.start()) + 1)
        if later is not None:
            newer = newer or Location(clean(name), text.count("\n", 0, later.start()) + 1)
    return _Told(binary, newer)


def _of_event(code: Code, use: Use) -> Node | None:
    """Where a function takes what is verified from its event."""
    nodes = code.idioms.placed(use.call, use.idiom.payload) if use.idiom.payload else []
    return next((found for node in nodes if (found := _taken(code, node, 0)) is not None), None)


def _taken(code: Code, node: Node, depth: int) -> Node | None:
    if depth > _DEEPEST:
        return None
    if isinstance(node, Await):
        return _taken(code, node.value, depth)
    if isinstance(node, (Template, Operation)):
        parts = node.parts if isinstance(node, Template) else node.operands
        return next((found for part in parts if isinstance(part, Node) and (found := _taken(code, part, depth + 1)) is not None), None)
    if _is_body(code, node):
        return node
    if isinstance(node, Call):
        name = last_name(node.callee)
        if name not in _SAME:
            return None
        inner = node.callee.object if isinstance(node.callee, Member) and name in ("encode", "toString") and not (node.args and _encodes(node.callee.object)) else next(iter(node.args), None)
        return _taken(code, inner, depth + 1) if inner is not None else None
    if isinstance(node, Name):
        held = given_once(code.origins, node)
        if held is not None and held.value is not None:
            return _taken(code, held.value, depth + 1)
        param = code.origins.binding_of(node)
        if isinstance(param, Param):
            return next((found for given in _given(code, param) if (found := _taken(code, given, depth + 1)) is not None), None)
    return None


def _encodes(node: Node) -> bool:
    """`new TextEncoder()` of `new TextEncoder().encode(body)`."""
    return isinstance(node, Call) and last_name(node.callee) == "TextEncoder"


def _is_body(code: Code, node: Node) -> bool:
    """`event["body"]`, `event.body`, `event.get("body", "")`, of the first parameter of a function that a platform calls, and `body` of `({ body, headers }) =>`."""
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "get" and node.args:
        return isinstance(node.args[0], Literal) and node.args[0].value == "body" and _is_event(code, node.callee.object)
    if isinstance(node, Subscript) and isinstance(node.key, Literal) and node.key.value == "body" or isinstance(node, Member) and node.name == "body":
        return _is_event(code, node.object)
    if isinstance(node, Name):
        param = code.origins.binding_of(node)
        return isinstance(param, Param) and param.binds.get(node.id) == "body" and _is_first(code, param)
    return False


def _is_event(code: Code, node: Node) -> bool:
    if not isinstance(node, Name) or node.id in ("req", "request", "ctx", "c", "res", "response"):
        return False
    param = code.origins.binding_of(node)
    return isinstance(param, Param) and (node.id in ("event", "evt", "ev") or _is_first(code, param))


def _is_first(code: Code, param: Param) -> bool:
    """Whether a parameter is the first of a function outside of all others that nobody here calls: a handler of the platform's."""
    function = param.parent
    outer = isinstance(function, Function) and function_of(function) is None and bool(function.params) and function.params[0] is param
    if not outer or not isinstance(function, Function) or code.origins.calls_of(function):
        return False
    return all(use.idiom.does == "trap" for use in code.idioms.handled_by(function))


def _given(code: Code, param: Param) -> Iterator[Node]:
    function = param.parent
    if not isinstance(function, Function):
        return
    told = told_by_calls(function)
    index = told.index(param) if param in told else -1
    for call in code.origins.calls_of(function):
        given = call.keyword(param.name) or (call.args[index] if 0 <= index < len(call.args) else None)
        if given is not None and not is_test(module_of(call).path):
            yield given


PROBE = EncodedBodies()
