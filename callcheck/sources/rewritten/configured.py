"""Which paths do nginx, Apache, Caddy and HAProxy change on the way to the app?

    location /api/ { proxy_pass http://app:8000/; }
    ProxyPass /api/ http://127.0.0.1:8000/
    handle_path /api/* { reverse_proxy app:8000 }
    http-request replace-path /api(/)?(.*) /\\2

Sources: nginx.org, proxy_pass ("If proxy_pass is specified with a URI ..."); httpd.apache.org, mod_proxy; caddyserver.com/docs, handle_path and uri;
docs.haproxy.org, http-request replace-path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.files import File
from callcheck.sources.launch import own_texts
from callcheck.sources.rewritten import CONFIGURED
from callcheck.sources.rewritten.way import Way, prefix

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_LOCATION = pattern(r"^[ \t]*location[ \t]+(?:\^~[ \t]+)?(/[\w./-]{0,80})[ \t]*\{([^{}]{0,3000})\}", re.MULTILINE)
_PASS = pattern(r"^[ \t]*proxy_pass[ \t]+https?://[^\s/;$]{1,120}(/[\w./-]{0,80});", re.MULTILINE)
_KEPT = pattern(r"^[ \t]*(?:proxy|grpc|uwsgi|fastcgi)_pass[ \t]+[^\s/;]{1,20}(?://[^\s/;]{1,120})?;", re.MULTILINE)
_REWRITE = pattern(r"^[ \t]*rewrite[ \t]+\^(/[\w./-]{1,80}?)/?(?:\(/\|\$\))?\(\.\*\)\$?[ \t]+(/[\w./-]{0,80}?)\$[12][ \t]+break;", re.MULTILINE)
_APACHE = pattern(r"^[ \t]*ProxyPass[ \t]+\"?(/[\w./-]{1,80})\"?[ \t]+\"?https?://[^\s/\"]{1,120}(/[\w./-]{0,80})?\"?", re.MULTILINE | re.IGNORECASE)
_CADDY = pattern(r"^[ \t]*handle_path[ \t]+(/[\w./-]{1,80}?)/?\*[ \t]*\{([^}]{0,600})", re.MULTILINE)
_HANDLED = pattern(r"^[ \t]*(?:handle|route|reverse_proxy)[ \t]+(/[\w./-]{1,80}?)/?\*?[ \t]*(?:\{([^}]{0,600})|[\w.:-]{1,80}$)", re.MULTILINE)
_URI = pattern(r"^[ \t]*(?:handle|route)[ \t]+(/[\w./-]{1,80}?)/?\*?[ \t]*\{[^{}]{0,300}?^[ \t]*uri[ \t]+strip_prefix[ \t]+(/?[\w./-]{1,80})", re.MULTILINE)
_HAPROXY = pattern(r"^[ \t]*http-request[ \t]+(?:replace-path[ \t]+\^?(/[\w./-]{1,80}?)/?(?:\(/\)\?)?/?\(\.\*\)\$?[ \t]+(/[\w./-]{0,80}?)\\[12](?![^\n]*[ \t]unless[ \t])|set-path[ \t]+%\[path,regsub\(\^?(/[\w./-]{1,80}?)/?,(/?[\w./-]{0,80})\)\])", re.MULTILINE)


def read(eyes: Eyes) -> Iterator[Way]:
    """Every rule, with the line on which the path is changed."""
    for file, text in own_texts(eyes, *CONFIGURED, most=300_001):
        yield from _nginx(file, text) if "proxy_pass" in text else ()
        yield from _apache(file, text) if "ProxyPass" in text else ()
        yield from _caddy(file, text) if "reverse_proxy" in text else ()
        for found in _HAPROXY.finditer(text) if "http-request" in text else ():
            yield Way(prefix(found[1] or found[3]), found[2] or found[4] or "/", file, _line(text, found.start()))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _nginx(file: File, text: str) -> Iterator[Way]:
    for found in _LOCATION.finditer(text):
        passed, changed = _PASS.search(found[2]), _REWRITE.search(found[2])
        if passed and "rewrite" not in found[2]:
            yield Way(re.compile(re.escape(found[1])), passed[1], file, _line(text, found.start(2) + passed.start(1)))
        elif changed and "proxy_pass" in found[2] and found[1].rstrip("/") == changed[1].rstrip("/"):
            yield Way(prefix(changed[1]), changed[2], file, _line(text, found.start(2) + changed.start(1)))
        elif _KEPT.search(found[2]) and "rewrite" not in found[2]:
            yield Way(re.compile(re.escape(found[1])), None, file, _line(text, found.start(1)))


def _apache(file: File, text: str) -> Iterator[Way]:
    for found in _APACHE.finditer(text):
        put = found[2] or ""
        if put.rstrip("/") == found[1].rstrip("/"):
            yield Way(re.compile(re.escape(found[1])), None, file, _line(text, found.start(1)))
            continue
        # Apache puts the rest of the path behind the address as it is: /api/ and http://app, without a slash, make no address at all.
        if put or not found[1].endswith("/"):
            yield Way(re.compile(re.escape(found[1])), put or "/", file, _line(text, found.start(1)))


def _caddy(file: File, text: str) -> Iterator[Way]:
    for found in _CADDY.finditer(text):
        if "reverse_proxy" in found[2] and not re.search(r"^[ \t]*(?:rewrite|uri)\b", found[2], re.MULTILINE):
            yield Way(prefix(found[1]), "/", file, _line(text, found.start(1)))
    for found in _HANDLED.finditer(text):
        if found[2] is None or "reverse_proxy" in found[2] and not re.search(r"^[ \t]*(?:rewrite|uri)\b", found[2], re.MULTILINE):
            yield Way(prefix(found[1]), None, file, _line(text, found.start(1)))
    for found in _URI.finditer(text):
        stripped = "/" + found[2].strip("/")
        if (found[1].rstrip("/") + "/").startswith(stripped + "/"):
            yield Way(prefix(stripped), "/", file, _line(text, found.start(2)))
