"""Rows that the database deletes with their owner reach no listener for removals."""

from __future__ import annotations

import pytest

from callcheck.probes.cascades import PROBE
from tests.tools.deployed import look_with
from tests.tools.shipped import shipped_knowledge

look = look_with(PROBE, shipped_knowledge())
ROWS = "import {{ Entity, ManyToOne, BeforeRemove }} from 'typeorm';\nimport {{ Album }} from './album';\n@Entity()\nexport class Photo {{\n  @ManyToOne(() => Album, (a) => a.photos{cascade})\n  album;\n{own}}}\n"
SUBSCRIBER = "import { Photo } from './photo';\nexport class Files {\n  listenTo() { return Photo; }\n  async METHOD(event) { await drop(event); }\n}\n"
SERVICE = "import {{ Album }} from './album';\nexport class Albums {{\n  constructor(private readonly albums: Repository<Album>) {{}}\n  async gone(id) {{ {body} }}\n}}\n"
CASCADE = ", { onDelete: 'CASCADE' }"


def _app(cascade: str = CASCADE, method: str = "beforeRemove", body: str = "await this.albums.remove(album);", own: str = "") -> dict[str, str]:
    files = {"photo.ts": ROWS.format(cascade=cascade, own=own), "albums.ts": SERVICE.format(body=body), "album.ts": "export class Album {}\n"}
    return {**files, "files.ts": SUBSCRIBER.replace("METHOD", method)} if method else files


@pytest.mark.parametrize(
    "files",
    [
        _app(),
        _app(method="afterRemove"),
        _app(body="await this.albums.delete({ id });"),
        _app(method="", own="  @BeforeRemove()\n  drop() { f(this.path); }\n"),
    ],
)
def test_the_owner_is_removed(tmp_path, files) -> None:
    (found,) = look(tmp_path, files)
    assert found.fact.event == "Photo.remove"
    assert found.where is not None and found.where.path == "albums.ts"
    assert {each.where.path for each in found.because} <= {"photo.ts", "files.ts"}


@pytest.mark.parametrize(
    "files",
    [
        _app(cascade=""),
        _app(cascade=", { onDelete: 'SET NULL' }"),
        _app(method="afterInsert"),
        _app(body="await this.albums.remove(album.photos); await this.albums.remove(album);"),
        _app(body="await this.albums.save(album);"),
        _app(body="await this.tracks.remove(track);"),
        _app(body="await this.albumCoverRepository.remove(albumCover);"),
        _app(body="await this.albums.remove(album); await this.photos.remove(photo);"),
        _app(method="", own="  @BeforeRemove()\n  async drop() { await getRepository(Album).update(this.album.id, { count: 1 }); }\n"),
    ],
)
def test_silent(tmp_path, files) -> None:
    assert not look(tmp_path, files)
