"""Does a check for signed-in users stand in front of a route that a provider calls?

    export const config = { matcher: ["/(api|trpc)(.*)"] };
    export default clerkMiddleware(async (auth, req) => { if (!isPublicRoute(req)) await auth.protect(); });

A provider has no session: its request is redirected or refused before the route's own signature check runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from callcheck.model.errors import SourceError
from callcheck.model.evidence import Evidence, Lost
from callcheck.model.facts.webhooks import WebhookGuarded
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.signs import Sign
from callcheck.model.target import Target
from callcheck.sources import Eyes
from callcheck.sources.code import Code
from callcheck.sources.code.hook_paths import hooked
from callcheck.sources.code.routes import route_of_file
from callcheck.sources.code.scopes import function_of, module_of
from callcheck.sources.code.seen import seen
from callcheck.sources.code.tree import (
    Await,
    Call,
    Entry,
    Function,
    If,
    Import,
    Literal,
    Member,
    Module,
    Name,
    Node,
    Object,
    Operation,
    Return,
    Sequence,
    Template,
    dotted,
    last_name,
)
from callcheck.sources.documents import tables, value_at

_MIDDLEWARE = pattern(r"^(?P<root>(?:.*/)?)(?:src/)?(?:middleware|proxy)\.(?:ts|js|mts|mjs)$")
_SIGNED = pattern(
    r"(?:svix|webhook|stripe|x-hub|x-slack|x-shopify|x-twilio|x-signature|paddle|x-line|x-square)-?(?:id|signature|hmac|ed25519)", re.IGNORECASE
)
"""Headers by which providers sign what they send."""
_GUARDS = pattern(r"\.protect$|^(?:redirectToSignIn|withAuth|authMiddleware|updateSession)$|\.redirectToSignIn$")
_WHOLE = ("next-auth/middleware", "@kinde-oss/kinde-auth-nextjs/middleware")
"""Middleware that asks for a session by itself."""
_KEEPERS = pattern(r"^next-auth/middleware$|^@kinde-oss/kinde-auth-nextjs/middleware$|^@?[\w./-]*/auth$")
_MOST = 60
"""Pieces of other files that one middleware is followed into."""
_SESSION = pattern(r"\b(?:auth|cookies?|session|token|signed|userId|user|is_?(?:logged|signed|auth)|logged_?in)\w*\b", re.IGNORECASE)


class Guards:
    """Looks at Next.js middleware: what it matches, what it lets pass, and which routes expect a provider."""

    name = "guards"
    looks_at = ("middleware.*", "proxy.*")
    signs = (
        Sign(path=r"(?:^|/)(?:middleware|proxy)\.[a-z]+$"),
        Sign(path=r"(?:^|/)(?:app/(?:.+/)?route|pages/api/.+)\.[a-z]+$", pattern=r"(?i)svix|webhook|stripe|x-|paddle"),
        Sign(path=r"(?i)(?:^|/)(?:app|pages)/(?:.{1,200}/)?api/(?:.{1,200}/)?(?:web-?hooks?|hooks?|callbacks?)\b.*\.[a-z]+$"),
    )
    answers = frozenset({WebhookGuarded})

    def skip(self, target: Target, eyes: Eyes) -> str:
        if not target.on_disk or not eyes.tree.named(*self.looks_at):
            return "no middleware"
        return "" if eyes.code.present else "no source files"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        code = eyes.code
        for module in list(code.project.chosen.values()):
            found = _MIDDLEWARE.match(module.path)
            if not found or module.language == "python":
                continue
            guard = _guard_of(code, module)
            if guard is None:
                continue
            for path, route in (*_webhooks(code, found["root"]), *_scheduled(eyes, code)):
                if _covers(code, module, route) and not _passes(code, module, guard, route):
                    fact = WebhookGuarded(clean(route, 120), "session", "nextjs", module.language)
                    handler = seen(fact, path, self.name, label=f"{clean(route, 60)} takes what is sent without a session here")
                    yield seen(fact, guard, self.name, (handler,))


def _reach(code: Code, *roots: Node) -> list[Node]:
    """These, and what the project's files say under the names in them: constants, functions, what was made; all that a middleware goes by."""
    found = list(roots)
    seen_before = {id(root) for root in roots}
    for root in found:
        for name in [*root.inside(Name), *root.inside(Member)] if len(found) < _MOST else ():
            origin = code.origins.of(name)
            node = origin.site or (origin.node if origin.kind in ("value", "function") else None)
            if node is not None and id(node) not in seen_before and not any(each.at <= node.at < each.end and module_of(each) is module_of(node) for each in found):
                seen_before.add(id(node))
                found.append(node)
    return found


def _guard_of(code: Code, module: Module) -> Node | None:
    """What turns away whoever has no session: a call, or a library's middleware that is handed on as it is."""
    reach = _reach(code, module)
    for node in (call for root in reach for call in root.inside(Call)):
        if _GUARDS.search(_spelled(node.callee)):
            return node
    for statement in module.all(Import):
        # `export { default } from "next-auth/middleware"`; `export { auth as middleware } from "@/auth"` lets all pass without a callback of its own.
        if _KEEPERS.search(statement.module) and (statement.module in _WHOLE or any(map(_refuses_strangers, code.project.naming("authorized")))) and statement.reexport and any(each.local in ("default", "middleware") for each in statement.names):
            return statement
    authorized = next((function for root in reach for function in root.inside(Function) if _name_of(function) == "authorized"), None)
    if authorized is not None:
        return authorized if _lets_users_alone(authorized) else None
    for node in (call for root in reach for call in root.inside(Call)):
        if dotted(node.callee).endswith(".redirect") and _below_a_session_test(node):
            return node
    return None


def _spelled(callee: Node) -> str:
    """`auth.protect`, and `.protect` for Clerk 5's `auth().protect`."""
    return dotted(callee) or f".{last_name(callee)}"


def _name_of(function: Function) -> str:
    above = function.parent
    return function.name or (above.key or "" if isinstance(above, Entry) else "")


def _lets_users_alone(authorized: Function) -> bool:
    """Whether Auth.js's callback `authorized` says no in the end to who is not signed in: what ends in `return true` protects but what it names before."""
    last = authorized.body[-1] if authorized.body else None
    value = last.value if isinstance(last, Return) else last
    words = [dotted(n) for n in value.walk() if isinstance(n, (Name, Member))] if value is not None and not isinstance(value, (If, Literal)) else []
    return any(_SESSION.search(word) for word in words)


def _refuses_strangers(module: Module) -> bool:
    return any(_name_of(function) == "authorized" and _lets_users_alone(function) for function in module.all(Function))


def _below_a_session_test(node: Node) -> bool:
    function = next((above for above in node.up() if isinstance(above, Function)), None)
    words = [dotted(n) for n in function.walk() if isinstance(n, (Name, Member))] if function else []
    return any(_SESSION.search(word) for word in words)


def _webhooks(code: Code, root: str) -> Iterator[tuple[Node, str]]:
    """Each route below the app's folder that reads a provider's signature: where it does, and its path."""
    for module in code.project.chosen.values():
        path = route_of_file(module.path)
        if not path or not module.path.startswith(root):
            continue
        posts = (each for each in module.all(Function) if each.name in ("POST", "handler"))
        signed = next((n for n in module.walk() if _SIGNED.search(_word(n)) or _verifies(n)), next(posts, None) if hooked(path) else None)
        if signed is not None:
            yield signed, path


def _scheduled(eyes: Eyes, code: Code) -> Iterator[tuple[Node, str]]:
    """The routes that Vercel calls on a schedule, which has no session either (vercel.com/docs/cron-jobs)."""
    paths = set()
    for file in eyes.tree.named("vercel.json"):
        with suppress(SourceError):
            paths |= {str(job.get("path")).partition("?")[0] for job in tables(value_at(eyes.document(file), "crons"))}
    for name in code.project.sources if paths else ():
        module = code.project.module(name) if route_of_file(name) in paths else None
        called = next((each for each in module.all(Function) if each.name in ("GET", "handler")), None) if module is not None else None
        if called is not None:
            yield called, route_of_file(name) or ""


def _verifies(node: Node) -> bool:
    """`new Webhook(secret)`, `verifyWebhook(req)`, `stripe.webhooks.constructEvent(...)`."""
    return isinstance(node, Call) and dotted(node.callee).rsplit(".", 1)[-1] in ("Webhook", "verifyWebhook", "constructEvent", "constructEventAsync")


def _word(node: Node) -> str:
    """A text, or the key of `headers["svix-id"]`."""
    if isinstance(node, Member):
        return node.name
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""


def _covers(code: Code, module: Module, route: str) -> bool:
    """Whether the exported `config.matcher` names the route; without one a middleware runs on every path."""
    for node in module.walk():
        if isinstance(node, Object) and (matcher := node.get("matcher")) is not None:
            patterns = [code.idioms.text(n) for n in matcher.walk() if isinstance(n, Literal)]
            return any(_matches(pattern, route) for pattern in patterns)
    return True


def _passes(code: Code, module: Module, guard: Node, route: str) -> bool:
    """Whether a list or a test of the middleware lets the route through, or protects other paths only; both may stand in other files."""
    reach = _reach(code, module)
    lists = [call for root in reach for call in root.inside(Call) if last_name(call.callee) == "createRouteMatcher"]
    if lists:
        hits: dict[bool, list[bool]] = {True: [], False: []}
        for made in lists:
            hits[_protects(code, reach, made)].append(any(_matches(text, route) for text in _texts(code, _reach(code, *made.args))))
        # Of several lists of what is protected, one is enough.
        return any(hits[False]) or (bool(hits[True]) and not any(hits[True]))
    named = list(_texts(code, reach))
    return any(text.startswith("/") and len(text) > 1 and _prefix(text, route) for text in named) or any("webhook" in text for text in named)


def _texts(code: Code, roots: list[Node]) -> Iterator[str]:
    """The texts that are written there, and those that are put together: `/api/((?!${open.join("|")}).*)`."""
    for root in roots:
        for node in [*root.inside(Template), *(each for each in root.inside(Operation) if each.operator == "+"), *root.inside(Name)]:
            yield from (text for text in _put_together(code, node) if text.startswith("/"))
    for node in (each for root in roots for each in root.inside(Literal)):
        if isinstance(node.value, str) and not _in_matcher(node):
            yield node.value


def _put_together(code: Code, node: Node) -> Iterator[str]:
    """A text with holes, once for each item where the items of a list are put into it: ``areas.map((area) => `/${area}(.*)`)``."""
    function = function_of(node)
    call = function.parent if function is not None and function.params else None
    listed = code.origins.of(call.callee.object).node if isinstance(call, Call) and isinstance(call.callee, Member) and call.callee.name in ("map", "flatMap") else None
    if function is not None and isinstance(listed, Sequence):
        yield from (code.idioms.text(node, at={function.params[0].name: code.idioms.text(item)}) for item in listed.items)
    else:
        yield code.idioms.text(node)


def _protects(code: Code, reach: list[Node], made: Call) -> bool:
    """Whether a list of paths is of those to protect: what follows where it holds is not the way past the check."""
    for node in (each for root in reach for each in root.inside(Call)):
        if isinstance(node.callee, (Name, Member)) and code.origins.of(node.callee).site is made:
            test, holds = node.parent, True
            kept: Node = node
            while isinstance(test, (Operation, Await)):
                if isinstance(test, Operation) and test.operator in ("!", "not"):
                    holds = not holds
                elif isinstance(test, Operation) and test.operator == "||" and kept is test.operands[0] and not isinstance(test.parent, (If, Operation)):
                    # `isPublic(req) || await auth.protect()`
                    holds = not holds
                kept, test = test, test.parent
            leaves = isinstance(test, If) and kept is test.test and bool(test.then) and isinstance(test.then[-1], Return) and not any(
                _GUARDS.search(_spelled(call.callee)) for each in test.then for call in each.inside(Call)
            )
            return holds is not leaves
    return False


def _in_matcher(node: Node) -> bool:
    return any(isinstance(above, Object) and above.get("matcher") is not None for above in node.up())


def _prefix(text: str, route: str) -> bool:
    return route == text or route.startswith(text.rstrip("/*").rstrip("(.*)") + "/")


def _matches(pattern: str, route: str) -> bool:
    """A path pattern of Next.js or Clerk (`/api/:path*`, `/(api|trpc)(.*)`) against a route."""
    text = re.sub(r"/:\w+\*", r"(?:/.*)?", pattern)
    text = re.sub(r"(?<!\?):\w+", r"[^/]+", text)
    try:
        return len(text) < 500 and re.fullmatch(text, route) is not None
    except (re.error, RecursionError):
        return False


PROBE = Guards()
