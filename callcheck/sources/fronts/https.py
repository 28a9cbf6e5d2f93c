"""Does what stands in front of the app answer plain http with a redirect to https, and where is that said?

    server { listen 80; return 301 https://$host$request_uri; }     # nginx
    [http_service] force_https = true                               # Fly
    spec: {tls: [...]}                                              # ingress-nginx: ssl-redirect is on for a host with a certificate
    default_action { type = "redirect" ... protocol = "HTTPS" }     # a listener of AWS

Sources: nginx.org, ngx_http_rewrite_module; httpd.apache.org, mod_alias and mod_rewrite (302 unless told otherwise); docs.haproxy.org, `redirect` (302); caddyserver.com, automatic
HTTPS (308); doc.traefik.io, RedirectScheme (308 and 307 for what is no GET); kubernetes.github.io/ingress-nginx, server-side-https-redirect (308); docs.aws.amazon.com,
elbv2 redirect actions and CloudFront's redirect-to-https (307 for a POST); registry.terraform.io, google_compute_url_map (301) and azurerm's https_only (301).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callcheck.model.evidence import Location
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.sources.documents import Table
from callcheck.sources.files import File
from callcheck.sources.fronts import nginx
from callcheck.sources.fronts.servers import APACHE, CADDY
from callcheck.sources.launch import COMPOSE_FILES, own_texts

if TYPE_CHECKING:
    from callcheck.sources import Eyes

_SAID = (
    # Files, what they say, and the status of the answer to a POST; \"\" for one that a group gives.
    (("fly*.toml",), pattern(r"^[ \t]*force_https[ \t]*=[ \t]*true", re.MULTILINE), "301"),
    (
        (*COMPOSE_FILES, "traefik*.y*ml", "traefik*.toml", "*.yaml", "*.yml"),
        pattern(r"redirections\.entrypoint\.scheme=https|redirectscheme\.scheme[=:]\s*\"?https|\bredirectScheme:\s*\n\s*(?:permanent:\s*\w+\s*\n\s*)?scheme:\s*\"?https|^[ \t]*redirections:\s*\n\s*entry[pP]oint:\s*\n(?:\s*to:[^\n]*\n)?\s*scheme:\s*https"),
        "308",
    ),
    (
        APACHE,
        pattern(
            r"^[ \t]*Redirect(?:Match)?[ \t]+(?:(?P<status>30[12378]|permanent|temp|seeother)[ \t]+)?\S{1,100}[ \t]+\"?https://|^[ \t]*RewriteRule[ \t]+\S{1,100}[ \t]+\"?https://\S{1,100}(?:[ \t]+\[[^\]\n]{0,40}?R=(?P<code>30[12378]|permanent|temp))?",
            re.MULTILINE,
        ),
        "302",
    ),
    (("haproxy*.cfg", "*.haproxy"), pattern(r"^[ \t]*(?:http-request[ \t]+)?redirect[ \t]+scheme[ \t]+https\b(?:[^\n]{0,100}?\bcode[ \t]+(?P<code>30[12378]))?", re.MULTILINE), "302"),
    (("*.tf",), pattern(r"\btype[ \t]*=[ \t]*\"redirect\"\s*redirect[ \t]*\{[^}]{0,200}?\bprotocol[ \t]*=[ \t]*\"HTTPS\"(?:[^}]{0,100}?\bstatus_code[ \t]*=[ \t]*\"HTTP_(?P<code>30[12])\")?"), "301"),
    (("*.tf",), pattern(r"\bhttps_redirect[ \t]*=[ \t]*true|^[ \t]*https_only[ \t]*=[ \t]*true", re.MULTILINE), "301"),
    (("*.tf", "*.yaml", "*.yml", "*.json"), pattern(r"\b(?:viewer_protocol_policy|ViewerProtocolPolicy)\"?[ \t]*[:=][ \t]*\"?redirect-to-https"), "307"),
    (("*.bicep",), pattern(r"^[ \t]*httpsOnly[ \t]*:[ \t]*true", re.MULTILINE), "301"),
    (("app.yaml", "app.yml"), pattern(r"^[ \t]*secure:[ \t]*always", re.MULTILINE), "302"),
    (("*.yaml", "*.yml"), pattern(r"\brequestRedirect:\s*\n\s*(?:statusCode:\s*(?P<code>30[12])\s*\n\s*)?scheme:\s*https"), "302"),
)
FILES = (*dict.fromkeys((*nginx.FILES, *CADDY, *(glob for globs, _, _ in _SAID for glob in globs))),)
_NAMED = pattern(r"\bHost\(([^)\n]{1,300})\)|^[ \t]*Server(?:Name|Alias)[ \t]+([^\n]{1,300})|\bhdr\(host\)[^\n]{0,40}?((?:[\w-]{1,63}\.)+[a-z]{2,})|^[ \t]*-[ \t]+\"?((?:[\w*-]{1,63}\.){1,6}[a-z]{2,})\"?[ \t]*$", re.MULTILINE)
_SITE = pattern(r"^(?P<names>[^\s#({}][^{}#\n]{0,300}?)[ \t]*\{", re.MULTILINE)
_OFF = pattern(r"\bauto_https[ \t]+(?:off|disable_redirects)")
_WORDS = {"permanent": 301, "temp": 302, "seeother": 303}
_KEEPS = (307, 308)
_LARGEST_BYTES = 300_000


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a request over http is sent on, and with which status."""

    where: Location
    status: int

    @property
    def keeps(self) -> bool:
        """Whether a client that follows posts again; after another status it asks with GET."""
        return self.status in _KEEPS


def redirected(eyes: Eyes, host: str, path: str = "/") -> Redirect | None:
    """What sends a request for a host from http to https; None where nothing is known to."""
    for file, text in own_texts(eyes, *nginx.FILES, most=_LARGEST_BYTES):
        sent = nginx.sent_to_https(text, host, path) if "https://" in text and "server" in text else None
        if sent is not None:
            return Redirect(Location(clean(file.name), sent[0]), sent[1])
    for globs, said, usual in _SAID:
        for file, text in own_texts(eyes, *globs, most=_LARGEST_BYTES):
            found = said.search(text)
            if found and _serves(text, host):
                told = found.groupdict()
                status = told.get("code") or told.get("status") or usual
                return Redirect(_at(file, text, found.start()), int(_WORDS.get(status, status)))
    return _by_caddy(eyes, host) or _by_certificate(eyes, host)


def _at(file: File, text: str, offset: int) -> Location:
    return Location(clean(file.name), text.count("\n", 0, offset) + 1)


def _serves(text: str, host: str) -> bool:
    """Whether a file may be about a host: it names this one, or one with a wildcard or a variable, or none at all."""
    named = " ".join(part for found in _NAMED.findall(text) for part in found)
    return not named.strip() or host in named or host.partition(".")[2] in named or any(mark in named for mark in ("_", "$", "*", "~"))


def _by_caddy(eyes: Eyes, host: str) -> Redirect | None:
    """A site that Caddy gets a certificate for: it is named without http:// and without another port."""
    for file, text in own_texts(eyes, *CADDY, most=_LARGEST_BYTES):
        for site in _SITE.finditer(text) if not _OFF.search(text) else ():
            names = site["names"].replace(",", " ").split()
            if f"http://{host}" not in names and any(name in (host, f"https://{host}", f"{host}:443") for name in names):
                return Redirect(_at(file, text, site.start()), 308)
    return None


def _by_certificate(eyes: Eyes, host: str) -> Redirect | None:
    from callcheck.sources.manifests import collect

    for ingress in collect(eyes).of("Ingress"):
        notes = ingress.get("metadata", "annotations")
        off = isinstance(notes, Table) and any(key.endswith("/ssl-redirect") and str(value).lower() == "false" for key, value in notes.items())
        nginx_class = ingress.get("spec", "ingressClassName") == "nginx" or isinstance(notes, Table) and "nginx" in str(notes.get("kubernetes.io/ingress.class"))
        hosts = [str(each) for row in ingress.get("spec", "tls") or () if isinstance(row, Table) for each in row.get("hosts") or ()]
        if host in hosts and nginx_class and not off:
            return Redirect(ingress.where("spec", "tls"), 308)
    return None
