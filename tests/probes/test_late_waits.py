"""A wait behind the act that sets off what it waits for is told; one that is begun before the act, or whose act goes on, is not."""

from __future__ import annotations

import pytest

from callcheck.probes.late_waits import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())

RUN = "import { chromium } from 'playwright';\nimport { fetch } from './bills.js';\nfetch(await (await chromium.launch()).newPage());\n"
PUPPETEER = "import puppeteer from 'puppeteer';\n"
MAIN = "from playwright.sync_api import sync_playwright\nfrom bills import fetch\n"


def script(*lines: str) -> str:
    return "export async function fetch(page) {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def sync(*lines: str) -> str:
    return "def fetch(page):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    "files",
    [
        {"run.js": RUN, "bills.js": script("await page.getByRole('link').click();", "const bill = await page.waitForEvent('download');")},
        {"run.js": RUN, "bills.js": script("await page.getByRole('link').click();", "await page.getByText('Done').waitFor();", "return await page.waitForEvent('download');")},
        {"run.js": PUPPETEER, "bills.js": script("await page.click('#in');", "await page.waitForNavigation({ waitUntil: 'load' });")},
        {"tests/a.spec.js": "import { test } from '@playwright/test';\n", "tests/bills.js": script("await page.click('#a');", "await page.waitForEvent('download');")},
        {"run.py": MAIN, "bills.py": sync("page.get_by_role('button').click()", "bill = page.wait_for_event('download', timeout=20_000)")},
        {"run.py": MAIN.replace("sync", "async"), "bills.py": "async def fetch(page):\n    await page.click('#a')\n    await page.wait_for_event('popup')\n"},
    ],
    ids=["a download", "a look between", "puppeteer", "a test", "Python", "Python, asynchronous"],
)
def test_a_wait_behind_the_act_is_told(tmp_path, files) -> None:
    found = look(tmp_path, files)
    assert [item.fact.effect for item in found] == ["late-registration"]
    assert "click" in found[0].because[0].excerpt


@pytest.mark.parametrize(
    "files",
    [
        {"run.js": RUN, "bills.js": script("const wait = page.waitForEvent('download');", "await page.click('#a');", "const bill = await wait;")},
        {"run.js": RUN, "bills.js": script("const [bill] = await Promise.all([page.waitForEvent('download'), page.click('#a')]);")},
        {"run.js": RUN, "bills.js": script("page.click('#a');", "const bill = await page.waitForEvent('download');")},
        {"run.js": RUN, "bills.js": script("await page.click('#a');", "await store(page);", "const bill = await page.waitForEvent('download');")},
        {"run.js": RUN, "bills.js": script("await page.waitForEvent('close');")},
        {"run.js": "import { app } from './app.js';\n", "bills.js": script("await page.click('#a');", "await page.waitForEvent('download');")},
        {"run.py": MAIN, "bills.py": sync("with page.expect_download() as told:", "    page.click('#a')", "bill = told.value")},
    ],
    ids=["begun before", "at once", "not awaited", "work between", "no act", "another library", "expect_download"],
)
def test_a_wait_that_is_begun_in_time_is_not(tmp_path, files) -> None:
    assert look(tmp_path, files) == []
