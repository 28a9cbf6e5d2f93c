"""Which events does a component of Vue, Angular or Svelte give out, by its own file?

    defineEmits(["berth-picked"])                 emit("berth-picked", 7)           # BerthPicker.vue
    @Output() picked = new EventEmitter()         picked = output()                 # selector: "app-picker"
    const dispatch = createEventDispatcher()      dispatch("picked")                # Picker.svelte

Sources: vuejs.org/guide/components/events, angular.dev/guide/components/outputs, svelte.dev/docs/svelte/legacy-on.
"""

from __future__ import annotations

from callcheck.model.noun import dataclass
from callcheck.model.pattern import pattern

_WORD = pattern(r"[\"'`]([\w:-]{1,80})[\"'`]|\b([A-Za-z_]\w{0,80})\s*[:(?]")
_DECLARED = pattern(r"\bdefineEmits\s*(?:<([^>]{0,2000})>)?\(([^()]{0,2000})|\bemits\s*:\s*([\[{][^\]}]{0,2000})")
_EMITTED = pattern(r"(?:\$emit|(?<![\w$.])emit|\b(?:ctx|context|instance|vm|self|that|this)\??\.emit)\(\s*[\"'`]([\w:-]{1,80})[\"'`]")
_ELSEWHERE = pattern(r"\w\.emit\(\s*[\"'`]([\w:-]{1,80})[\"'`]")
"""What goes out on another object, a bus mostly; it may be the component's context under a name of its own."""
_COMPUTED = pattern(r"(?:\$emit|\bemit)\(\s*(?![\"'`\s)])[^,)]")
_PASSES = pattern(r"\$attrs|\$listeners|\bmixins\s*:|\bextends\b|defineModel|useVModel|inheritAttrs|\bhostDirectives\b|\$\$restProps|\$\$props|\boutputs\s*:|\.\.\.emits")
_ROOT = pattern(r"<template>\s*(?:<!--[\s\S]{0,500}?-->\s*)?<([A-Za-z][\w.-]*)")
_SELECTOR = pattern(r"@Component\(\s*\{[\s\S]{0,2000}?\bselector\s*:\s*[\"'`]([a-z][\w-]{0,80})[\"'`]")
_OUTPUT = pattern(r"@Output\(\s*(?:[\"'`]([\w-]{1,80})[\"'`]\s*)?\)\s*(?:public\s+|readonly\s+)*(\w+)|\b(\w+)\s*=\s*output(?:FromObservable)?\s*(?:<[^=;]{0,200}>)?\(|\b(\w+)\s*=\s*model(?:\.required)?\s*(?:<[^=;]{0,200}>)?\(")
_DISPATCHER = pattern(r"\b(\w+)\s*=\s*createEventDispatcher\b")
_FORWARDS = pattern(r"\son:([\w:-]{1,80})(?:\|[\w|]{1,80})?(?=[\s/>])")


@dataclass(frozen=True, slots=True)
class Component:
    """What a component is called in markup, and the events that it gives out, in the form in which they are compared."""

    name: str
    framework: str
    gives: frozenset[str]
    may_give: frozenset[str] = frozenset()
    """What goes out on an object of which it cannot be told whether it is the component's."""


def camel(name: str) -> str:
    """Vue's form of an event's name: `berth-picked` is berthPicked."""
    first, *rest = name.split("-")
    return first + "".join(map(_capital, rest))


def pascal(name: str) -> str:
    """Vue's form of a component's name: `berth-picker` is BerthPicker."""
    return "".join(map(_capital, name.split("-")))


def _capital(part: str) -> str:
    return part[:1].upper() + part[1:]


def component(base: str, text: str) -> Component | None:
    """The component in a file of that name; None if there is none, or if it may give out what is not written there."""
    if _PASSES.search(text):
        return None
    if base.endswith(".vue"):
        return _vue(base.removesuffix(".vue"), text)
    return _svelte(base.removesuffix(".svelte"), text) if base.endswith(".svelte") else _angular(text)


def _vue(name: str, text: str) -> Component | None:
    root = _ROOT.search(text)
    # What nobody declares is listened to on the root of the template: a component there may give it out.
    if root is None or not root[1].islower() or "-" in root[1] or root[1] in ("component", "slot", "template", "transition") or _COMPUTED.search(text):
        return None
    declared = "\n".join(part for found in _DECLARED.finditer(text) for part in found.groups() if part)
    named = {found[1] or found[2] for found in _WORD.finditer(declared)} | {found[1] for found in _EMITTED.finditer(text)}
    return Component(pascal(name), "vue", frozenset(map(camel, named)), frozenset(camel(found[1]) for found in _ELSEWHERE.finditer(text)) - named)


def _svelte(name: str, text: str) -> Component | None:
    made = _DISPATCHER.search(text)
    if made is None:
        return None
    calls = [part.lstrip() for part in text.split(f"{made[1]}(")[1:]]
    named = {part[1 : part.find(part[0], 1)] for part in calls if part[:1] in ("'", '"')}
    computed = any(part[:1] not in ("'", '"') for part in calls)
    return None if computed else Component(name, "svelte", frozenset(named | {found[1] for found in _FORWARDS.finditer(text)}))


def _angular(text: str) -> Component | None:
    selectors = _SELECTOR.findall(text)
    named = {alias or field or made or (f"{model}Change" if model else "") for alias, field, made, model in _OUTPUT.findall(text)}
    return Component(selectors[0], "angular", frozenset(named)) if len(selectors) == 1 else None
