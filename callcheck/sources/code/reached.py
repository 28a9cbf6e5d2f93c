"""Which hosts of the internet does the code surely call?

    new OpenAI()                        api.openai.com, unless it is told another address
    fetch("https://api.example.com/v1") api.example.com
    twilio(sid, token).messages.create  Twilio's own
    axios.post(order.callback_url)      whoever gave the address, which is mostly somebody outside
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.given import given
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Literal, Member, Name, Node, Operation, Subscript, Template, last_name
from callcheck.sources.online.systems import BY_NAME

_THEIRS = frozenset({"twilio-part", "resend-part", "postmark", "expo", "slack-hook", "slack-chat", "slack", "stripe-part", "sendgrid", "qstash", "inngest"})
"""Clients of one company's API each, whose address nobody gives them."""
_WITHIN = pattern(r"(?:^|\.)(?:localhost|local|internal|lan|svc|cluster|test|amazonaws\.com|amazonaws\.com\.cn|on\.aws)$|^[\d.]+$|^\[|^[^.]*$")
"""Hosts of the own network, and AWS' own, which an endpoint may stand for."""
ELSEWHERE = pattern(r"(?i)(?:^|_)(?:PROXY|BASE_URL|API_BASE)$")
"""Variables of the environment that send calls to another host."""
_CALLBACK = pattern(r"(?i)^(?:\w*_)?(?:callback|web_?hook|notify|notification|return|reply)_?(?:url|uri|address|endpoint|target)$|(?:callback|webhook)(?:Url|URL|Uri|_url|_uri)$")
"""What an address is called that another party gave, to be told by."""
_PROXY = pattern(r"HTTPS?_PROXY|https?_proxy|ProxyAgent|proxies\s*=|setGlobalDispatcher|\bbase_?[uU][rR][lL]\s*[:=]|OPENAI_BASE_URL|ANTHROPIC_BASE_URL")


@dataclass(frozen=True, slots=True)
class Reached:
    host: str
    call: Call


def reached(code: Code) -> Iterator[Reached]:
    """The calls, outside tests; none of a file that speaks of a proxy or of another address."""
    for use in code.idioms.of("upstream", "outward", "asks"):
        if not is_test(use.module.path) and not _PROXY.search(use.module.text):
            host = _host(code, use)
            if host:
                yield Reached(host, _asks(code, use) if use.idiom.does == "upstream" else use.call)


def _host(code: Code, use: Use) -> str:
    if use.idiom.does == "upstream":
        told = any(not each.name for each in use.call.keywords) or code.idioms.placed(use.call, use.idiom.event)
        system = BY_NAME.get(use.idiom.event_is)
        host = system.host if system is not None and not told else ""
        return "" if _WITHIN.search(host) else host
    if use.idiom.on in _THEIRS:
        return use.idiom.on.partition("-")[0]
    return _public(_start(code, use.call.args[0])) if use.call.args else ""


def _public(written: str) -> str:
    host = (urlsplit(written).hostname or "") if written.startswith("https://") else ""
    return "" if _WITHIN.search(host) else host


def called_back(code: Code) -> Iterator[Reached]:
    """The calls by an address that the deployment sets, and those by one that somebody gave to be called back at, whose host is "" as nobody knows it."""
    for use in code.idioms.of("outward"):
        address = use.call.args[0] if use.call.args and use.idiom.on in ("", "http") else None
        if address is None or is_test(use.module.path) or _PROXY.search(use.module.text):
            continue
        written = [each for each in given(code, [address]) if "://" in each]
        host = next(filter(None, map(_public, written)), "")
        if host or (not written and _CALLBACK.search(_name_of(address))):
            yield Reached(host, use.call)


def _name_of(address: Node) -> str:
    """By which name a record hands the address out: `order.callback_url`, `row["webhookUrl"]`, `row.get("notify_url")`."""
    inner: object = address
    if isinstance(address, Call) and last_name(address.callee) == "get" and address.args:
        inner = address.args[0]
    elif isinstance(address, Subscript):
        inner = address.key
    return str(inner.value) if isinstance(inner, Literal) else last_name(address) if isinstance(address, (Name, Member)) else ""


def _start(code: Code, node: Node | None) -> str:
    """What an address begins with, up to and with its host, as far as that is written out."""
    if isinstance(node, Name):
        assigned = given_once(code.origins, node)
        return _start(code, assigned.value) if assigned is not None and not isinstance(assigned.value, Name) else ""
    first: object = node
    if isinstance(node, Template):
        first = node.parts[0] if node.parts else None
    elif isinstance(node, Operation):
        first = node.operands[0]
    text = first if isinstance(first, str) else str(first.value) if isinstance(first, Literal) else ""
    return text if first is node or text.count("/") > 2 else ""


def _asks(code: Code, use: Use) -> Call:
    """The call that a client is made for, in a function; where none is found, that which makes it."""
    calls = (call for call in code.project.calls("create", "stream", "generateContent", "generate_content", "invoke") if function_of(call) is not None and not is_test(module_of(call).path))
    return next((call for call in calls if code.origins.of(call.callee).root.node is use.call), use.call)
