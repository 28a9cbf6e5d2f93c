"""Is a text another one at each start of the program: by chance, by the time, by the process, or by what the deployment puts into a variable?

    clientId: `store-${randomUUID()}`
    clientId: process.env.CLIENT_ID        # and a Deployment fills it: valueFrom: {fieldRef: {fieldPath: metadata.name}}
    client_id=socket.gethostname()         # the name of a pod of a Deployment
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callcheck.model.pattern import pattern
from callcheck.sources.code.environ import ELSE, variable
from callcheck.sources.code.scopes import module_of
from callcheck.sources.code.set_anew import Place, renames_hosts, set_anew
from callcheck.sources.code.spelt import given_once
from callcheck.sources.code.tree import Call, Member, Name, Node, Operation, Sequence, Template, dotted, last_name

if TYPE_CHECKING:
    from callcheck.sources.code.idioms import Idioms

_MADE = pattern(
    r"(?:^|\.)(?:randomUUID|randomBytes|randomInt|random|randint|randrange|getrandbits|token_hex|token_urlsafe|urandom|nanoid|uuid[147]?|uuidv[147]|ulid|getpid)$"
    r"|^(?:(?:uuid\.)?v[147]|Date\.now|performance\.now|process\.hrtime|process\.hrtime\.bigint|time\.time|time\.time_ns|datetime\.(?:datetime\.)?(?:now|utcnow))$"
)
"""What gives another value each time, or in each process."""
_SPELLS = frozenset({"str", "String", "int", "Number", "hex", "repr", "floor", "join", "concat", "format", "update", "sha1", "sha256", "md5", "from", "b64encode", "encode"})
"""What puts its arguments into a text; what other functions do with one is not known: `stored.get("id", randomUUID())` may give one that was kept."""
_HOSTS = frozenset({"os.hostname", "socket.gethostname", "platform.node", "socket.getfqdn"})
_HOST, _ALLOCATION = "HOSTNAME", "NOMAD_ALLOC_ID"
"""Variables that are there without anybody's doing."""
_DEEPEST = 6


def renewed(idioms: Idioms, node: Node | None, depth: int = 0) -> Place | None:
    """Where it is made anew; None if nothing is known to do so. Of `a || b` the first one counts: that the second is ever taken is not known."""
    if node is None or depth > _DEEPEST:
        return None
    if isinstance(node, Operation) and node.operator in ELSE:
        return renewed(idioms, node.operands[0], depth + 1)
    if isinstance(node, (Operation, Sequence, Template)):
        parts = node.operands if isinstance(node, Operation) else node.items if isinstance(node, Sequence) else [part for part in node.parts if isinstance(part, Node)]
        return next(filter(None, (renewed(idioms, part, depth + 1) for part in parts)), None)
    if not isinstance(node, (Call, Member, Name)):
        return None
    name, _ = variable(idioms.origins, idioms.text, node)
    if name:
        return _of_variable(idioms, name, node)
    return _of_call(idioms, node, depth) if isinstance(node, Call) else _kept(idioms, node, depth)


def _of_variable(idioms: Idioms, name: str, node: Node) -> Place | None:
    if name == _ALLOCATION:
        return _at(node)
    return set_anew(idioms.origins.project, name) or (renames_hosts(idioms.origins.project) if name == _HOST else None)


def _of_call(idioms: Idioms, call: Call, depth: int) -> Place | None:
    """Of a call that makes it, or that spells out what is made anew: `str(uuid4())`, `randomBytes(4).toString("hex")`."""
    named = idioms.origins.of(call.callee).qualified or dotted(call.callee)
    if _MADE.search(named) or _MADE.search(dotted(call.callee)):
        return _at(call)
    if named in _HOSTS or named.removeprefix("node:") in _HOSTS:
        return renames_hosts(idioms.origins.project)
    inner = [*([call.callee.object] if isinstance(call.callee, Member) else []), *(call.args if last_name(call.callee) in _SPELLS else [])]
    return next(filter(None, (renewed(idioms, each, depth + 1) for each in inner)), None)


def _kept(idioms: Idioms, node: Name | Member, depth: int) -> Place | None:
    """Of what a name stands for, and of a part of what is made anew: `process.pid`, `uuid4().hex`."""
    if dotted(node) == "process.pid":
        return _at(node)
    if isinstance(node, Member) and isinstance(node.object, Call):
        return renewed(idioms, node.object, depth + 1)
    given = given_once(idioms.origins, node)
    if given is not None:
        return renewed(idioms, given.value, depth + 1)
    held = idioms.origins.of(node)
    return renewed(idioms, held.node, depth + 1) if held.kind in ("made", "value", "part") and held.node is not node else None


def _at(node: Node) -> Place:
    return Place(module_of(node).path, node.line)
