"""A handler for an event that no manifest asks for is told; without a manifest nothing is said."""

from __future__ import annotations

import pytest

from callcheck.links.not_requested import LINK
from callcheck.model.evidence import Evidence, Ledger, Location
from callcheck.model.facts.delivery import ListenerRegistered
from callcheck.model.facts.webhooks import ManifestEvents
from callcheck.model.words import Basis, Lifetime


def _listener(event: str, source: str = "github-app") -> Evidence:
    fact = ListenerRegistered(event, "a.ts:1", Lifetime.PROCESS, "module", "probot", source, "typescript")
    return Evidence(fact, Basis.INFERRED, "test", Location("a.ts", 4))


def _manifest(events: str, system: str = "github") -> Evidence:
    return Evidence(ManifestEvents(system, events), Basis.DECLARED, "test", Location("app.yml", 5))


def _told(*evidence: Evidence) -> list[str]:
    return [item.fact.event for item in LINK.join(Ledger(list(evidence)))]


def test_an_event_that_is_not_asked_for() -> None:
    assert _told(_manifest("issues"), _listener("push"), _listener("issues.opened")) == ["push"]


def test_a_command_that_is_not_declared() -> None:
    assert _told(_manifest("/a, /b", "slack-commands"), _listener("/c", "slack-command"), _listener("/a", "slack-command")) == ["/c"]


@pytest.mark.parametrize(
    "evidence",
    [
        (_listener("push"),),
        (_manifest("app_mention", "slack"), _listener("push")),
        (_manifest("issues"), _manifest("push"), _listener("push")),
        (_manifest("issues"), _listener("installation.created")),
        (_manifest("issues"), _listener("")),
        (_manifest("issues"), _listener("push", "emitter")),
        (_manifest("message.channels", "slack"), _listener("message", "slack-app")),
        (_manifest("*", "slack-interactivity"), _listener("approve", "slack-interactive")),
    ],
    ids=["no manifest", "another provider's", "a second manifest", "always sent", "computed", "an emitter", "a kind of it", "turned on"],
)
def test_silent_otherwise(evidence: tuple[Evidence, ...]) -> None:
    assert not _told(*evidence)
