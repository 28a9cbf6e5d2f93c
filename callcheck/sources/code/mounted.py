"""Which functions does a framework of the browser call each time that it puts a component into the page?

    onMounted(() => socket.on("item", add));                                          // Vue, in setup; Svelte's onMount
    export default { created() { socket.on("item", this.add); } }                     // Vue's options
    class Feed extends React.Component { componentDidMount() { socket.on(…); } }      // React, Angular (ngOnInit), custom elements

The root component, which is put there once and stays, is left out where its file says so.
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code.index import once
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Call, ClassDef, Entry, Export, Function, Import, Module, Object, last_name

_HOOKS = frozenset({"onMounted", "onBeforeMount", "onActivated", "onMount"})
_DRAW = frozenset({"vue", "@vue/composition-api", "svelte", "solid-js", "react", "preact", "preact/hooks"})
_OPTIONS = frozenset({"beforeCreate", "created", "beforeMount", "mounted", "activated"})
_METHODS = {
    "componentDidMount": frozenset({"Component", "PureComponent"}), "componentDidUpdate": frozenset({"Component", "PureComponent"}),
    "connectedCallback": frozenset({"HTMLElement", "LitElement", "ReactiveElement"}),
}  # fmt: skip
"""By method the classes above, by the last part of their names."""
_INITS = frozenset({"ngOnInit", "ngAfterViewInit", "ngAfterContentInit"})
_ROOT = pattern(r"(?:^|/)(?:_?app|root|main|index|\+?layout|app[.-]root|app\.component|default)\.[a-z]+$|(?:^|/)layouts?/", 2)


def is_mounting(function: Function) -> bool:
    """Whether a function is called anew for each component of its kind that comes into the page."""
    module, above = module_of(function), function.parent
    if module.language == "python" or _ROOT.search(module.path):
        return False
    if isinstance(above, ClassDef):
        bases = {last_name(base) for base in above.bases}
        decorated = {last_name(each.callee if isinstance(each, Call) else each) for each in above.decorators}
        return not bases.isdisjoint(_METHODS.get(function.name, ())) or function.name in _INITS and not decorated.isdisjoint({"Component", "Directive"})
    if isinstance(above, Entry):
        return above.key in _OPTIONS and isinstance(above.parent, Object) and _is_component(above.parent, module)
    return isinstance(above, Call) and mounts(above)


@once
def draws(module: Module) -> bool:
    """Whether a file is a component, or uses a library that draws them."""
    return module.path.endswith((".vue", ".svelte")) or any(each.module in _DRAW for each in module.all(Import))


def mounts(call: Call) -> bool:
    """Whether a call hands a function over to be called when the component is put into the page."""
    module = module_of(call)
    return last_name(call.callee) in _HOOKS and not _ROOT.search(module.path) and draws(module)


def _is_component(options: Object, module: Module) -> bool:
    if isinstance(options.parent, Call):
        return last_name(options.parent.callee) in ("defineComponent", "extend", "component")
    return module.path.endswith(".vue") and any(options is held for export in module.all(Export) for held in export.names.values())
