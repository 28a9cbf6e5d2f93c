"""Which consumers, schedules and loops are started only beside the development server's own start?

    if __name__ == "__main__":              # gunicorn app:app imports the file, and starts nothing of this
        listen()
        app.run()
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.execution import RuntimeStarted
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.begun import begun_at, main_only
from callcheck.sources.code.idioms import Use
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import Call, Member, Node, last_name

_STARTS = ("schedule", "start", "take-work", "consume", "subscribe")
_SERVES = frozenset({"listen", "run", "run_app", "run_task", "serve", "serve_forever", "run_simple"})


class MainOnly:
    """States where each is begun; whether the deployment comes there is for those who know what it runs."""

    name = "main-only"
    looks_at = Sight.SOURCE
    about = _STARTS
    answers = frozenset({RuntimeStarted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        web = {use.framework.name for use in code.idioms.of("serve") if use.idiom.role == "request"}
        told: set[int] = set()
        for use in code.idioms.of(*_STARTS):
            if use.framework.name in web or use.idiom.role == "startup" or is_test(use.module.path):
                continue
            places = begun_at(code, use.call)
            if places and id(places[0]) not in told and _beside_a_server(code, places, use):
                told.add(id(places[0]))
                name = clean(last_name(use.call.callee), 60) or "it"
                fact = RuntimeStarted(name, name, all(map(main_only, places)), use.framework.name, use.module.language)
                yield seen(fact, places[0], self.name, (seen(fact, use.call, self.name, label="this is what runs there alone"),))


def _beside_a_server(code: Code, places: list[Node], use: Use) -> bool:
    """Whether all places stand in one file, which starts a server too: only as the main program, or for a file of its own that others do not import."""
    modules = {module_of(place).path: module_of(place) for place in places}
    if len(modules) > 1:
        return False
    module = next(iter(modules.values()))
    guarded = all(map(main_only, places))
    if not guarded and (module is use.module or code.project.importers(module.path)):
        return False
    return any(isinstance(call.callee, Member) and last_name(call.callee) in _SERVES and call is not use.call for call in module.all(Call))


PROBE = MainOnly()
