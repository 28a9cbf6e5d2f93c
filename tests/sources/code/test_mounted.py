"""What a framework calls for each component is no start of the program; what it calls for the root alone, or what has such a name by chance, may be."""

from __future__ import annotations

import pytest

from callcheck.sources.code.mounted import is_mounting
from callcheck.sources.code.tree import Function
from tests.sources.code.conftest import CodeOf

CLASS = "import React from 'react';\nexport class Feed extends React.Component { componentDidMount() { on(); } }\n"
ANGULAR = "import { Component } from '@angular/core';\n@Component({ selector: 'a', template: '' })\nexport class Feed { ngOnInit() { on(); } }\n"
OPTIONS = "<script>\nexport default { created() { on(); } };\n</script>\n"
HOOK = "import { onMounted } from 'vue';\nexport const use = () => { onMounted(() => on()); };\n"


@pytest.mark.parametrize(
    ("path", "text", "mounting"),
    [
        ("src/Feed.jsx", CLASS, True),
        ("src/feed.component.ts", ANGULAR, True),
        ("src/Feed.vue", OPTIONS, True),
        ("src/feed.js", "import { defineComponent } from 'vue';\nexport default defineComponent({ mounted() { on(); } });\n", True),
        ("src/use.ts", HOOK, True),
        ("src/App.jsx", CLASS, False),
        ("src/app.component.ts", ANGULAR, False),
        ("src/App.vue", OPTIONS, False),
        ("src/feed.js", "export default { created() { on(); } };\n", False),
        ("src/feed.ts", "export class Feed { ngOnInit() { on(); } }\n", False),
        ("src/use.ts", HOOK.replace("vue", "./hooks"), False),
    ],
)
def test_what_is_called_for_each_component(code_of: CodeOf, path: str, text: str, mounting: bool) -> None:
    module = code_of({path: text}).project.modules[path]
    assert any(is_mounting(function) for function in module.all(Function)) is mounting
