"""The ways of nginx and Apache are read once for all who ask; files that show something, and broken ones, are passed over."""

from __future__ import annotations

from callcheck.model.knowledge import Knowledge
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.fronts.proxies import proxies

NGINX = "server {\n  location / {\n    proxy_pass http://web:8000;\n  }\n}\n"
APACHE = "<VirtualHost *:443>\nProxyPass / http://shop:8000/\n</VirtualHost>\n"


def test_both_servers_are_read_once(tmp_path) -> None:
    (tmp_path / "nginx.conf").write_text(NGINX)
    (tmp_path / "httpd.conf").write_text(APACHE)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "nginx.conf").write_text(NGINX.replace("web", "demo"))
    eyes = Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())
    found = proxies(eyes)
    assert sorted(way.host for front in found for way in front.ways if way.goes == "app") == ["shop", "web"]
    assert proxies(eyes) is found


def test_a_file_that_is_too_large_is_none(tmp_path) -> None:
    (tmp_path / "nginx.conf").write_text(NGINX + "#" * 300_000)
    assert proxies(Eyes(Target(base=tmp_path, folders=(tmp_path,)), Knowledge())) == ()
