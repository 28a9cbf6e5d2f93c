"""Where does nginx send each path?

    location /api/ { proxy_pass http://app:8000; }
    location / { try_files $uri /index.html; }      # a POST to a file is answered with 405

An exact location counts first, then the longest that is a prefix with ^~, then expressions in their order, then the longest prefix
(nginx.org, location).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass, field
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.fronts import ADDRESSES, Front, Way, below, exactly, inside

FILES = ("*nginx*", "*.conf", "*.conf.template", "*.vhost", "sites-*/*", "*/sites-*/*", "default")
_TOKEN = pattern(r"#[^\n]*|\"(?:[^\"\\]|\\.){0,2000}\"|'(?:[^'\\]|\\.){0,2000}'|[{};]|(?:\$\{[^}\n]{0,100}\}|[^\s{};\"'])+|\n")
_PASSES = frozenset({"proxy_pass", "uwsgi_pass", "fastcgi_pass", "grpc_pass", "scgi_pass"})
_HARMLESS = pattern(r"(?:mime\.types|_params|proxy[\w.-]*|ssl[\w.-]*|options[\w.-]*|gzip[\w.-]*|security[\w.-]*|headers?[\w.-]*)(?:\.conf)?$")
_URI = pattern(r"https?://[^/\s]{1,200}(/\S*)$")
_TARGET = pattern(r"^https?://([\w.-]{1,200})(?::\d{1,5})?(?:/|$)")
_NAMED = pattern(r"^([\w.-]{1,200})(?::\d{1,5})?$")
_FORWARDED = frozenset({"x-forwarded-host", "forwarded"})
_SCHEME = frozenset({"x-forwarded-proto", "x-forwarded-protocol", "x-forwarded-scheme", "x-forwarded-ssl", "x-scheme", "x-url-scheme", "front-end-https", "forwarded"})
_ONLY_READS = pattern(r"\$request_method\s*!~\*?\s*\^?\(?(?:GET|HEAD|OPTIONS|\|){1,5}\)?\$?")
_IF_PLAIN = pattern(r"(?:\$scheme|forwarded_proto)\s{1,3}(?:!=\s{0,3}https|=\s{0,3}http\b)|\$https\s{1,3}(?:!=\s{0,3}on|=\s{0,3}\))")
_MOST = 20_000


@dataclass(slots=True)
class _Block:
    words: list[str]
    line: int
    inner: list[_Block] = field(default_factory=list)

    def named(self, *names: str) -> Iterator[_Block]:
        return (each for each in self.inner if each.words and each.words[0] in names)

    def says(self, name: str) -> _Block | None:
        return next(self.named(name), None)


def fronts(file: File, text: str) -> Iterator[Front]:
    """One for each server that does more than send on to another address."""
    top = _parsed(text)
    for server in _servers(top):
        above = [top, *top.named("http"), server]
        ways = list(_ways(server, file, above))
        if ways:
            yield Front("nginx", tuple(ways))


def sent_to_https(text: str, host: str, path: str) -> tuple[int, int] | None:
    """The line, and the status, by which a request over plain http for a host and a path is sent on to https; None where it is served, or this file has no server for it."""
    found: list[tuple[bool, _Block]] = []
    for server in _servers(_parsed(text)):
        names = [name for row in server.named("server_name") for name in row.words[1:]]
        if _listens_plainly(server) and (not names or any(_is_named(name, host) for name in names)):
            found.append((host in names, server))
    served = max(found, key=lambda each: each[0])[1] if found else None
    if served is None:
        return None
    own = [served, *(each for each in served.named("if") if _IF_PLAIN.search(test := " ".join(each.words[1:])) or "$host" in test and f"= {host}" in test)]
    located: list[tuple[tuple[int, int], _Block]] = []
    for number, each in enumerate(served.named("location")):
        sign, at = (each.words[1], each.words[2]) if len(each.words) > 2 else ("", each.words[1] if len(each.words) > 1 else "@")
        matched = None if at.startswith("@") else _matched(sign, at)
        if matched is not None and matched.match(path):
            located.append(({"=": (0, 0), "^~": (1, -len(at)), "~": (2, number), "~*": (2, number)}.get(sign, (3, -len(at))), each))
    best: _Block | None = min(located, key=lambda each: each[0])[1] if located else None
    return next((sent for block in (*own, best) if block is not None and (sent := _sends(block))), None)


def _listens_plainly(server: _Block) -> bool:
    """Whether a server answers at a port without TLS, as one does that says nothing."""
    rows = list(server.named("listen"))
    return not rows or any(not {"ssl", "quic"} & set(row.words) and not row.words[1:2][0].endswith("443") for row in rows if row.words[1:])


def _is_named(name: str, host: str) -> bool:
    """`desk.example.org`, `*.example.org`, `.example.org`; what is an expression, a variable or no name at all may be anything."""
    return name == host or name == "_" or any(mark in name for mark in "$~%{<") or name.startswith(("*.", ".")) and host.endswith(name.lstrip("*"))


def _sends(block: _Block) -> tuple[int, int] | None:
    for row in block.inner:
        words = row.words
        if words[:1] == ["return"] and len(words) > 2 and words[1] in ("301", "302", "303", "307", "308") and words[2].startswith("https://"):
            return row.line, int(words[1])
        if words[:1] == ["rewrite"] and len(words) > 2 and words[2].startswith("https://"):
            return row.line, 301 if "permanent" in words else 302
    return None


def _parsed(text: str) -> _Block:
    top = _Block([], 0)
    stack, words, line, start = [top], list[str](), 1, 1
    for count, found in enumerate(_TOKEN.finditer(text)):
        token = found[0]
        if count > _MOST:
            break
        if token == "\n":
            line += 1
        elif token in (";", "{"):
            made = _Block(words, start)
            stack[-1].inner.append(made)
            if token == "{":
                stack.append(made)
            words = []
        elif token == "}":
            words = []
            if len(stack) > 1:
                stack.pop()
        elif token[0] != "#":
            start = line if not words else start
            words.append(token.strip("\"'"))
            line += token.count("\n")
    return top


def _servers(block: _Block) -> Iterator[_Block]:
    """The server blocks; a file of locations alone is a server's part."""
    for each in block.inner:
        if each.words == ["server"] and each.inner:
            yield each
        elif each.words == ["http"]:
            yield from _servers(each)


def _ways(server: _Block, file: File, above: list[_Block]) -> Iterator[Way]:
    if any(not _HARMLESS.search(each.words[-1]) for each in server.named("include")) or any(server.named("rewrite")):
        return
    if any(each.words[0] == "return" and each.words[1:2] and each.words[1].startswith("3") for each in server.inner if each.words):
        return
    named = {each.words[1]: each for each in server.named("location") if len(each.words) == 2 and each.words[1].startswith("@")}
    found: list[tuple[int, int, Way]] = []
    for number, each in enumerate(server.named("location")):
        sign, path = (each.words[1], each.words[2]) if len(each.words) > 2 else ("", each.words[1] if len(each.words) > 1 else "@")
        if path.startswith("@"):
            continue
        matched = _matched(sign, path)
        if matched is None:
            return
        rank = {"=": (0, 0), "^~": (1, -len(path)), "~": (2, number), "~*": (2, number)}.get(sign, (3, -len(path)))
        found.append((*rank, _way(each, server, named, matched, path, file, above)))
    # Without a location that fits, nginx looks for a file.
    root = server.says("root")
    rest = Way(below("/"), "files", file, (root or server).line)
    yield from (way for _, _, way in sorted(found, key=lambda each: each[:2]))
    yield rest


def _matched(sign: str, path: str) -> re.Pattern[str] | None:
    if sign in ("~", "~*"):
        try:
            return re.compile(path if path.startswith("^") else ".*" + path, re.IGNORECASE if sign == "~*" else 0)
        except re.error:
            return None
    return None if "$" in path else exactly(path) if sign == "=" else below(path)


def _way(location: _Block, server: _Block, named: dict[str, _Block], matched: re.Pattern[str], path: str, file: File, above: list[_Block]) -> Way:
    passed = next(location.named(*_PASSES), None)
    tried = location.says("try_files")
    if passed is None and tried is not None and tried.words[-1] in named:
        passed = next(named[tried.words[-1]].named(*_PASSES), None)
    if passed is None:
        errors = [each for each in (*location.named("error_page"), *server.named("error_page")) if "405" in each.words or "404" in each.words]
        sent_on = any(each.words[1:2] and each.words[1].startswith(("3", "/", "http")) for each in location.named("return"))
        goes = "open" if sent_on or errors or any(location.named("include", "rewrite", "location", "dav_methods")) else "files"
        return Way(matched, goes, file, location.line)
    if any(location.named("rewrite", "location")):
        return Way(matched, "open", file, location.line)
    uri = _URI.match(passed.words[-1])
    put = uri[1] if uri and uri[1] != path else None
    if "$" in (put or ""):
        return Way(matched, "open", file, location.line)
    why, line = _refuses(location, server)
    within = [*above, location] if passed in location.inner else [*above, location, *named.values()]
    told = any(location.named("include")) or passed.words[0] != "proxy_pass"
    upgrades = told or any(row.words[1:2] and row.words[1].lower() == "upgrade" for block in within for row in block.named("proxy_set_header"))
    buffers = not told and not any(row.words[1:] == ["off"] for block in within for row in block.named("proxy_buffering"))
    forwards = any(row.words[1:2] and row.words[1].lower() in _FORWARDED for block in within for row in block.named("proxy_set_header"))
    return Way(matched, "app", file, line or location.line, put, why, upgrades, buffers, "" if told else _host(passed, within), forwards, told or not _ends_tls(server) or _tells_https(within))


def _host(passed: _Block, within: list[_Block]) -> str:
    """What the app reads as Host: `$proxy_host` unless the innermost block that sets any header sets this one (nginx.org, proxy_set_header); "" for the request's own."""
    blocks = [block for block in within if any(block.named("proxy_set_header"))]
    if any(any(block.named("include")) for block in within[2:]):
        return ""
    said = next((row.words[2] for row in blocks[-1].named("proxy_set_header") if len(row.words) > 2 and row.words[1].lower() == "host"), "$proxy_host") if blocks else "$proxy_host"
    found = _TARGET.match(passed.words[-1]) if said == "$proxy_host" else _NAMED.match(said)
    return found[1] if found else ""


def _ends_tls(server: _Block) -> bool:
    return any("ssl" in row.words or "quic" in row.words for row in server.named("listen")) or any(server.named("ssl_certificate"))


def _tells_https(within: list[_Block]) -> bool:
    """Whether a header with the scheme is set where headers are: the innermost block that sets any says all."""
    blocks = [block for block in within if any(block.named("proxy_set_header"))]
    shared = any(any(block.named("include")) for block in within[2:])
    return shared or bool(blocks) and any(row.words[1:2] and row.words[1].lower() in _SCHEME for row in blocks[-1].named("proxy_set_header"))


def _refuses(location: _Block, server: _Block) -> tuple[str, int]:
    """What keeps a provider's POST out, and the line that says so."""
    if location.says("satisfy") or server.says("satisfy"):
        return "", 0
    for each in location.named("limit_except"):
        if "POST" not in each.words and any(inner.words == ["deny", "all"] for inner in each.inner):
            return "takes no POST", each.line
    for each in (*location.named("if"), *server.named("if")):
        if _ONLY_READS.search(" ".join(each.words)) and any(inner.words[:1] == ["return"] for inner in each.inner):
            return "takes no POST", each.line
    for name in ("auth_basic", "auth_request"):
        told = location.says(name) or server.says(name)
        if told is not None and told.words[-1] != "off":
            return "asks for a login", told.line
    # A location that says nothing of addresses takes what the server says (nginx.org, ngx_http_access_module).
    own = location if any(location.named("allow", "deny")) else server
    denied = next((each for each in own.named("deny") if each.words == ["deny", "all"]), None)
    shut = denied is not None and all(inside(each.words[-1]) for each in own.named("allow"))
    return (ADDRESSES, denied.line) if denied is not None and shut else ("", 0)
