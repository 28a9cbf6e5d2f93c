"""A provider's route behind a session check is seen, unless the middleware lets it pass."""

from __future__ import annotations

import pytest

from callcheck.probes.guards import PROBE
from tests.tools.deployed import look_with

ROUTE = {"app/api/hooks/pay/route.ts": 'export async function POST(req) { const s = req.headers.get("stripe-signature"); }'}
look = look_with(PROBE)


def _clerk(listed: str, asked: str) -> str:
    return (
        'import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";\n'
        f"const listed = createRouteMatcher([{listed}]);\n"
        f"export default clerkMiddleware(async (auth, req) => {{ if ({asked}listed(req)) await auth.protect(); }});\n"
        'export const config = { matcher: ["/(api|trpc)(.*)"] };\n'
    )


GUARDED = [
    _clerk('"/", "/api/health"', "!"),
    _clerk('"/api(.*)"', ""),
    'import { withAuth } from "next-auth/middleware";\nexport default withAuth({});\nexport const config = { matcher: ["/api/:path*"] };',
    "export function middleware(req) { if (!req.cookies.get('session')) return NextResponse.redirect(new URL('/login', req.url)); }",
    'export { default } from "next-auth/middleware";\nexport const config = { matcher: ["/((?!_next|login).*)"] };',
    _clerk("...['orders', 'hooks'].map((area) => `/api/${area}(.*)`)", ""),
    _clerk('"/", "/api/health"', "!").replace("auth.protect()", "auth().protect()"),
    _clerk('"/orders(.*)", "/api/(?!" + ["health"].join("|") + ")(.*)"', "").replace('"/(api|trpc)(.*)"', r'"/((?!_next/|.*\\.(?:css|png)$).*)"'),
]
OPEN = [
    _clerk('"/", "/api/hooks(.*)"', "!"),
    _clerk('"/dashboard(.*)"', ""),
    'import { withAuth } from "next-auth/middleware";\nexport default withAuth({});\nexport const config = { matcher: ["/dashboard/:path*"] };',
    "export function middleware(req) { if (req.nextUrl.pathname.startsWith('/api/hooks')) return; if (!session) return NextResponse.redirect('/login'); }",
    "export function middleware(req) { return NextResponse.next(); }",
    _clerk("...['orders'].map((area) => `/api/${area}(.*)`)", ""),
]


@pytest.mark.parametrize("middleware", GUARDED, ids=["not public", "protected", "next-auth", "own", "next-auth as it is", "from names", "Clerk 5", "joined"])
def test_a_route_behind_the_check_is_told(tmp_path, middleware) -> None:
    (found,) = look(tmp_path, {**ROUTE, "middleware.ts": middleware})
    assert (found.fact.route, found.fact.guard) == ("/api/hooks/pay", "session")


@pytest.mark.parametrize("middleware", OPEN, ids=["public", "others protected", "not matched", "own exception", "no check", "others from names"])
def test_silent_where_the_request_passes(tmp_path, middleware) -> None:
    assert not look(tmp_path, {**ROUTE, "middleware.ts": middleware})


def test_a_route_that_no_provider_signs_is_left_alone(tmp_path) -> None:
    assert not look(tmp_path, {"app/api/orders/route.ts": "export async function POST(req) {}", "middleware.ts": GUARDED[0]})
