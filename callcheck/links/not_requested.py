"""Does a handler wait for a provider's event that the app's manifest does not ask for?"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Ledger
from callcheck.model.facts.delivery import ListenerRegistered
from callcheck.model.facts.webhooks import EventNotRequested, ManifestEvents

_SOURCES = {"github-app": "github", "slack-app": "slack", "slack-interactive": "slack-interactivity", "slack-command": "slack-commands"}
"""Kind of object that a provider's events come to -> the provider."""
_ALWAYS = frozenset({"installation", "installation_repositories", "installation_target", "github_app_authorization", "ping", "error", "*"})
"""Sent to every GitHub App, or no event of the provider at all."""


class NotRequested:
    """States `event.not_requested`; silent where there is no manifest."""

    name = "not-requested"
    reads = frozenset({ListenerRegistered, ManifestEvents})
    needs = reads
    answers = frozenset({EventNotRequested})

    def join(self, ledger: Ledger) -> Iterator[Evidence]:
        """One fact a listener and event; a manifest of the same provider that asks for it anywhere is enough."""
        manifests = [(e, e.fact) for e in ledger.of(ManifestEvents) if isinstance(e.fact, ManifestEvents)]
        for heard in ledger.of(ListenerRegistered):
            listener = heard.fact
            if not isinstance(listener, ListenerRegistered):
                continue
            system = _SOURCES.get(listener.source)
            asked = [(e, fact) for e, fact in manifests if fact.system == system]
            event = listener.event.split(".")[0] if system == "github" else listener.event
            if not asked or not event or "*" in event or event in _ALWAYS:
                continue
            if any(_asks(fact.events.split(", "), event) for _, fact in asked):
                continue
            fact = EventNotRequested(listener.event, str(system), listener.framework, listener.language)
            yield Evidence(fact, heard.basis, self.name, heard.where, heard.excerpt, because=(asked[0][0],))


def _asks(listed: list[str], event: str) -> bool:
    """Whether the list has an event, a kind of it (`message.channels` for `message`), or all there are."""
    return any(each in (event, "*") or each.startswith(f"{event}.") for each in listed)


LINK = NotRequested()
