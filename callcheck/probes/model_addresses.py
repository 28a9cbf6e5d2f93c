"""At which addresses of the own machine does the code look for a model's server?

    client = Client(host=os.environ.get("OLLAMA_HOST", "http://localhost:11434"))
    llm = ChatOllama(model="llama3")          # the library's own default is localhost
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.network import ModelAddress
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.seen import seen
from callcheck.sources.code.stand_ins import written

_OWN = pattern(r"^(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::|/|$)")


class ModelAddresses:
    """States the `model-address` idioms whose address, written or by default, is the machine's own."""

    name = "model-addresses"
    looks_at = Sight.SOURCE
    about = ("model-address",)
    answers = frozenset({ModelAddress})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for use in code.idioms.of("model-address"):
            if is_test(use.module.path) or any(not keyword.name for keyword in use.call.keywords):
                continue
            given = code.idioms.placed(use.call, use.idiom.event)
            url, name = written(code, given[0]) if given else (use.idiom.says, use.idiom.reason)
            if _OWN.search(url):
                yield seen(ModelAddress(clean(url, 120), clean(name, 80), use.framework.title, use.module.language), use.call, self.name)


PROBE = ModelAddresses()
