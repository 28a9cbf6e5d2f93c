"""Where do Caddy and Apache send each path?

    handle /api/* { reverse_proxy app:8000 }        ProxyPass /api http://app:8000/api
    handle { file_server }                          DocumentRoot /srv/www

Sources: caddyserver.com, handle and file_server (which answers a POST with 405); httpd.apache.org, mod_proxy ("the first match wins"; ProxyPreserveHost is
off by default, and X-Forwarded-Host is added to each request).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callcheck.model.noun import dataclass, field, replace
from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.fronts import Front, Way, below, globbed

CADDY = ("Caddyfile*", "*.caddy", "*.Caddyfile")
APACHE = ("*.conf", "*.conf.template", "*.conf.j2", "*.vhost", "sites-*/*", "*/sites-*/*")
"""Known by their virtual hosts, whatever they are called."""
_HOST = pattern(r"^<VirtualHost\b[^>\n]{0,300}>(.*?)^[ \t]*</VirtualHost>", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_PROXIED = pattern(r"^[ \t]*ProxyPass(?P<re>Match)?[ \t]+\"?(?P<path>[^\s\"]{1,200})\"?[ \t]+\"?(?P<to>[^\s\"]{1,300})", re.MULTILINE | re.IGNORECASE)
_REWRITTEN = pattern(r"^[ \t]*RewriteRule[ \t]+\"?(?P<path>[^\s\"]{1,200})\"?[ \t]+\"?(?P<to>[^\s\"]{1,300})\"?(?:[ \t]+\[(?P<flags>[^\]\n]{1,60})\])?", re.MULTILINE | re.IGNORECASE)
_WITHIN = pattern(r"^[ \t]*<Location[ \t]+\"?(/[^\s\">]{0,200})\"?>(.*?)^[ \t]*</Location>", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_HERE = pattern(r"^[ \t]*ProxyPass[ \t]+\"?(\w+://\S{1,300})", re.MULTILINE | re.IGNORECASE)
_SOCKETS = pattern(r"upgrade=|wss?://|HTTP:Upgrade|websocket", re.IGNORECASE)
_KEEPS_HOST = pattern(r"^[ \t]*(?:ProxyPreserveHost[ \t]+On\b|RequestHeader[ \t]+set[ \t]+\"?Host\b)", re.MULTILINE | re.IGNORECASE)
_ENDS_TLS = pattern(r"^[ \t]*SSLEngine[ \t]+on\b", re.MULTILINE | re.IGNORECASE)
_TELLS_HTTPS = pattern(r"^[ \t]*(?:RequestHeader[ \t]+\w+[ \t]+\"?(?:X-Forwarded-(?:Proto\w*|Scheme|SSL)|X-Scheme|Forwarded)\b|Include)", re.MULTILINE | re.IGNORECASE)
_TARGET = pattern(r"^https?://([\w.-]{1,200})(?::\d{1,5})?(?:/|$)", re.IGNORECASE)
_ROOT = pattern(r"^[ \t]*DocumentRoot\b", re.MULTILINE | re.IGNORECASE)
_URI = pattern(r"\w+://[^/\s]{1,200}(/\S*)?$")
_DIRECTIVES = frozenset("handle handle_path route reverse_proxy php_fastcgi file_server header encode log tls".split())


def apache(file: File, text: str) -> Iterator[Front]:
    """One for each virtual host that serves files and hands something on."""
    for host in _HOST.finditer(text):
        root, base, upgrades = _ROOT.search(host[1]), host.start(1), _SOCKETS.search(text) is not None
        ways: list[tuple[int, Way]] = []
        for found in _PROXIED.finditer(host[1]):
            line = text.count("\n", 0, base + found.start("path")) + 1
            ways.append((found.start(), _proxied(found["path"], found["to"], bool(found["re"]), file, line)))
        for within in _WITHIN.finditer(host[1]):
            if passed := _HERE.search(within[2]):
                ways.append((within.start(), _proxied(within[1], passed[1], False, file, text.count("\n", 0, base + within.start(1)) + 1)))
        for found in _REWRITTEN.finditer(host[1]):
            if re.search(r"(?:^|,)P(?:,|$)", found["flags"] or ""):
                ways.append((found.start(), Way(re.compile("/"), "open", file, 1)))
        if _KEEPS_HOST.search(text):
            ways = [(at, replace(way, host="")) for at, way in ways]
        if not upgrades:
            ways = [(at, replace(way, upgrades=False)) for at, way in ways]
        if _ENDS_TLS.search(host[1]) and not _TELLS_HTTPS.search(text):
            ways = [(at, replace(way, tells_https=False)) for at, way in ways]
        if root is None and ways:
            yield Front("apache", tuple(way for _, way in sorted(ways, key=lambda each: each[0])))
        elif root is not None and ways:
            line = text.count("\n", 0, base + root.end()) + 1
            yield Front("apache", (*(way for _, way in sorted(ways, key=lambda each: each[0])), Way(below("/"), "files", file, line)))


def _proxied(path: str, to: str, expression: bool, file: File, line: int) -> Way:
    if to == "!":
        return Way(below(path), "files", file, line)
    if expression or "$" in to:
        return Way(re.compile(path) if expression and _compiles(path) else below(path), "app" if "$1" in to else "open", file, line)
    uri = _URI.match(to.split("|")[-1])
    put = uri[1] or "" if uri else ""
    called = _TARGET.match(to)
    return Way(below(path), "app", file, line, None if put.rstrip("/") == path.rstrip("/") else put or "/", host=called[1] if called else "", forwards=True)


def _compiles(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


@dataclass(slots=True)
class _Block:
    words: list[str]
    line: int
    inner: list[_Block] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[_Block]:
        for each in self.inner:
            if each.words and each.words[0] in names:
                yield each
            yield from each.all(*names)


def caddy(file: File, text: str) -> Iterator[Front]:
    """One for each site that serves files and hands something on."""
    top = _parsed(text)
    sites = [each for each in top.inner if each.inner and each.words[0] not in _DIRECTIVES and each.words[0][0] not in "({"]
    for site in sites or [top]:
        if any(site.all("import", "rewrite", "uri", "forward_auth")):
            continue
        matchers = {each.words[0]: each for each in site.inner if each.words and each.words[0].startswith("@")}
        ways = _locked([way for each in site.inner for way in _ways(each, matchers, file)], site, matchers)
        ways.sort(key=lambda way: -len(way.match.pattern))
        if ways:
            yield Front("caddy", tuple(ways))


def _locked(ways: list[Way], site: _Block, matchers: dict[str, _Block]) -> list[Way]:
    """The ways below a check that is asked for beside them: of every path, of some, or of all but some (`@locked not path /hooks/*`)."""
    for lock in (each for each in site.inner if each.words[:1] in (["basic_auth"], ["basicauth"])):
        given = lock.words[1] if len(lock.words) > 1 and lock.words[1][0] in "/@*" else "*"
        matcher = matchers.get(given)
        rows = [matcher.words[1:]] if matcher and len(matcher.words) > 1 else [each.words for each in matcher.inner] if matcher else []
        locked = [replace(way, refuses="asks for a login", line=lock.line) if way.goes == "app" else way for way in ways]
        paths = [given] if given[0] == "/" else _paths(matcher)
        spares = rows[0][2:] if len(rows) == 1 and rows[0][:2] == ["not", "path"] else []
        if given == "*":
            ways = locked
        elif paths is not None:
            ways = [*(replace(way, match=globbed(path)) for way in locked if way.refuses for path in paths), *ways]
        elif spares:
            ways = [*(replace(way, match=globbed(path)) for way in ways if way.goes == "app" and way.match.match("/x") for path in spares), *locked]
        else:
            ways = [replace(way, goes="open") for way in ways]
    return ways


def _ways(block: _Block, matchers: dict[str, _Block], file: File) -> Iterator[Way]:
    name = block.words[0] if block.words else ""
    if name in ("handle", "handle_path", "route"):
        goes = "app" if any(block.all("reverse_proxy", "php_fastcgi")) else "files" if any(block.all("file_server", "respond")) else "open"
        strips = "/" if name == "handle_path" or any(block.all("uri")) else None
        refuses = "asks for a login" if any(block.all("basic_auth", "basicauth")) and goes == "app" else ""
    elif name in ("reverse_proxy", "php_fastcgi", "file_server"):
        goes, strips, refuses = ("files" if name == "file_server" else "app"), None, ""
    else:
        return
    given = block.words[1] if len(block.words) > 1 and block.words[1][0] in "/@*" else "*"
    if given.startswith("@"):
        paths = _paths(matchers.get(given))
        if paths is None:
            yield Way(below("/"), "open", file, block.line)
    else:
        paths = [given]
    for path in paths or ():
        yield Way(globbed(path if path.startswith("/") else "/*"), goes, file, block.line, strips, refuses)


def _paths(matcher: _Block | None) -> list[str] | None:
    """The paths of a named matcher; None for one that asks for something else."""
    rows = [matcher.words[1:]] if matcher and len(matcher.words) > 1 else [each.words for each in matcher.inner] if matcher else []
    return rows[0][1:] if len(rows) == 1 and rows[0][:1] == ["path"] else None


def _parsed(text: str) -> _Block:
    top = _Block([], 0)
    stack = [top]
    for number, line in enumerate(text.split("\n"), 1):
        words = re.sub(r"(?:^|\s)#.*", "", line).split()
        if words == ["}"]:
            if len(stack) > 1:
                stack.pop()
        elif words:
            opens = words[-1] == "{"
            made = _Block(words[:-1] if opens else words, number)
            if opens and not made.words:
                made.words = ["{}"]
            stack[-1].inner.append(made)
            if opens:
                stack.append(made)
    return top
