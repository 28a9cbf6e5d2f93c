"""SvelteKit's and Nuxt's code before every request, and whether a provider's route gets past it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.file_guards import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

KIT = {
    "package.json": '{"dependencies": {"@sveltejs/kit": "2.5.0"}}',
    "src/routes/api/webhooks/stripe/+server.ts": "export const POST = async ({ request }) => new Response('ok');\n",
}
HANDLE = "import { redirect } from '@sveltejs/kit';\nexport const handle = async ({ event, resolve }) => {\n  if (!event.locals.user%s) throw redirect(303, '/login');\n  return resolve(event);\n};\n"
NUXT = {
    "package.json": '{"dependencies": {"nuxt": "3.12.0"}}',
    "server/api/webhooks/stripe.post.ts": "export default defineEventHandler(async (event) => ({ ok: true }));\n",
}
BEFORE = "export default defineEventHandler((event) => {\n  if (!event.context.user%s) throw createError({ statusCode: 401 });\n});\n"


def said(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return [f"{item.where} {item.fact.route} {item.because[0].where}" for item in look(tmp_path, files)]


def test_sveltekit_turns_the_provider_away(tmp_path: Path) -> None:
    assert said(tmp_path, {**KIT, "src/hooks.server.ts": HANDLE % ""}) == ["src/hooks.server.ts:2 /api/webhooks/stripe src/routes/api/webhooks/stripe/+server.ts:1"]


def test_nuxt_turns_the_provider_away(tmp_path: Path) -> None:
    assert said(tmp_path, {**NUXT, "server/middleware/auth.ts": BEFORE % ""}) == ["server/middleware/auth.ts:1 /api/webhooks/stripe server/api/webhooks/stripe.post.ts:1"]


@pytest.mark.parametrize(
    "files",
    [
        {**KIT, "src/hooks.server.ts": HANDLE % " && !event.url.pathname.startsWith('/api/webhooks')"},
        {**KIT, "src/hooks.server.ts": HANDLE % " && event.url.pathname.startsWith('/admin')"},
        {**NUXT, "server/middleware/auth.ts": BEFORE % " && !event.path.startsWith('/api/webhooks')"},
        {**KIT, "src/hooks.server.ts": "export const handle = async ({ event, resolve }) => resolve(event);\n"},
        {"package.json": KIT["package.json"], "src/routes/api/notes/+server.ts": "export const POST = async () => new Response('ok');\n", "src/hooks.server.ts": HANDLE % ""},
    ],
    ids=["spared", "asked below another path", "spared by Nuxt", "asks nobody", "no provider's route"],
)
def test_the_provider_comes_through(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files) == []
