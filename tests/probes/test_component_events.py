"""Events that a template listens to, beside those that the component gives out."""

from __future__ import annotations

import pytest

from callcheck.probes.component_events import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

PICKER = "<template><p>x</p></template>\n<script setup>\nconst emit = defineEmits(['berth-picked', 'closed']);\n</script>\n"
APP = "<template>\n  <Picker TAG />\n</template>\n"


def _files(tag: str, **more: str) -> dict[str, str]:
    return {"src/Picker.vue": PICKER, "src/App.vue": APP.replace("TAG", tag), **more}


def test_a_name_that_the_component_does_not_give_out_is_told_with_the_one_that_it_does(tmp_path) -> None:
    (found,) = look(tmp_path, _files('@berth-chosen="take" @closed="shut"'))
    assert (found.fact.event, found.fact.near, found.where.path, found.where.line) == ("berthChosen", "berthPicked", "src/App.vue", 2)


@pytest.mark.parametrize(
    "files",
    [
        _files('@berth-picked="take"'),
        _files('@berthPicked="take"'),
        _files('@click="take"'),
        _files('@update:free="take"'),
        _files('@berth-chosen="take"', **{"other/Picker.vue": PICKER}),
        _files('@berth-chosen="take" @berth-picked="take" @closed="shut"'),
    ],
)
def test_silent_for_what_it_gives_out_what_elements_have_and_what_is_not_sure(tmp_path, files) -> None:
    assert not look(tmp_path, files)


BOUND = "<template><p>x</p></template>\n<script>\nimport harbour from './harbour';\nexport default { setup(props, context) { BODY } };\n</script>\n"


@pytest.mark.parametrize(("body", "near"), [("harbour.emit('berth:picked', 7);", []), ("context.emit('berth-picked', 7);", ["berthPicked"]), ("context.emit('berth-picked'); harbour.emit('berth-chosen', 7);", [])])
def test_what_goes_out_on_a_bus_is_no_event_of_the_component(tmp_path, body: str, near: list[str]) -> None:
    files = {"src/Picker.vue": BOUND.replace("BODY", body), "src/App.vue": APP.replace("TAG", '@berth-chosen="take"'), "src/harbour.js": "export default bus;\n"}
    assert [each.fact.near for each in look(tmp_path, files)] == near
