"""Which package is it that a module imports by an address, or by the registry's name before it?

    import { io } from 'https://cdn.socket.io/4.8.1/socket.io.esm.min.js'        // socket.io-client
    import { createClient } from 'https://esm.sh/@supabase/supabase-js@2'        // @supabase/supabase-js
    import { Hono } from 'npm:hono@4/tiny'                                       // hono/tiny

Forms: docs.deno.com/runtime/fundamentals/modules (`npm:`, `jsr:`), esm.sh, jsdelivr.com/esm, unpkg.com, socket.io/docs/v4/client-installation.
"""

from __future__ import annotations

from callcheck.model.pattern import pattern

_NAMED = pattern(r"^(?:npm|jsr):/?(?P<package>(?:@[\w.-]{1,80}/)?[\w.-]{1,80})(?:@[^/]{1,40})?(?P<path>/[\w./-]{1,120})?$")
_SERVED = pattern(
    r"^https://(?:esm\.sh/(?:v\d{1,4}/)?|esm\.run/|cdn\.jsdelivr\.net/npm/|unpkg\.com/|cdn\.skypack\.dev/|ga\.jspm\.io/npm:|cdn\.esm\.sh/(?:v\d{1,4}/)?)(?P<package>(?:@[\w.-]{1,80}/)?[\w.-]{1,80}?)(?:@[^/?]{1,40})?(?:[/?].{0,200})?$"
)
_SOCKET_IO = "https://cdn.socket.io/"


def package_of(module: str) -> str:
    """The module as an installed package would be imported; itself where it names none."""
    if ":" not in module:
        return module
    if module.startswith(_SOCKET_IO):
        return "socket.io-client"
    found = _NAMED.match(module)
    if found:
        return found["package"] + (found["path"] or "")
    found = _SERVED.match(module)
    return found["package"] if found else module
