"""Results that hold the errors of deliveries and are never looked at, with what is said afterwards as if all had gone well."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.evidence import Evidence
from callcheck.probes.unread_results import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
HEAD = "import nodemailer from 'nodemailer';\nconst mails = nodemailer.createTransport(process.env.SMTP);\nconst invite = (guest) => mails.sendMail({ to: guest.mail });\n"


def forms(folder: Path, body: str) -> list[str]:
    text = HEAD + f"export async function all(days) {{\n{body}\n}}\n"
    return [str(each.fact.attributes()["callcheck.error.form"]) for each in look(folder, {"package.json": '{"dependencies": {"nodemailer": "6.9.0"}}', "a.js": text}) if isinstance(each, Evidence)]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("await Promise.allSettled(days.map(invite));\nreturn days.length;", "unread"),
        ("await Promise.allSettled(days.map(invite));", "unread"),
        ("for (const day of days) {\n  await Promise.allSettled(day.guests.map(invite));\n  await db.update(day, { told: true });\n}", "unread"),
        ("for (const day of days) {\n  await Promise.allSettled(day.guests.map(invite));\n}\nconsole.log(days.length);", "unread-each"),
    ],
)
def test_what_is_not_looked_at(tmp_path: Path, body: str, form: str) -> None:
    assert forms(tmp_path, body) == [form]


def test_what_is_looked_at_is_none(tmp_path: Path) -> None:
    assert forms(tmp_path, "const sent = await Promise.allSettled(days.map(invite));\nfor (const each of sent) if (each.status === 'rejected') console.error(each.reason);") == []


@pytest.mark.parametrize(("ends", "found"), [("console.error(guest, error.message);", []), ("", ["unread"])])
def test_what_the_work_itself_catches_and_tells_of_is_no_unread_result(tmp_path: Path, ends: str, found: list[str]) -> None:
    work = f"const asked = days.map(async (guest) => {{\n  try {{\n    await invite(guest);\n  }} catch (error) {{\n    {ends}\n  }}\n}});\n"
    assert forms(tmp_path, f"{work}await Promise.allSettled(asked);\nreturn days.length;") == found
