"""Keys that are read from `process.env` in a Worker whose configuration leaves it empty."""

from __future__ import annotations

import pytest

from callcheck.probes.unpopulated import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
CODE = "export const ask = () => fetch('https://api.mistral.ai/v1/models', { headers: { authorization: `Bearer ${process.env.MISTRAL_API_KEY}` } });\n"


def _worker(date: str, flags: str = "", code: str = CODE) -> dict[str, str]:
    return {"src/ask.ts": code, "wrangler.toml": f'main = "src/ask.ts"\ncompatibility_date = "{date}"\ncompatibility_flags = [{flags}]\n'}


SHARED = {"packages/ask.ts": CODE, "apps/bot/wrangler.toml": 'main = "src/index.ts"\ncompatibility_date = "2024-10-04"\n', "apps/bot/src/index.ts": "import { ask } from '../../../packages/ask';\nexport default { fetch: ask };\n"}


@pytest.mark.parametrize(
    "files",
    [_worker("2024-10-04"), _worker("2024-10-04", '"nodejs_compat"'), _worker("2025-06-01"), _worker("2025-06-01", '"nodejs_compat_do_not_populate_process_env"'), SHARED],
)
def test_empty(tmp_path, files) -> None:
    assert [(item.fact.name, item.fact.how) for item in look(tmp_path, files)] == [("MISTRAL_API_KEY", "not-in-process-env")]


@pytest.mark.parametrize(
    "files",
    [
        _worker("2025-04-01", '"nodejs_compat"'),
        _worker("2024-10-04", '"nodejs_compat", "nodejs_compat_populate_process_env"'),
        _worker("2024-10-04", code=CODE.replace("process.env", "c.env")),
        {**_worker("2024-10-04"), "other/wrangler.toml": 'main = "a.ts"\n'},
        {"src/ask.ts": CODE},
        # The Worker is another app of the repository, which loads none of this.
        {"apps/web/ask.ts": CODE, "apps/images/wrangler.toml": 'main = "src/index.ts"\ncompatibility_date = "2024-10-04"\n', "apps/images/src/index.ts": "export default {};\n"},
        {"src/ask.ts": CODE, "wrangler.toml": "[[["},
    ],
)
def test_filled_or_not_to_be_told(tmp_path, files) -> None:
    assert not look(tmp_path, files)
