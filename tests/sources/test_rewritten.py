"""Rules of proxies that change paths are read, and a longer rule that keeps the path has the last word."""

from __future__ import annotations

import pytest

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.rewritten import after, rewritten


def _asked(tmp_path, name: str, text: str, path: str = "/api/hooks/x") -> list[str]:
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return [asked for _, asked in after(path, list(rewritten(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge()))))]


NGINX = "location {} {{\n  {}\n}}\n"
ISTIO = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: a}}\nspec:\n  http:\n    - match: [{{uri: {{prefix: /api/}}}}]\n{}      route: [{{destination: {{host: a}}}}]\n"


@pytest.mark.parametrize(
    ("name", "text", "asked"),
    [
        ("nginx.conf", NGINX.format("/api/", "proxy_pass http://app:1/;"), "/hooks/x"),
        ("nginx.conf", NGINX.format("^~ /api/", "proxy_pass http://app:1/v1/;"), "/v1/hooks/x"),
        ("nginx.conf", NGINX.format("/api/", "rewrite ^/api/(.*)$ /$1 break;\n  proxy_pass http://app:1;"), "/hooks/x"),
        ("site.conf", "ProxyPass /api http://app:1/\n", "/hooks/x"),
        ("Caddyfile", "a.example.com {\n\thandle_path /api/* {\n\t\treverse_proxy app:1\n\t}\n}\n", "/hooks/x"),
        ("Caddyfile", "a.example.com {\n\troute /api/* {\n\t\turi strip_prefix /api\n\t\treverse_proxy app:1\n\t}\n}\n", "/hooks/x"),
        ("haproxy.cfg", "frontend a\n  http-request set-path %[path,regsub(^/api/,/)]\n", "/hooks/x"),
        ("istio.yaml", ISTIO.format("      rewrite: {uri: /}\n"), "/hooks/x"),
    ],
)
def test_a_path_is_changed(tmp_path, name: str, text: str, asked: str) -> None:
    assert _asked(tmp_path, name, text) == [asked]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nginx.conf", NGINX.format("/api/", "proxy_pass http://app:1;")),
        ("nginx.conf", NGINX.format("/api/", "proxy_pass http://app:1/;") + NGINX.format("/api/hooks/", "proxy_pass http://app:1;")),
        ("nginx.conf", NGINX.format("/other/", "proxy_pass http://app:1/;")),
        ("site.conf", "ProxyPass /api/ http://app:1/api/\n"),
        ("Caddyfile", "a.example.com {\n\thandle_path /api/* {\n\t\treverse_proxy app:1\n\t}\n\thandle /api/hooks/* {\n\t\treverse_proxy app:1\n\t}\n}\n"),
        ("haproxy.cfg", "frontend a\n  http-request replace-path /api(/)?(.*) /\\2 unless { path_beg /api/hooks }\n"),
        ("istio.yaml", ISTIO.format("")),
        ("compose.yml", "services:\n  a:\n    labels: ['traefik.http.middlewares.s.stripprefix.prefixes=/api']\n"),
    ],
    ids=["without a path", "a longer location", "another path", "the same path", "a longer handle", "a condition", "no rewrite", "a middleware for no router"],
)
def test_a_path_is_kept(tmp_path, name: str, text: str) -> None:
    assert _asked(tmp_path, name, text) == []
