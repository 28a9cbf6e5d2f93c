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
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.taken_body import taken_body
from callcheck.sources.code.tree import (
    Assign,
    Call,
    Function,
    Member,
    Name,
    Node,
    Operation,
    Param,
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
    found = (taken for node in nodes for part in _parts(node) if (taken := taken_body(code, part)) is not None)
    return next((taken[-1] for taken in found if _from_event(code, taken[-1])), None)


def _parts(node: Node) -> Iterator[Node]:
    """What a text is put together of: `f"v0:{time}:{body}"`, `time + body`."""
    if isinstance(node, (Template, Operation)):
        for part in node.parts if isinstance(node, Template) else node.operands:
            if isinstance(part, Node):
                yield from _parts(part)
    else:
        yield node


def _from_event(code: Code, taken: Node) -> bool:
    """Whether the field is one of the first parameter of a function that a platform calls."""
    if isinstance(taken, Param):
        return _is_first(code, taken)
    whole = taken.callee if isinstance(taken, Call) else taken
    return _is_event(code, whole.object if isinstance(whole, Member) else whole.value if isinstance(whole, Assign) else None)


def _is_event(code: Code, node: Node | None) -> bool:
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


PROBE = EncodedBodies()
