"""Does a function, or what a library makes, turn away whoever is no user?

    const requireUser = (req, res, next) => req.session.user ? next() : res.status(401).end();
    app.use(expressjwt({ secret }).unless({ path: ["/login"] }));
"""

from __future__ import annotations

import re

from callcheck.model.pattern import pattern
from callcheck.sources.code import Code
from callcheck.sources.code.spared import lets, listed, named_ones_pass, unless
from callcheck.sources.code.tree import Call, Function, Literal, Member, Name, Node, dotted

_REFUSES = pattern(r"^(?:401|403)$|^(?:\w+\.|[\w/-]{0,80}/)?(?:log|sign)[-_]?in/?$|[Uu]nauthori[sz]ed|Not ?[Aa]uthenticated|^jwtVerify$|^requireUserSession$")
_ASKS = pattern(r"session|user|auth|token|jwt|login|bearer|cookie", re.IGNORECASE)
_KNOWN = pattern(r"^(?:passport\.authenticate|express-jwt(?:\.expressjwt)?|express-oauth2-jwt-bearer\.auth|@clerk/express\.requireAuth|express-openid-connect\.(?:auth|requiresAuth)|connect-ensure-login\.ensureLoggedIn)$")
_BEARERS = pattern(r"^fastapi\.security\.(?:\w+\.)?(?:HTTPBearer|OAuth2\w*|APIKey\w+)$")
_SPARES = pattern(r"hook|callback|public|blueprint|unless|allow|exempt|open(?!api|ai|id)|skip|white|exclude|ignore", re.IGNORECASE)
"""Words of a check that lets some routes pass."""
_ENVIRONMENT = frozenset({"process.env", "os.environ"})
_OPEN = pattern(r"(?i)log-?(?:in|out)|sign|register|auth|token|health|ready|live|ping|status|metric|docs|openapi|redoc|static|asset|media|favicon|robots|public|password|^/$|^/\w?$")
"""Paths that a check names to let them pass; one that names others may ask of those alone."""
_BY_NAME = frozenset({"url_name", "view_name", "resolver_match", "route", "match_info"})
"""What a check may look at in place of the path, which does not tell which routes it spares."""
DECORATORS = {"csrfProtection": "csrf"}
"""Checks that a plugin puts on the application, and what they ask for: @fastify/csrf-protection 7.1, README."""


def checks(code: Code, node: Node, path: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a function turns away whoever is no user, and does not spare the path, or the route by one of its names."""
    origin = code.origins.of(node)
    if isinstance(node, Call) and isinstance(node.callee, Member) and node.callee.name == "unless":
        return not unless(code, node, path) and checks(code, node.callee.object, path, names)
    if isinstance(node, Call) and any(use.idiom.does == "gate" for use in code.idioms.at(node)):
        return True
    if isinstance(node, Member) and node.name in DECORATORS:
        return True
    if origin.kind in ("external", "made") and (_KNOWN.search(origin.qualified) or _BEARERS.search(origin.qualified)):
        return True
    function = node if isinstance(node, Function) else origin.node if origin.kind == "function" else None
    if function is None and isinstance(node, Call):
        made = code.origins.of(node.callee).node
        function = made if isinstance(made, Function) else None
    if not isinstance(function, Function):
        return False
    words = [str(n.value) for n in function.inside(Literal) if isinstance(n.value, (str, int))]
    lists = {n.id: items for n in function.inside(Name) if (items := listed(code, n))}
    if any(lets(item, path, names) for items in lists.values() for item in items):
        return False
    words += [item for items in lists.values() for item in items]
    said = [n.name for n in function.inside(Member) if dotted(n.object) not in _ENVIRONMENT] + [n.id for n in function.inside(Name) if n.id not in lists]
    if any(_SPARES.search(word) for word in (*words, *said)) or named_ones_pass(words, said, path):
        return False
    if any(use.idiom.does == "gate" for call in function.inside(Call) for use in code.idioms.at(call)):
        return True
    return any(_REFUSES.search(word) for word in (*words, *said)) and any(_ASKS.search(word) for word in (*words, *said, function.name))


def asks_of_all(code: Code, function: Function) -> bool:
    """Whether what a check names are paths that are open to everybody, so that it asks of all others."""
    paths = [str(n.value) for n in function.inside(Literal) if isinstance(n.value, str) and n.value.startswith("/")]
    paths += [item for name in function.inside(Name) for item in listed(code, name) if item.startswith("/")]
    return all(_OPEN.search(path) for path in paths) and not any(member.name in _BY_NAME for member in function.inside(Member))
