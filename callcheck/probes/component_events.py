"""Does a template listen to an event of a component that this component never gives out?

    <BerthPicker @berth-chosen="take" />          # BerthPicker.vue: defineEmits(["berth-picked"])

Nothing complains: what is no event of the component is listened to on its element, as `click` would be.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.delivery import EventNeverEmitted
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.probe import Sight
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.code.alike import alike, kin
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import Module
from callcheck.sources.components import Component, camel, component, pascal
from callcheck.sources.tags import Tag, tags

_MARKUP = ("*.vue", "*.svelte", "*.html")
_ANGULAR = Sign(words=("Component",), pattern=r"@Component\(")
_INLINE = pattern(r"\btemplate\s*:\s*(`[^`]*`|'[^'\n]*'|\"[^\"\n]*\")")
_OF_ELEMENTS = frozenset(
    "abort animationend animationstart auxclick beforeinput blur cancel change click close compositionend compositionstart contextmenu copy cut dblclick drag dragend dragenter dragleave "
    "dragover dragstart drop error focus focusin focusout fullscreenchange input invalid keydown keypress keyup load mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup paste "
    "pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerup reset resize scroll select selectstart submit toggle touchcancel touchend touchmove "
    "touchstart transitionend transitionstart wheel play pause ended timeupdate canplay loadeddata loadedmetadata volumechange seeked seeking waiting".split()
)


class ComponentEvents:
    """Compares what tags listen to with what the component of that name gives out; silent where there are two of one name."""

    name = "component-events"
    looks_at = Sight.SOURCE
    signs = (_ANGULAR,)
    answers = frozenset({EventNeverEmitted})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.tree.named("*.vue", "*.svelte") and not _angular(eyes):
            return
        texts = [(name, text) for name, text in _texts(eyes) if not is_test(name)]
        found: dict[str, list[tuple[Component, str]]] = {}
        for name, text in texts:
            base = name.rpartition("/")[2]
            one = component(base, text) if not base.endswith(".html") else None
            # A component that cannot be told has its name all the same.
            named = one.name if one is not None else base.rpartition(".")[0]
            found.setdefault(named, []).append((one or Component(named, "", frozenset()), name))
        for name, text in texts:
            for tag in _tags(name, text):
                yield from self._judge(tag, name, found.get(tag.name) or found.get(pascal(tag.name)) or [])

    def _judge(self, tag: Tag, path: str, known: list[tuple[Component, str]]) -> Iterator[Evidence]:
        if len(known) != 1 or not known[0][0].gives:
            return
        (one, at), form = known[0], camel if known[0][0].framework == "vue" else str
        heard = [(form(name), line) for name, line in tag.hears]
        free = sorted(one.gives - {name for name, _ in heard})
        for name, line in heard:
            if name not in one.gives | one.may_give and name not in _OF_ELEMENTS and not name.startswith(("update:", "vue:", "vnode", "hook:")) and free:
                near = free[0] if len(free) == 1 else next((each for each in free if alike(name, each) or kin(name, each)), "")
                if near:
                    fact = EventNeverEmitted(clean(name, 80), clean(near, 80), one.framework, "typescript")
                    there = Evidence(fact, Basis.INFERRED, self.name, Location(clean(at)), label=f"{clean(near, 60)} is what the component gives out")
                    yield Evidence(fact, Basis.INFERRED, self.name, Location(clean(path), line), because=(there,))


def _angular(eyes: Eyes) -> list[Module]:
    return [module for module in eyes.code.project.chosen_with(_ANGULAR) if module.path.endswith(".ts") and "@Component(" in module.text]


def _texts(eyes: Eyes) -> Iterator[tuple[str, str]]:
    """The files with markup, and those with components of Angular."""
    yield from ((module.path, module.text) for module in _angular(eyes))
    for file in eyes.tree.named(*_MARKUP):
        try:
            yield file.name, eyes.text(file)
        except SourceError:
            continue


def _tags(name: str, text: str) -> Iterator[Tag]:
    """The tags of a file: all of markup, and those in the templates that stand in a component's code."""
    if not name.endswith(".ts"):
        yield from tags(text)
        return
    for inline in _INLINE.finditer(text):
        yield from tags(inline[1][1:-1], text.count("\n", 0, inline.start(1)) + 1)


PROBE = ComponentEvents()
