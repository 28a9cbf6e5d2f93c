"""Packages that are imported by an address, as the manuals of the places that serve them write it."""

from __future__ import annotations

import pytest

from callcheck.sources.code.read_js.addresses import package_of


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("npm:hono", "hono"),
        ("npm:hono@4.6.3/tiny", "hono/tiny"),
        ("npm:@supabase/supabase-js@2", "@supabase/supabase-js"),
        ("jsr:@supabase/functions-js@2/edge-runtime.d.ts", "@supabase/functions-js/edge-runtime.d.ts"),
        ("https://esm.sh/@supabase/supabase-js@2.45.0", "@supabase/supabase-js"),
        ("https://esm.sh/v135/stripe@14?target=deno", "stripe"),
        ("https://cdn.jsdelivr.net/npm/mqtt@5/dist/mqtt.esm.js", "mqtt"),
        ("https://cdn.jsdelivr.net/npm/centrifuge/+esm", "centrifuge"),
        ("https://unpkg.com/@microsoft/signalr@8.0.0/dist/esm/index.js", "@microsoft/signalr"),
        ("https://cdn.socket.io/4.8.1/socket.io.esm.min.js", "socket.io-client"),
        ("https://deno.land/std@0.224.0/http/server.ts", "https://deno.land/std@0.224.0/http/server.ts"),
        ("node:events", "node:events"),
        ("socket.io-client", "socket.io-client"),
        ("./bus.js", "./bus.js"),
    ],
)
def test_packages_by_their_addresses(module: str, package: str) -> None:
    assert package_of(module) == package
