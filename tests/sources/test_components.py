"""The events that components of Vue, Angular and Svelte give out."""

from __future__ import annotations

import pytest

from callcheck.sources.components import component

VUE = "<template><p>x</p></template>\n<script setup>\n{}\n</script>"


@pytest.mark.parametrize(
    ("base", "text", "gives"),
    [
        ("Picker.vue", VUE.format('const emit = defineEmits(["berth-picked"]);'), {"berthPicked"}),
        ("Picker.vue", VUE.format('const emit = defineEmits<{ (e: "saved", n: number): void }>();'), {"saved", "e", "n"}),
        ("Picker.vue", VUE.format('export default { emits: ["a"], methods: { go() { this.$emit("b-c"); } } };'), {"a", "bC"}),
        ("picker.ts", "@Component({ selector: 'app-picker' })\nclass P { @Output() picked = new EventEmitter(); left = output<void>(); @Output('gone') x; open = model(false); }", {"picked", "left", "gone", "openChange"}),
        ("Picker.svelte", "<script>const dispatch = createEventDispatcher(); dispatch('picked');</script><b on:click>", {"picked", "click"}),
    ],
)
def test_what_a_component_gives_out(base, text, gives) -> None:
    found = component(base, text)
    assert found is not None
    assert found.gives == gives


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("Picker.vue", "<template><BaseList @picked='x' /></template>\n<script setup>defineEmits(['a'])</script>"),
        ("Picker.vue", VUE.format("const emit = defineEmits(names); emit(name, 1);")),
        ("Picker.vue", "<template><p v-bind='$attrs' /></template>\n<script setup>defineEmits(['a'])</script>"),
        ("Picker.svelte", "<script>const dispatch = createEventDispatcher(); dispatch(kind);</script>"),
        ("picker.ts", "export class Picker {}"),
    ],
)
def test_what_may_give_out_more_than_is_written_is_not_told(base, text) -> None:
    assert component(base, text) is None
