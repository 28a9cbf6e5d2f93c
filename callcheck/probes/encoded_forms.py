"""Does a function of Lambda read a form as text that its route hands over in Base64?

    events: [{httpApi: POST /sms}]                                      # a form comes encoded, JSON and text do not
    const params = new URLSearchParams(event.body);                     # and nobody asks for event.isBase64Encoded

A REST API does so where its binary media types say it (`binaryMediaTypes: ["*/*"]`). Signatures that are checked on such a body are the matter of `encoded-bodies`.

Sources: docs.aws.amazon.com, apigateway/latest/developerguide (http-api-develop-integrations-lambda, api-gateway-payload-encodings-workflow) and lambda/latest/dg/urls-invocation;
middyjs/middy#603 (the form of a Slack command, by an HTTP API); slackapi/bolt-js#971.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.taken_body import taken_body
from callcheck.sources.code.tree import Call, Function, Node, dotted, last_name
from callcheck.sources.function_code import Running, run_by_lambda
from callcheck.sources.route_formats import NEW, OLD

_FORMS = frozenset({"URLSearchParams", "parse_qs", "parse_qsl"})
_FORM_CALLS = pattern(r"^(?:node:)?(?:querystring|qs)\.(?:default\.)?(?:parse|decode)$")
"""Calls that read a form: of the web, of Node.js, of `qs` and of Python."""
_ASKS = pattern(r"\bisBase64Encoded\b(?![\"']?\s*:\s*(?:true|false|True|False)\b)|\bdecoded_body\b")
"""What a file has that allows for encoded bodies; answers may have the field, too."""
_SETS = pattern(r"\b(?:event|evt|request)(?:\.body|\[[\"']body[\"']\])\s*=[^=]")
"""What puts another body in the place of the one that came."""
_CHECKS = pattern(r"(?i)^(?:is_?valid\w*|valid\w*(?:request|signature|webhook)\w*|validate|verify\w*|construct_?event\w*|unwrap|timingsafeequal|compare_digest|createhmac)$")
_BINARY = pattern(
    r"(?i)\bbinary_?media_?types[\"']?\s{0,9}[:=][\s\[\"'-]{0,40}(?:[\w+.*-]{1,60}(?:/|~1)[\w+.*-]{1,60}[\"'\s,-]{1,40}){0,6}?(\*(?:/|~1)\*|application(?:/|~1)x-www-form-urlencoded)"
)
_DEPLOYS = ("*.y*ml", "*.tf", "*.json")
_LARGEST_BYTES = 200_000
_DEEPEST = 2
_SAYS = "this route hands a form over in Base64, so none of its fields is found{}; decode event.body first if event.isBase64Encoded"


class EncodedForms:
    """Silent where a file on the way from the event to what reads it asks whether the body is encoded, or another body is put into the event."""

    name = "encoded-forms"
    looks_at = Sight.SOURCE
    about = ("verify",)
    marks = ("URLSearchParams", "parse_qs", "querystring", "qs.parse")
    signs = (Sign(words=("URLSearchParams", "parse_qs", "parse_qsl", "querystring", "qs"), also=("body",)),)
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        for running in run_by_lambda(eyes):
            where = _encoding(eyes, running)
            if where is not None:
                yield from self._misread(eyes.code, running, where)

    def _misread(self, code: Code, running: Running, where: Location) -> Iterator[Evidence]:
        reached = _reached(code, running.function)
        checks = [call for function in reached for call in function.inside(Call) if _CHECKS.search(last_name(call.callee))]
        for call, given in _readers(code, reached):
            found = taken_body(code, given)
            if found is None or any(_ASKS.search(module_of(each).text) or _SETS.search(module_of(each).text) for each in (running.function, call, *found)):
                continue
            why = _SAYS.format(", nor does the signature fit" if checks else "")
            fact = LibraryTrap("callback-rejected" if checks else "payload-mismatch", "strong", why, clean(last_name(call.callee), 60), "aws-lambda", module_of(call).language)
            because = [Evidence(fact, Basis.DECLARED, self.name, where, label="this route hands it over in Base64")]
            because += [seen(fact, each, self.name, label="the body is taken as it comes") for each in found[-1:] if each.line != call.line or module_of(each) is not module_of(call)]
            because += [seen(fact, each, self.name, label="the signature is checked here") for each in checks[:1]]
            yield seen(fact, call, self.name, tuple(because))
            return


def _encoding(eyes: Eyes, running: Running) -> Location | None:
    """Where it is said that the routes of a function encode forms, if all that is known to call it are such routes."""
    callers = [each for each in running.callers if not each.allowed]
    formats = {each.format for each in callers}
    if formats == {NEW}:
        return Location(clean(callers[0].path), callers[0].line)
    if formats != {OLD}:
        return None
    for file in eyes.tree.named(*_DEPLOYS):
        found = _BINARY.search(text := eyes.readable(file, _LARGEST_BYTES))
        if found:
            return Location(clean(file.name), text.count("\n", 0, found.start(1)) + 1)
    return None


def _reached(code: Code, function: Function) -> list[Function]:
    """A function and the functions of the project that it calls."""
    found = [function]
    level = found
    for _ in range(_DEEPEST):
        called = (code.origins.of(call.callee).node for each in level for call in each.inside(Call))
        level = [each for each in dict.fromkeys(called) if isinstance(each, Function) and each not in found]
        found = [*found, *level]
    return found


def _readers(code: Code, reached: list[Function]) -> Iterator[tuple[Call, Node]]:
    """The calls that read a form, with what they are given to read."""
    for function in reached:
        for call in function.inside(Call):
            if not call.args or function_of(call) not in reached:
                continue
            if last_name(call.callee) in _FORMS or _FORM_CALLS.search(code.origins.of(call.callee).qualified or dotted(call.callee)):
                yield call, call.args[0]


PROBE = EncodedForms()
