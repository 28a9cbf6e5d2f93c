"""Does a product that gives its own address away, for webhooks to be sent to, know the one at which the world reaches it?

    n8n: {image: n8nio/n8n, environment: {N8N_HOST: localhost}}     # behind Caddy; without WEBHOOK_URL Telegram is given http://localhost:5678/
    WOODPECKER_HOST: http://localhost:8000                          # what the forge is to call

Silent where the deployment shows no way in from outside: whoever uses a product on his own machine is reached there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.network import AddressUnreachable
from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.public_url import is_public
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.documents import Table
from callcheck.sources.environment import Setting, compose, settings
from callcheck.sources.launch import aside
from callcheck.sources.manifests import collect


@dataclass(frozen=True, slots=True)
class _Product:
    """A product, by the name of its image or of its own variables, with those that hold its address, the strongest first."""

    name: str
    image: str
    own: str
    urls: tuple[str, ...]
    default: str
    """What it gives away if none of them is set; "" if it does not start then."""
    port: str


_PRODUCTS = (
    # docs.n8n.io/hosting/configuration/configuration-examples/webhook-url: built from N8N_PROTOCOL, N8N_HOST and N8N_PORT unless it is set; N8N_WEBHOOK_URL since 2.35.
    _Product("n8n", "n8n", "N8N_", ("WEBHOOK_URL", "N8N_WEBHOOK_URL", "WEBHOOK_TUNNEL_URL"), "http://localhost:5678/", "5678"),
    # woodpecker-ci/woodpecker, cmd/server/flags.go: server-webhook-host goes before server-host; WOODPECKER_WEBHOOK_HOST is its name up to 2.x.
    _Product("Woodpecker", "woodpecker-server", "WOODPECKER_", ("WOODPECKER_EXPERT_WEBHOOK_HOST", "WOODPECKER_WEBHOOK_HOST", "WOODPECKER_HOST"), "", "8000"),
    # docs.drone.io/server/reference: webhooks are made for DRONE_SERVER_PROXY_HOST if it is set; drone/drone, config.go: the host is localhost:8080 if none is.
    _Product("Drone", "drone", "DRONE_SERVER_", ("DRONE_SERVER_PROXY_HOST", "DRONE_SERVER_HOST"), "http://localhost:8080", "80"),
    # activepieces.com/docs/install/configuration/environment-variables
    _Product("Activepieces", "activepieces", "AP_ENGINE_", ("AP_WEBHOOK_URL_PREFIX", "AP_FRONTEND_URL"), "", "80"),
    # chatwoot/chatwoot, app/models/channel: setWebhook is given FRONTEND_URL + /webhooks/telegram.
    _Product("Chatwoot", "chatwoot", "CHATWOOT_", ("FRONTEND_URL",), "", "3000"),
    # automatisch/automatisch, packages/backend/src/config/app.js: WEBHOOK_URL || API_URL || PROTOCOL://HOST:PORT, with localhost as HOST.
    _Product("Automatisch", "automatisch", "AUTOMATISCH_", ("WEBHOOK_URL", "API_URL", "HOST"), "http://localhost:3000", "3000"),
)  # fmt: skip
_ANY = pattern(r"^(?:[A-Z0-9]+_)*(?:WEB_?HOOK|CALLBACK)S?_(?:PUBLIC_|EXTERNAL_|BASE_|TUNNEL_|SERVER_)?(?:URL|HOST|ADDRESS|ENDPOINT|DOMAIN)(?:_PREFIX)?$")
"""Variables of whatever app that hold the address at which it is to be called."""
_LOOPBACK = pattern(r"(?:^|//)(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?)(?::(\d+))?(?:/|$)")
_PROXIES = pattern(r"(?:^|/)(?:caddy|traefik|nginx|haproxy|cloudflared|swag|ngrok|nginx-proxy(?:-manager)?|nginxproxymanager|tunnel)(?::|@|$|-)")
_PROXY_FILES = ("*.conf", "Caddyfile*", "haproxy*.cfg")
_HOSTED = frozenset({"render", "heroku", "fly", "railway"})
_ROUTES = ("Ingress", "IngressRoute", "HTTPRoute", "VirtualService", "HTTPProxy")
_NEAR = pattern(r"(?:HOST|PORT|PROTOCOL|URL)$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit, its image, its published way in if its own lines show one, and its settings."""

    name: str
    image: str
    where: Location
    labelled: bool
    given: tuple[Setting, ...]


class SelfHosted:
    """States `address.unreachable` for such a product, or for an app's variable of that sort, that names the machine itself."""

    name = "self-hosted"
    looks_at = ("*.yaml", "*.yml", "*.service", "app.json", "fly*.toml")
    marks = ("n8n", "N8N_", "WOODPECKER_", "DRONE_SERVER", "activepieces", "chatwoot", "automatisch", "WEBHOOK", "CALLBACK", "WEB_HOOK")
    answers = frozenset({AddressUnreachable})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no YAML files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        units = list(_units(eyes))
        for product in _PRODUCTS:
            mine = [unit for unit in units if _is(unit, product)]
            named = sorted((each for unit in mine for each in unit.given if each.name in product.urls), key=lambda each: product.urls.index(each.name))
            bad = next((each for each in named if each.name == named[0].name and _LOOPBACK.search(each.value)), None)
            way_in = bool(mine) and any(_published(eyes, unit, units, product.port) for unit in mine)
            if bad is not None and way_in:
                yield self._stated(bad.name, bad.value, mine[0].name, bad.where)
            elif mine and not named and product.default and way_in and not any(_right_without(unit) for unit in mine):
                near = next((each for unit in mine for each in unit.given if each.name.startswith(product.own) and _NEAR.search(each.name)), None)
                where = near.where if near is not None else mine[0].where
                yield self._stated(product.urls[0], product.default, mine[0].name, where)
        for unit in units:
            for each in unit.given:
                found = _LOOPBACK.search(each.value) if _ANY.search(each.name) and not any(_is(unit, product) for product in _PRODUCTS) else None
                if found and _published(eyes, unit, units, found[1] or "80", near=True):
                    yield self._stated(each.name, each.value, unit.name, each.where)

    def _stated(self, name: str, url: str, unit: str, where: Location) -> Evidence:
        fact = AddressUnreachable(name, clean(url, 200), "own", clean(unit, 80), "")
        return Evidence(fact, Basis.DECLARED, self.name, where, service=fact.service)


def _units(eyes: Eyes) -> Iterator[_Unit]:
    given: dict[tuple[str, str], list[Setting]] = {}
    for each in settings(eyes):
        given.setdefault((each.system, each.unit), []).append(each)
    told: set[tuple[str, str]] = set()
    for file, services in compose.files(eyes):
        for name, keys in services.items():
            if isinstance(keys, Table):
                told.add(("compose", name))
                labelled = "traefik." in str(keys.get("labels") or "") or "caddy" in str(keys.get("labels") or "")
                where = Location(clean(file.name), keys.lines.get("image", services.lines[name]))
                yield _Unit(name, str(keys.get("image") or ""), where, labelled, tuple(given.get(("compose", name), ())))
    for (system, name), rows in given.items():
        if (system, name) not in told:
            yield _Unit(name, "", rows[0].where, system in _HOSTED, tuple(rows))


def _is(unit: _Unit, product: _Product) -> bool:
    image = unit.image.split("@")[0].rsplit("/", 1)[-1].split(":")[0]
    return image == product.image or any(each.name.startswith(product.own) for each in unit.given)


def _right_without(unit: _Unit) -> bool:
    """Whether the address that n8n builds is right: a host that is not its own, at a port that needs no saying."""
    values = {each.name: each.value for each in unit.given}
    return values.get("N8N_PORT") in ("80", "443") and not _LOOPBACK.search(values.get("N8N_HOST") or "localhost")


def _published(eyes: Eyes, unit: _Unit, units: Sequence[_Unit], port: str, near: bool = False) -> bool:
    """Whether something leads requests from outside to a unit; `near` if that has to name it."""
    if unit.labelled or any(each.name == "VIRTUAL_HOST" or is_public(each.value) for each in unit.given if not near or each.name == "VIRTUAL_HOST"):
        return True
    if not near and (any(_PROXIES.search(other.image) for other in units if other is not unit) or collect(eyes).of(*_ROUTES)):
        return True
    return any(_names(eyes.text(file), unit.name, port) for file in eyes.tree.named(*_PROXY_FILES) if not aside(eyes, file))


def _names(text: str, unit: str, port: str) -> bool:
    return ("proxy_pass" in text or "reverse_proxy" in text or "\n    server " in text) and (f":{port}" in text or f"//{unit}" in text or f" {unit}:" in text)


PROBE = SelfHosted()
