"""What stands for a name that tells whose system this is, so that evidence can be shown to strangers?

    10:15:03 web-7d9f8c6b54-x2x1z user=alice@shop.test 203.0.113.9 refused
    10:15:03 pod-1 user=email-1 ip-1 refused

Tokens are numbered in the order of first appearance and made from nothing else: no key, no digest. So the same input gives the same tokens,
the same value the same token wherever it stands, and nobody can try a list of names against them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from callcheck.model.pattern import pattern

TOKEN = pattern(r"\b(pod|host|private-ip|ip|user|email|id|phone)-\d+\b")
"""Any token; the first group is its kind."""
_TLD = r"(?:com|net|org|io|dev|app|ai|cloud|co|eu|info|biz|de|uk|fr|nl|es|it|pl|se|no|fi|dk|ch|at|be|ca|us|in|jp|cn|kr|br|au|ru|internal|intra|local|lan|corp|home|private|localdomain|arpa|shop|tech|online|site|xyz|me)"
_DOMAIN = rf"(?:[a-z0-9_](?:[a-z0-9_-]{{0,61}}[a-z0-9])?\.){{1,8}}{_TLD}"
_KEPT = pattern(
    r"(?i)(?:^|\.)(?:localhost|example|test|invalid|example\.(?:com|net|org)|host\.docker\.internal|metadata\.google\.internal"
    r"|openai\.com|anthropic\.com|mistral\.ai|groq\.com|deepseek\.com|x\.ai|cohere\.ai|googleapis\.com|stripe\.com|slack\.com|twilio\.com|telegram\.org|discord\.com"
    r"|facebook\.com|github\.com|githubusercontent\.com|gitlab\.com|npmjs\.org|nodejs\.org|pypi\.org|python\.org|docker\.io|ghcr\.io|quay\.io|gcr\.io|k8s\.io|svix\.com|shopify\.com)$"
)
"""Hosts that are nobody's in particular, and of which it helps to know that it is they."""
_NO_USER = frozenset("node app root runner ubuntu ec2-user vscode user admin www-data circleci travis jovyan git default postgres redis guest".split())
_SHAPES: tuple[tuple[str, str], ...] = (
    ("email", r"(?i)\b[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}\b"),
    ("host", r"(?i)(?<=://)(?:\[redacted\]@|(?:[^\s/:@\"'`<>]{1,64}(?::[^\s/@\"'`<>]{0,64})?@)?)([a-z0-9][a-z0-9.-]{0,252}[a-z0-9])(?=[:/?#\s\"'`,;)\]}>]|$)"),
    ("pod", r"\b[a-z](?:[a-z0-9-]{0,60}[a-z0-9])?-(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,10}-[a-z0-9]{5}\b"),
    ("host", r"(?i)\bip-\d{1,3}(?:-\d{1,3}){3}(?:\.[a-z0-9-]{1,30}){0,4}\b"),
    ("host", r"(?i)(?<![\w./@$-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:internal|intra|lan|corp|localdomain|svc\.cluster\.local|amazonaws\.com|azurewebsites\.net|herokuapp\.com|run\.app|vercel\.app|ngrok\.io|ngrok-free\.app|ngrok\.app)\b(?![(\w])"),
    ("ip", r"(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.]*\d)"),
    ("ip6", r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])"),
    ("id", r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    ("home", r"(?:(?<!\w)/home/|/Users/|\\Users\\)([\w.-]{1,64})(?=[/\\\s\"':]|$)"),
)
"""What tells by its form what it is, wherever it stands."""
_IN_LOGS: tuple[tuple[str, str], ...] = (
    ("id", r"(?i)(?<![\w.-])(?:[0-9a-f]{16,64}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12})(?![\w-])"),
    ("id", r"\b[a-z]{2,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]{8,64}\b"),
    ("phone", r"(?<![\w+])\+\d[\d -]{7,14}\d\b"),
    ("user", r"(?i)\b(?:user|customer|account|tenant|member)\s+[#\"']?((?=[\w.@-]*\d)[\w.@-]{1,64})"),
)
_FIRST: tuple[tuple[str, str], ...] = (
    ("syslog", r"^(?:<\d{1,3}>\d? ?)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,30}) ([\w.-]{1,120}) [\w./-]{1,60}(?:\[\d+\])?:"),
)
_KEYED = pattern(r"([\w.-]{1,40})\\?[\"']?\s?[:=]\s?\\?[\"']?")
_KEPT_BY_KEY = pattern(r"[^\s\"'\\,;&<>(){}\[\]|=]{1,128}")
_USER_KEY = pattern(r"(?i)(?:^|[._-]|(?<=[a-z])(?=[UA]))(?:user(?:name|[_-]?id)?|uid|login|account(?:[_-]?id)?|customer(?:[_-]?id)?|tenant(?:[_-]?id)?|principal|member(?:[_-]?id)?)$")
_HOST_KEY = pattern(r"(?i)(?:^|[._-])(?:host(?:[_-]?name)?|node[_-]?name|machine|domain)$")
_POD_KEY = pattern(r"(?i)(?:^|[._-])(?:pod(?:[_-]?name)?|container[_-]?(?:name|id))$")
_ID_KEY = pattern(r"(?:^|[._-])(?:id|ID|uuid|UUID|session|sid|trace|span|correlation|request|conversation|chat|thread)$|[._-](?:id|ID|uuid)$|[a-z]I[dD]$|^(?:sessionid|requestid|traceid|userid|orderid|jobid)$")
_NO_ID = pattern(r"(?i)(?:^|[._-])(?:pid|ppid|tid|gid|process[_-]?id|thread[_-]?id|worker[_-]?id)$")
_NO_VALUE = pattern(r"(?i)^(?:null|none|nil|undefined|true|false|unknown|anonymous|system|redacted|-+|\W*|\d|function|string|number|object|.*…)$")


class Pseudonyms:
    """The tokens of one archive."""

    def __init__(self, token: Callable[[str, int], str] = "{}-{}".format) -> None:
        """`token` makes one of a kind and the number that a value has in it, from 1."""
        self._token = token
        self._known: dict[str, str] = {}
        self._bare: dict[str, dict[str, str]] = {"code": {}, "log": {}}
        self.counts: dict[str, int] = {}
        """How many values each kind of token stands for."""

    def code(self, text: str) -> str:
        """A line of source or configuration, a file name, a name: what identifies by its form alone goes, and known hosts."""
        return self._again(self._shaped(text, _SHAPES), "code")

    def log(self, text: str) -> str:
        """A line of a log: ids, and what stands behind a key such as `user=`, go too, here and wherever it stands by itself."""
        return self._again(self._keyed(self._shaped(self._shaped(text, _FIRST), (*_SHAPES, *_IN_LOGS))), "log")

    def host(self, text: str) -> str:
        """A host with or without a port; a name without a dot is that of a service, and stays."""
        name, colon, port = text.rpartition(":") if re.fullmatch(r"[^:]+:\d+", text) else (text, "", "")
        if re.fullmatch(rf"(?i){_DOMAIN}", name) and not _KEPT.search(name):
            return self._of("host", name) + colon + port
        return self.code(text)

    def _of(self, kind: str, value: str) -> str:
        if value not in self._known:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self._known[value] = self._token(kind, self.counts[kind])
            self._remember(kind, value)
        return self._known[value]

    def _remember(self, kind: str, value: str) -> None:
        """Know it where nothing marks it, too, if it is no word (`worker`) and no library (`socket.io`)."""
        if kind not in ("host", "pod", "user") or len(value) < 4 or value.isalpha() or value.isdigit() or value.lower() in _NO_USER:
            return
        if kind != "host" or value.count(".") != 1:
            self._bare["log"][value] = self._known[value]
        if kind == "host" and value.count(".") > 1:
            self._bare["code"][value] = self._known[value]

    def _again(self, text: str, where: str) -> str:
        """With tokens for what was met before, behind a key or as an address."""
        for value, token in self._bare[where].items():
            if value in text:
                text = re.sub(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)", token, text)
        return text

    def _shaped(self, text: str, shapes: tuple[tuple[str, str], ...]) -> str:
        for kind, shape in shapes:
            text = re.sub(shape, getattr(self, f"_a_{kind}", self._whole(kind)), text)
        return text

    def _whole(self, kind: str) -> Callable[[re.Match[str]], str]:
        """Puts the token in the place of the last group, or of all of it."""

        def put(found: re.Match[str]) -> str:
            value = found[found.re.groups]
            return _put(found, self._of(kind, value)) if not TOKEN.fullmatch(value) else found[0]

        return put

    def _a_host(self, found: re.Match[str]) -> str:
        value = found[found.re.groups]
        if _KEPT.search(value) or ("." not in value and not value.startswith("ip-")) or re.fullmatch(r"[\d.]+", value):
            return found[0]
        return _put(found, self._of("host", value))

    def _a_ip(self, found: re.Match[str]) -> str:
        value = found[0]
        if value.startswith(("127.", "0.", "255.")):
            return value
        parts = value.split(".")
        private = parts[0] == "10" or parts[:2] == ["192", "168"] or (parts[0] == "172" and 16 <= int(parts[1]) <= 31)
        return self._of("private-ip" if private else "ip", value)

    def _a_ip6(self, found: re.Match[str]) -> str:
        import ipaddress

        try:
            held = ipaddress.IPv6Address(found[0])
        except ValueError:
            return found[0]
        if held.is_loopback or held.is_unspecified or not any(c.isdigit() for c in found[0]) or len(found[0]) < 6:
            return found[0]
        return self._of("private-ip" if held.is_private else "ip", found[0].lower())

    def _a_home(self, found: re.Match[str]) -> str:
        return found[0] if found[1].lower() in _NO_USER or TOKEN.fullmatch(found[1]) else _put(found, self._of("user", found[1]))

    def _a_syslog(self, found: re.Match[str]) -> str:
        return found[0] if found[1] == "localhost" or TOKEN.fullmatch(found[1]) else _put(found, self._of("host", found[1]))

    def _keyed(self, text: str) -> str:
        """With a token for each value that stands behind a key such as `user=` or `"orderId":`."""
        parts, done = [], 0
        for key in _KEYED.finditer(text):
            kind = _kind(key[1]) if key.start() >= done else ""
            value = _KEPT_BY_KEY.match(text, key.end()) if kind else None
            if value:
                parts += [text[done : value.start()], self._by_key(kind, value[0])]
                done = value.end()
        return "".join((*parts, text[done:]))

    def _by_key(self, kind: str, value: str) -> str:
        if _NO_VALUE.match(value) or TOKEN.search(value) or (kind == "host" and "." not in value and _plain(value)):
            return value
        port = re.search(r":\d{1,5}$", value) if kind == "host" else None
        bare = value[: port.start()] if port else value.rstrip(".:")
        if kind == "host" and (_KEPT.search(bare) or re.fullmatch(r"[\d.]+", bare)):
            return value
        return self._of(kind, bare) + value[len(bare) :]


def _kind(key: str) -> str:
    if not key or _NO_ID.search(key):
        return ""
    for kind, keys in (("user", _USER_KEY), ("host", _HOST_KEY), ("pod", _POD_KEY), ("id", _ID_KEY)):
        if keys.search(key):
            return kind
    return ""


def _plain(name: str) -> bool:
    """Whether a host's name without a dot is but that of a service: `redis`, `db`."""
    return not any(c.isdigit() for c in name)


def _put(found: re.Match[str], token: str) -> str:
    """What was found, with the token in the place of its last group."""
    group = found.re.groups
    begin, end = found.start(group) - found.start(), found.end(group) - found.start()
    return found[0][:begin] + token + found[0][end:]


def alike(text: str) -> str:
    """The text with every such name, or token of one, made its mere kind, so that what two systems say can be compared."""
    return TOKEN.sub(lambda found: found[1], Pseudonyms(lambda kind, number: f"{kind}-0").log(text))
