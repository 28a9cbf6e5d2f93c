"""Does the sidecar of the app that has its route take up a subscription of Dapr?

    dapr.io/app-id: mill-invoices                   # what the sidecar goes by, whatever the Deployment is called
    kind: Subscription, scopes: [invoices]          # loaded by no sidecar: nothing is subscribed, and nothing fails

A subscription is taken up by the sidecars in its scopes, in its namespace, that load its component, too; and they post to the app's port. The same ids are the scopes of a component. Sources: docs.dapr.io, subscription-schema,
component-scopes and arguments-annotations-overview; dapr/dapr#1276 (namespaces).
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.route_match import answers
from callcheck.sources.code.routes import Route, routes
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.dapr import Component, Resource, Sidecar, brokers, resources, sidecars

_BROKER = "pubsub."


class DaprTopics:
    """Silent about subscriptions that may be another project's: of no app, and to no route, that is here."""

    name = "dapr-topics"
    looks_at = ("*.yaml", "*.yml", "*.bicep", "*.tf")
    marks = ("dapr.io/", "daprComponents", "dapr_component")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no deployment files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        running = sidecars(eyes)
        if not running or any(not each.app for each in running):
            return
        shut = list(self._shut_out(running, brokers(eyes)))
        yield from shut
        subscriptions = resources(eyes, "Subscription")
        components = [each for each in resources(eyes, "Component") if str(each.manifest.get("spec", "type")).startswith(_BROKER)]
        known = [route for route in routes(eyes.code) if not is_test(module_of(route.node).path)] if eyes.code.present else []
        for subscription in subscriptions:
            route = next((route for route in known for path in subscription.paths() if answers(route, path)), None)
            found = self._untaken(subscription, running, route) or self._unloaded(subscription, running, components, route)
            if found is not None and found.where not in {each.where for each in shut}:
                yield found

    def _shut_out(self, running: list[Sidecar], found: list[Component]) -> Iterator[Evidence]:
        """A component is meant for an app by the name of its unit, which is not what its sidecar goes by."""
        apps = {each.app for each in running}
        for component in found:
            for scope in component.scopes:
                meant = next((each for each in running if scope in each.names), None) if scope not in apps else None
                if meant is not None and meant.app not in component.scopes:
                    why = f"only the apps in its scopes load the component {component.name}, and {scope} is the name of what runs: its sidecar goes by {meant.app}, and so has no such broker"
                    fact = LibraryTrap("missing-subscription", "strong", clean(why, 200), clean(component.name, 60), "dapr", "")
                    beside = Evidence(fact, Basis.DECLARED, self.name, meant.where, label=f"the sidecar goes by {meant.app}")
                    yield Evidence(fact, Basis.DECLARED, self.name, component.where, because=(beside,))
                    break

    def _untaken(self, subscription: Resource, running: list[Sidecar], route: Route | None) -> Evidence | None:
        """None of the apps in the scopes runs, or none where the subscription is, or one that nobody told the port of."""
        scopes = set(subscription.scopes)
        takers = [each for each in running if not scopes or each.app in scopes]
        if not takers:
            meant = next((each for each in running if each.names & scopes), None) or (running[0] if route is not None and len(running) == 1 else None)
            if meant is None and route is None:
                return None
            apps = ", ".join(sorted(each.app for each in running))
            why = f"only the apps in its scopes take up a subscription, and none runs as {' or '.join(sorted(scopes))}: what the sidecar goes by is {meant.app if meant is not None else apps}"
            return self._told(subscription, why, ("scopes", 0), meant or running[0], route)
        here = [each for each in takers if not each.space or not subscription.space or each.space == subscription.space]
        if not here:
            why = f"a subscription is taken up in its own namespace alone, {subscription.space}, and {takers[0].app} runs in {takers[0].space}"
            return self._told(subscription, why, ("metadata", "namespace"), takers[0], route)
        if all(each.injected and not each.port for each in here) and (scopes or route is not None):
            why = f"the sidecar of {here[0].app} is told of no port (dapr.io/app-port), so it posts no message to the app"
            return self._told(subscription, why, ("spec", "topic"), here[0], route, at_sidecar=True)
        return None

    def _unloaded(self, subscription: Resource, running: list[Sidecar], brokers: list[Resource], route: Route | None) -> Evidence | None:
        """The component is another one's, or is there under another name."""
        ours = [each for each in running if each.app in subscription.scopes] or ([running[0]] if route is not None and len(running) == 1 else [])
        if not ours or not brokers:
            return None
        named = [each for each in brokers if each.name == subscription.broker]
        if not named and len({each.name for each in brokers}) > 1:
            return None  # another one may well be made elsewhere
        if not named:
            why = f"no component is called {subscription.broker}, so the sidecar subscribes to nothing; here is {brokers[0].name}"
            return self._told(subscription, why, ("spec", "pubsubname"), ours[0], route)
        shut = [each for each in ours if all(component.scopes and each.app not in component.scopes for component in named)]
        if len(shut) == len(ours):
            why = f"only the apps in its scopes load the component {subscription.broker}, and {shut[0].app} is none of them, so its subscription comes to nothing"
            return self._told(named[0], why, ("scopes", 0), shut[0], route)
        return None

    def _told(self, resource: Resource, why: str, path: tuple[str | int, ...], sidecar: Sidecar, route: Route | None, at_sidecar: bool = False) -> Evidence:
        language = module_of(route.node).language if route is not None else ""
        fact = LibraryTrap("missing-subscription", "strong", clean(why, 200), clean(resource.name, 60), "dapr", language)
        there = resource.manifest.where(*path)
        first, second = (sidecar.where, there) if at_sidecar else (there, sidecar.where)
        because = [Evidence(fact, Basis.DECLARED, self.name, second, label="this is what is subscribed to" if at_sidecar else f"the sidecar goes by {sidecar.app}")]
        because += [seen(fact, route.node, self.name, label="this route waits for it")] if route is not None else []
        return Evidence(fact, Basis.DECLARED, self.name, Location(first.path, first.line), because=tuple(because))


PROBE = DaprTopics()
