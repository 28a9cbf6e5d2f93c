"""Which functions does a server, a platform or a page call, as their names and parameters tell?

    def view(request):                      export async function handler(event, context) {}
    app.post("/ask", (req, res) => {})      export function Board() { return <main />; }
                                            export const Board = memo(() => <main />);
"""

from __future__ import annotations

from callcheck.model.pattern import pattern
from callcheck.sources.code.kept_as import name_of
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.tree import Assign, Call, ClassDef, Export, Function, Import, Module, Name, Node, last_name

_REQUEST_TYPES = pattern(r"\b(Request|NextRequest|HttpRequest|WSGIRequest|FastifyRequest|APIGatewayProxyEvent\w*|VercelRequest|NextApiRequest)\b")
_FUNCTIONS = pattern(r"(?:^|/)netlify/(?:edge-)?functions/|^functions/|^api/")
"""Of Netlify (docs.netlify.com/build/functions), Cloudflare Pages (developers.cloudflare.com/pages/functions, `onRequestPost`) and Vercel (vercel.com/docs/functions)."""
_ON_REQUEST = pattern(r"^onRequest(?:Get|Post|Put|Patch|Delete|Head|Options)?$")
VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
"""Names of exports that a file's route is asked by, in Next.js and on Vercel."""
VIEW_METHODS = ("get", "post", "put", "patch", "delete", "dispatch")
"""What a view class calls its methods."""
HOOK = pattern(r"^use[A-Z]")
"""Names of the hooks of React."""
_DRAWN_BY = frozenset({"memo", "forwardRef", "observer"})
"""What a component that is written as an expression may be handed to: react.dev/reference/react (memo, forwardRef), mobx-react-lite."""
_COMPONENT = pattern(r"^[A-Z](?![A-Z\d_]+$)")
"""Names of components, and not of constants."""
_DRAWS = pattern(r"(?:\breturn|=>|\()\s{0,80}<[A-Za-z>]")
"""What a file with JSX in it has, whatever its ending."""


def takes_request(function: Function, index: int) -> bool:
    """Whether the parameter at this place is the request that a server hands over: by its type, or by the names that frameworks use."""
    if index >= len(function.params):
        return False
    param = function.params[index]
    if _REQUEST_TYPES.search(param.annotation):
        return True
    if index == 0 and param.name in ("req", "request") and len(function.params) > 1 and function.params[1].name in ("res", "reply", "response", "rep"):
        return True
    python = module_of(function).language == "python"
    # `def view(request)`, and a view class's `def post(self, request)`
    own = index == 1 and isinstance(function.parent, ClassDef) and function.name in VIEW_METHODS and bool(function.parent.bases)
    return python and param.name == "request" and (own or index == 0 and isinstance(function.parent, (Module, ClassDef))) and not param.annotation


def takes_invocation(function: Function) -> bool:
    """Whether a function platform calls it: `handler(event, context)`, `fetch(request, env, ctx)`."""
    first = function.params[0].name if function.params else ""
    second = function.params[1].name if len(function.params) > 1 else ""
    name = name_of(function)
    return (name in ("handler", "lambda_handler") and first in ("event", "evt", "_event")) or (name == "fetch" and first in ("request", "req") and second in ("env", "_env"))


def is_exported_for_requests(function: Function, module: Module) -> bool:
    """Whether a platform calls what a file in its folder of functions exports, with the request alone."""
    folder = _FUNCTIONS.search(module.path) if module.language != "python" else None
    if folder is None:
        return False
    held = _kept_as(function) or function.name
    names = {name for node in module.all(Export) for name, value in node.names.items() if value is function or value == held != ""}
    if folder[0].lstrip("/").startswith("netlify"):
        return "default" in names
    if folder[0].endswith("functions/"):
        return any(map(_ON_REQUEST.match, names))
    first = function.params[0].name if function.params else ""
    return not names.isdisjoint(VERBS) or ("default" in names and first in ("req", "request"))


def is_component(function: Function, module: Module) -> bool:
    """Whether a function renders: a capitalised name in a module with JSX, or a hook of the project's own in one that imports React."""
    if module.language == "python":
        return False
    if (function.name[:1].isupper() or _COMPONENT.match(_kept_as(function))) and _has_jsx(module):
        return True
    hook = HOOK.search(name_of(function)) is not None
    return hook and isinstance(function.parent, (Module, Assign)) and _imports_react(module)


def _kept_as(function: Function) -> str:
    """The name of the constant that an unnamed function is, as it is or as React's own wrappers give it back; else ""."""
    node: Node = function
    while isinstance(node.parent, Call) and node.parent.callee is not node and last_name(node.parent.callee) in _DRAWN_BY:
        node = node.parent
    holder = node.parent
    return last_name(holder.targets[0]) if isinstance(holder, Assign) and len(holder.targets) == 1 and isinstance(holder.targets[0], Name) else ""


def _has_jsx(module: Module) -> bool:
    return module.path.endswith((".tsx", ".jsx")) or (module.path.endswith(".js") and _imports_react(module) and _DRAWS.search(module.text) is not None)


def _imports_react(module: Module) -> bool:
    return any(each.module == "react" for each in module.all(Import))
