"""The keys that the code writes are told, and not those of what is told of objects itself, be it through a helper."""

from __future__ import annotations

import pytest

from callcheck.sources.code.stored import keys

SAVES = "import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const save = (id, body) => s3.send(new PutObjectCommand({ Bucket: 'b', Key: `out/${id}`, Body: body }));\n"


@pytest.mark.parametrize(
    ("files", "written"),
    [
        ({"save.js": SAVES, "api.js": "import { save } from './save.js';\nexport const post = (req) => save(req.params.id, req.body);\n"}, ["out/*"]),
        ({"save.js": SAVES, "scan.js": "import { save } from './save.js';\nexport async function handler(event) {\n  for (const each of event.Records) await save(each.s3.object.key, '');\n}\n"}, []),
        ({"scan.js": SAVES + "export async function handler(event) {\n  for (const each of event.Records) await save(each.s3.object.key, '');\n}\n"}, []),
    ],
    ids=["for a request", "through a helper of what is told", "in its own file"],
)  # fmt: skip
def test_what_is_written(code_of, files: dict[str, str], written: list[str]) -> None:
    assert [key for key, _ in keys(code_of(files))] == written
