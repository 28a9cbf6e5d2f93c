"""What does a container of Nest make anew for each request, because the module that provides it says so, and not its class?

    { provide: TenantDb, scope: Scope.REQUEST, inject: [Pools], useFactory: (pools) => ... }
    { provide: "TENANT", inject: [REQUEST], useFactory: (request) => ... }                          // what asks for the request is of it
    const db = process.env.PER_REQUEST === "yes" ? { provide: Db, scope: Scope.REQUEST, ... } : { provide: Db, ... }

Whatever is injected with it is made anew, too (docs.nestjs.com/fundamentals/injection-scopes, "Scope hierarchy").
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from callcheck.sources.code.idioms import Idioms
from callcheck.sources.code.imports import is_test
from callcheck.sources.code.tree import (
    Call,
    ClassDef,
    Conditional,
    Function,
    If,
    Literal,
    Node,
    Object,
    Param,
    Sequence,
    dotted,
    last_name,
)

_REQUEST = "REQUEST"
"""Of `Scope.REQUEST`, and of the token by which the request itself is injected."""
_WRAPS = frozenset({"forwardRef", "lazy", "Optional"})


class RequestScopes:
    """The providers of one project that say their scope, or ask for the request, in the branch that the deployment takes."""

    def __init__(self, idioms: Idioms) -> None:
        self._idioms, self._origins, self._project = idioms, idioms.origins, idioms.project

    def provider(self, asked: str) -> Object | None:
        """The provider that gives what is asked for (see `asked_for`) to each request anew; None if it is one for all, or not known."""
        return self._given_to_each.get(asked) if asked else None

    def asked_for(self, param: Param) -> str:
        """What a parameter of a constructor is injected with: the token that its `@Inject()` names, or its class; "" if neither is known."""
        told = next((each.args[0] for each in param.decorators if isinstance(each, Call) and last_name(each.callee) == "Inject" and each.args), None)
        if told is not None:
            return self._token(told)
        cls = self._origins.binding(param, param.name).cls
        return _of_class(cls) if cls is not None else ""

    @functools.cached_property
    def _given_to_each(self) -> dict[str, Object]:
        providers = [(token, each) for each in self._providers() if (token := self._token(each.get("provide"))) and self._is_taken(each)]
        found: dict[str, Object] = {}
        for _ in range(len(providers) + 1):
            more = {token: each for token, each in providers if token not in found and self._is_for_each(each, found)}
            if not more:
                break
            found |= more
        return found

    def _providers(self) -> Iterator[Object]:
        for module in self._project.naming("provide"):
            if module.language != "python" and not is_test(module.path) and (_REQUEST in module.text or "inject" in module.text):
                yield from (each for each in module.all(Object) if each.get("provide") is not None)

    def _is_for_each(self, provider: Object, known: dict[str, Object]) -> bool:
        if last_name(provider.get("scope")) == _REQUEST:
            return True
        listed = provider.get("inject")
        items = listed.items if isinstance(listed, Sequence) else []
        asked = [each.get("token") or each if isinstance(each, Object) else each for each in items]
        return any(last_name(each) == _REQUEST or self._token(each) in known for each in asked)

    def _token(self, node: Node | None) -> str:
        """A class by its place, any other token by its text or the name that it is kept under."""
        if isinstance(node, Call) and last_name(node.callee) in _WRAPS and node.args:
            inner = node.args[0]
            node = next(iter(self._project.returned(inner)), None) if isinstance(inner, Function) else inner
        if node is None:
            return ""
        if isinstance(node, Literal):
            return str(node.value)
        cls = self._origins.of(node).cls if not isinstance(node, Call) else None
        return _of_class(cls) if cls is not None else self._idioms.text(node) or dotted(node)

    def _is_taken(self, provider: Object) -> bool:
        """Whether each choice around a provider falls on it wherever the program runs."""
        below: Node = provider
        for above in provider.up():
            if isinstance(above, (Conditional, If)):
                held = above.then if isinstance(above.then, list) else [above.then]
                wanted = any(each is below for each in held)
                if below is not above.test and self._idioms.switch(above.test).answers != {wanted}:
                    return False
            below = above
        return True


def _of_class(cls: ClassDef) -> str:
    return f"{cls.name} {id(cls)}"
