"""Does a bucket tell of objects that are written in another way than the code's?

    events = ["s3:ObjectCreated:Put"]
    s3.upload_file(path, "scans", key, Config=TransferConfig(multipart_threshold=16 * MB))     # from there on CompleteMultipartUpload, and no Put
    s3.generate_presigned_post("scans", key)                                                   # a Post
    event_pattern = jsonencode({ source = ["aws.s3"], detail = { reason = ["PutObject"] } })   # the same by EventBridge

Source: docs.aws.amazon.com, AmazonS3, notification-how-to-event-types-and-destinations.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from callcheck.model.evidence import Evidence, Location, Lost
from callcheck.model.facts.traps import LibraryTrap
from callcheck.model.pattern import pattern
from callcheck.model.printable import clean
from callcheck.model.target import Target
from callcheck.model.words import Basis
from callcheck.sources import Eyes
from callcheck.sources.aws_templates import SERVERLESS, TEMPLATES, templates
from callcheck.sources.bucket_rules import Rule, of_patterns, template, terraform
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.event_rules import in_template, in_terraform, resources
from callcheck.sources.files import File
from callcheck.sources.terraform import roots

_TEMPLATES = (*TEMPLATES, SERVERLESS)
_WHY = "{} sends {}, for which the bucket's notifications are not asked ({}); ask for s3:ObjectCreated:*"
_SOME = "{} sends {} for what is large enough to go in parts, for which the bucket's notifications are not asked ({}); ask for s3:ObjectCreated:*"
_LARGE = pattern(r"(?i)\.(?:zip|tar|t?gz|bz2|zst|xz|7z|rar|mp4|mov|mkv|avi|webm|m4v|wav|flac|aiff?|tiff?|psd|iso|img|dmg|dump|bak|parquet|las|laz|pcap|bag|dcm|pptx)$")
"""Files that mostly are larger than the 8 MB from which on the managed uploads of the SDKs go in parts."""
_CREATED = "s3:ObjectCreated:"


class UnheardWrites:
    """Silent where the events are computed, where another rule asks for the rest, and for keys and buckets that no rule is about."""

    name = "unheard-writes"
    looks_at = (*_TEMPLATES, "*.tf")
    marks = ("s3:ObjectCreated:", "aws.s3")
    answers = frozenset({LibraryTrap})

    def skip(self, target: Target, eyes: Eyes) -> str:
        return "" if target.on_disk and eyes.tree.named(*self.looks_at) else "no templates"

    def look(self, target: Target, eyes: Eyes) -> Iterator[Evidence | Lost]:
        if not eyes.code.present:
            return
        blocks: list[tuple[File, Block]] = []
        for each in roots(eyes):
            if isinstance(each, Lost):
                yield each
            else:
                blocks += [(each[0], block) for block in each[1].find("resource")]
        several = sum(block.labels[:1] == ("aws_s3_bucket",) for _, block in blocks) > 1
        for file, block in blocks:
            if block.labels[:1] == ("aws_s3_bucket_notification",):
                yield from self._unheard(eyes, list(terraform(file, block)), _bucket(file, block, blocks), several=several)
        yield from self._unheard(eyes, list(of_patterns(each for each in in_terraform(eyes) if not isinstance(each, Lost))), "", several=several)
        for told in templates(eyes):
            if isinstance(told, Lost):
                yield told
                continue
            rules = [*template(*told), *of_patterns(in_template(told[1], told[0]))]
            yield from self._unheard(eyes, rules, "", several=len(_buckets(told[1])) > 1)

    def _unheard(self, eyes: Eyes, rules: list[Rule], bucket: str, *, several: bool) -> Iterator[Evidence]:
        """`several`: there are other buckets, so that only the name tells of which one a write is."""
        created = [rule for rule in rules if not rule.kinds or any(kind.startswith(_CREATED) for kind in rule.kinds)]
        if not any(rule.kinds for rule in created):
            return
        from callcheck.sources.code.seen import seen
        from callcheck.sources.code.stored import writes

        for each in writes(eyes.code):
            here = bucket == each.bucket if bucket and each.bucket else not several
            # Of a bucket that is not known, a rule is known by the folder that it names.
            about = [rule for rule in created if rule.asks(each.key) and (here or not (bucket and each.bucket) and rule.names(each.key))] if each.key.strip("*") else []
            unheard = [way for way in each.ways if not any(rule.hears(way) for rule in about)] if about else []
            if not unheard:
                continue
            rule = about[0]
            certain = len(unheard) == len(each.ways) or each.in_parts is True
            likely = certain or each.in_parts is None and (_LARGE.search(each.key) or _LARGE.search(rule.suffix or ""))
            strength = "strong" if certain and here else "fair" if likely else "weak"
            method = clean(getattr(each.call.callee, "name", "") or getattr(each.call.callee, "id", "") or "this", 60)
            why = (_WHY if len(unheard) == len(each.ways) else _SOME).format(f"{method}()", " or ".join(unheard), ", ".join(clean(kind, 60) for kind in rule.kinds))
            fact = LibraryTrap("emission-bypassed", strength, why, method, rule.system, "")
            beside = seen(fact, each.call, self.name, label="this writes the object")
            yield Evidence(fact, Basis.DECLARED, self.name, Location(clean(rule.file.name), rule.kinds_line or rule.line), because=(beside,))
            return


def _bucket(file: File, block: Block, blocks: list[tuple[File, Block]]) -> str:
    """The name of a notification's bucket, "" if it is computed."""
    told = block.text("bucket")
    if "." not in told:
        return told
    label = told.split(".")[1] if told.startswith("aws_s3_bucket.") else ""
    folder = posixpath.dirname(file.name)
    named = (each.text("bucket") for there, each in blocks if each.labels == ("aws_s3_bucket", label) and posixpath.dirname(there.name) == folder)
    name = next(named, "")
    return "" if any(mark in name for mark in ("${", "var.", "local.", ".")) else name


def _buckets(document: Table) -> set[str]:
    """The buckets of a template, or those that the functions of the Serverless Framework are told of."""
    found = {name for name, each in resources(document).items() if each.get("Type") == "AWS::S3::Bucket"}
    functions = value_at(document, "functions")
    for keys in tables(list(functions.values())) if isinstance(functions, Table) else ():
        found |= {str(value_at(listed, "s3", "bucket")) for _, listed in each_of(keys.get("events")) if "s3" in listed}
    return found


PROBE = UnheardWrites()
