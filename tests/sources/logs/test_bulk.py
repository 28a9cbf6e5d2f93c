"""Are bulk statements of Active Record laid beside single ones of the same model that set the same?"""

from __future__ import annotations

from callcheck.model.log import Place
from callcheck.sources.logs.bulk import unhooked, unnamed
from callcheck.sources.logs.trails import Step
from callcheck.sources.logs.units import Unit
from callcheck.sources.logs.wording import ids, shape_of

UPDATE = 'Flat Update (0.5ms)  UPDATE "flats" SET "price" = $1, "updated_at" = $2 WHERE "flats"."id" = $3'
JOB = "Enqueued PriceAlertJob (Job ID: 35203664) to Sidekiq(alerts)"
ALL = 'Flat Update All (9.1ms)  UPDATE "flats" SET {} WHERE "flats"."house_id" = $1'


def request(n: int, *texts: str) -> Unit:
    lines = ("Started PATCH", *texts, "Completed 200 OK")
    return Unit([Step("", "", float(n), 10 * n + i, Place("a.log", 10 * n + i, 10 * n + i), frozenset({f"r{n}"}), text, "", shape_of(text)) for i, text in enumerate(lines)])


def told(*bulk: str, single: tuple[str, ...] = (UPDATE, JOB)) -> list[tuple[int, int]]:
    units = [request(n, *single) for n in range(5)] + [request(n, *bulk) for n in range(10, 14)]
    return [(len(found.bulk), found.heard) for found in unhooked(units)]


def test_what_sets_the_same_column_for_many_rows_and_is_followed_by_nothing_is_told() -> None:
    assert told(ALL.format("price = round(price * 1.02)")) == [(4, 5)]


def test_what_is_followed_by_the_job_all_the_same_is_not() -> None:
    assert told(ALL.format("price = round(price * 1.02)"), JOB) == []


def test_another_column_has_other_listeners() -> None:
    assert told(ALL.format('"seen_at" = now()')) == told(ALL.format('"photos_count" = 3')) == []


def test_the_consequence_of_a_single_statement_is_no_operation_of_its_own() -> None:
    assert told('Photo Create (0.3ms)  INSERT INTO "photos" ("flat_id") VALUES ($1)', ALL.format("price = price")) == []


def test_single_statements_that_nothing_follows_say_nothing_of_bulk_ones() -> None:
    assert told(ALL.format("price = 1"), single=(UPDATE,)) == []


def test_rows_that_are_deleted_for_their_age_are_nobodys_deletion() -> None:
    single = ('Flat Destroy (0.4ms)  DELETE FROM "flats" WHERE "flats"."id" = $1', JOB)
    assert told('Flat Delete All (5.4ms)  DELETE FROM "flats" WHERE "flats"."left_at" < $1', single=single) == []
    assert told('Flat Delete All (5.4ms)  DELETE FROM "flats" WHERE "flats"."house_id" = $1', single=single) == [(4, 5)]


def put_in(*, alone: str, together: str, of_both: str = "") -> list[tuple[int, int]]:
    """Rows by themselves and four at a time, with what is said of each of them."""
    texts: list[str] = []
    for n in range(6):
        texts += [f"INSERT INTO \"lots\" (\"code\") VALUES ('SB-9{n}20') RETURNING \"id\" request_id=a{n}c6dd", alone.format(f"SB-9{n}20"), of_both]
        rows = [f"SB-7{n}{m}4" for m in range(4)]
        texts += [f"INSERT INTO \"lots\" (\"code\") VALUES ('{rows[0]}'), ('{rows[1]}') request_id=f{n}c6dd", together.format(rows[0]), of_both]
    steps = [Step("", "", float(n), n, Place("a.log", n, n), ids(text), text, "", shape_of(text)) for n, text in enumerate(texts) if text]
    return [(len(found.bulk), found.heard) for found in unnamed(steps)]


def test_rows_that_are_put_in_together_are_named_by_no_line_that_names_the_others() -> None:
    assert put_in(alone="search document written code={}", together="") == [(6, 6)]
    assert put_in(alone="search document written code={}", together="lookup query={} hits=0") == [(6, 6)]


def test_what_names_some_of_them_all_the_same_is_not_missed() -> None:
    assert put_in(alone="search document written code={}", together="search document written code={}") == []


def test_what_names_no_row_follows_none() -> None:
    assert put_in(alone="", together="", of_both="request finished code=200") == []
