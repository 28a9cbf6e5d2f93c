"""A file that polls when it is loaded is told of where two lasting units of one deployment load it."""

from __future__ import annotations

import pytest

from callcheck.links.shared_pollers import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.deployment import ServiceRun
from callcheck.model.facts.meeting import UpdatesPolled
from callcheck.model.words import Basis

WEB = ("web", "src/web.js", "web", "procfile", "Procfile")
BOT = ("bot", "src/dispatch.js", "worker", "procfile", "Procfile")


def _told(*units: tuple[str, str, str, str, str], apart: bool = False, loading: tuple[str, ...] = ("web", "bot", "web-2")) -> list[str]:
    items = [Evidence(UpdatesPolled("BOT_TOKEN", apart, "telegraf", "javascript"), Basis.INFERRED, "test", Location("src/bot.js", 6))]
    items += [Evidence(ServiceRun(name, f"node {entry}", entry, role, system), Basis.DECLARED, "test", Location(path, 1)) for name, entry, role, system, path in units]
    ledger = Ledger(items)
    ledger.loaded = {"src/bot.js": frozenset(loading)}
    return [f"{e.fact.here} {e.fact.there} {e.fact.name}" for e in LINK.join(ledger)]


def test_two_programs_of_one_deployment() -> None:
    assert _told(WEB, BOT) == ["src/web.js src/dispatch.js BOT_TOKEN"]


def test_manifests_of_one_folder_run_together() -> None:
    assert _told(("web", "a.js", "web", "kubernetes", "k8s/web.yaml"), ("bot", "b.js", "worker", "kubernetes", "k8s/bot.yaml"))
    assert not _told(("web", "a.js", "web", "kubernetes", "k8s/staging/web.yaml"), ("bot", "b.js", "worker", "kubernetes", "k8s/production/bot.yaml"))


@pytest.mark.parametrize(
    ("units", "more"),
    [
        ((WEB,), {}),
        ((WEB, BOT), {"apart": True}),
        ((WEB, BOT), {"loading": ("bot",)}),
        ((WEB, ("web-2", "src/web.js", "web", "procfile", "Procfile")), {}),
        ((WEB, ("bot", "src/dispatch.js", "worker", "procfile", "Procfile.dev")), {}),
        ((WEB, ("bot", "src/dispatch.js", "worker", "package-script", "Procfile")), {}),
        ((WEB, ("release", "src/migrate.js", "worker", "procfile", "Procfile")), {"loading": ("web", "release")}),
    ],
    ids=["one", "tokens apart", "one loads it", "one program", "another stage", "a script", "before the others"],
)
def test_nothing_is_said_of_less(units, more) -> None:
    assert _told(*units, **more) == []
