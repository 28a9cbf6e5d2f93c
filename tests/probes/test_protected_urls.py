"""Is a provider told of an address before which Vercel asks for a login?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.probes.protected_urls import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

ROUTE = "import Replicate from 'replicate';\nconst replicate = new Replicate();\nexport async function POST() {\n  await replicate.predictions.create({ model: 'm', input: {}, webhook: `https://${%s}/api/done` });\n}\n"
BY_FUNCTION = "export function base() {\n%s\n}\n" + (ROUTE % "X").replace("https://${X}", "${base()}")
PROJECT = 'resource "vercel_project" "p" {\n  name = "p"\n  vercel_authentication = {\n    deployment_type = "%s"\n  }\n}\n'
OWN = "process.env.VERCEL_URL"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"app/route.ts": ROUTE % OWN, "main.tf": PROJECT % "standard_protection_new"}, ["strong app/route.ts:4"]),
        ({"app/route.ts": ROUTE % OWN, "main.tf": PROJECT % "all_deployments"}, ["strong app/route.ts:4"]),
        ({"app/route.ts": ROUTE % OWN}, ["fair app/route.ts:4"]),
        ({"app/route.ts": ROUTE % OWN, "main.tf": PROJECT % "none"}, []),
        ({"app/route.ts": ROUTE % OWN, "main.tf": PROJECT % "only_preview_deployments"}, []),
        ({"app/route.ts": ROUTE % "process.env.APP_HOST ?? process.env.VERCEL_URL"}, []),
        ({"app/route.ts": ROUTE % "process.env.VERCEL_ENV === 'production' ? process.env.VERCEL_PROJECT_PRODUCTION_URL : process.env.VERCEL_URL"}, []),
        ({"app/route.ts": (ROUTE % OWN).replace("/api/done`", "/api/done?x-vercel-protection-bypass=${process.env.VERCEL_AUTOMATION_BYPASS_SECRET}`")}, []),
        ({"app/route.ts": BY_FUNCTION % "  if (process.env.VERCEL_ENV === 'production') return `https://${process.env.VERCEL_URL}`;\n  return process.env.TUNNEL_URL ?? 'http://localhost:3000';"}, ["fair app/route.ts:2"]),
        ({"app/route.ts": BY_FUNCTION % "  if (process.env.NODE_ENV === 'development') return process.env.TUNNEL_URL;\n  return `https://${process.env.VERCEL_URL}`;"}, ["fair app/route.ts:3"]),
        ({"app/route.ts": BY_FUNCTION % "  return process.env.VERCEL_URL ? `https://${process.env.VERCEL_URL}` : process.env.APP_URL;"}, ["fair app/route.ts:2"]),
        ({"app/route.ts": BY_FUNCTION % "  if (process.env.APP_URL) return process.env.APP_URL;\n  return `https://${process.env.VERCEL_URL}`;"}, []),
        ({"app/route.ts": BY_FUNCTION % "  if (process.env.VERCEL_ENV === 'preview') return `https://${process.env.VERCEL_URL}`;\n  return 'https://cards.example.com';"}, []),
        ({"app/route.ts": BY_FUNCTION % "  if (process.env.VERCEL_ENV === 'production') return 'https://cards.example.com';\n  return `https://${process.env.VERCEL_URL}`;"}, []),
        ({"app/route.ts": "export const GET = () => fetch(`https://${process.env.VERCEL_URL}/api/state`);\n"}, []),
    ],
    ids=["protected", "all protected", "by default", "open", "previews alone", "own name first", "the domain first", "lets it pass", "a tunnel elsewhere", "a tunnel before, in development", "tried first", "tried behind", "in previews alone", "behind production's", "nobody is told"],
)  # fmt: skip
def test_an_address_that_asks_for_a_login(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert [f"{item.fact.strength} {item.where.path}:{item.where.line}" for item in look(tmp_path, files)] == told
