"""Where do CloudFront, Vercel and Netlify send each path?

    ordered_cache_behavior { path_pattern = "/api/*" ... }      default_cache_behavior { target_origin_id = "site-bucket" ... }
    "rewrites": [{"source": "/api/(.*)", "destination": "/api"}]
    /api/*  /.netlify/functions/api/:splat  200

Sources: docs.aws.amazon.com, cache behavior settings (a behaviour takes the methods in its list alone); vercel.com, rewrites; docs.netlify.com, redirects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from callcheck.model.pattern import pattern
from callcheck.sources.documents import Table, each_of, tables, value_at
from callcheck.sources.documents.read_hcl import Block
from callcheck.sources.files import File
from callcheck.sources.fronts import Front, Way, below, globbed

_S3 = pattern(r"\bs3\b|bucket", re.IGNORECASE)
_LINE = pattern(r"^[ \t]*(/[^\s#]{0,200})[ \t]+(\S{1,300})(?:[ \t]+(\d{3})!?)?[ \t]*$", re.MULTILINE)
_FUNCTIONS = "/.netlify/functions/"


def cloudfront_hcl(file: File, block: Block) -> Iterator[Front]:
    """`resource "aws_cloudfront_distribution"`."""
    stored = {}
    for each in block.blocks:
        if each.kind == "origin":
            domain = each.keys.get("domain_name", ("", 0))[0]
            stored[_text(each, "origin_id")] = any(inner.kind == "s3_origin_config" for inner in each.blocks) or "origin_access_control_id" in each.keys or _S3.search(domain) is not None
    ways = []
    for each in sorted(block.blocks, key=lambda item: item.kind != "ordered_cache_behavior"):
        if each.kind in ("ordered_cache_behavior", "default_cache_behavior"):
            glob = _text(each, "path_pattern") if each.kind[0] == "o" else "*"
            target = _text(each, "target_origin_id")
            methods = each.keys.get("allowed_methods", ("", each.line))
            ways.append(_behaviour(file, glob, stored.get(target), methods[0], each.line, methods[1]))
    yield Front("cloudfront", tuple(ways))


def _text(block: Block, key: str) -> str:
    return block.keys.get(key, ("", 0))[0].strip('"')


def _behaviour(file: File, glob: str, stored: bool | None, methods: str, line: int, methods_line: int) -> Way:
    match = globbed("/" + glob.lstrip("/") if glob != "*" else "/*")
    if stored is None:
        return Way(match, "open", file, line)
    posts = not methods.startswith(("[", "'")) or "POST" in methods
    return Way(match, "files" if stored else "app", file, line if posts else methods_line, None, "" if posts or stored else "takes no POST")


def cloudfront(file: File, document: Any) -> Iterator[Front]:
    """`Type: AWS::CloudFront::Distribution` of CloudFormation."""
    resources = document.get("Resources") if isinstance(document, Table) else None
    for name in resources if isinstance(resources, Table) else ():
        config = value_at(resources, name, "Properties", "DistributionConfig")
        if value_at(resources, name, "Type") != "AWS::CloudFront::Distribution" or not isinstance(config, Table):
            continue
        stored = {str(each.get("Id")): "S3OriginConfig" in each or _S3.search(str(each.get("DomainName"))) is not None for each in tables(config.get("Origins"))}
        behaviours = [*tables(config.get("CacheBehaviors")), *([config["DefaultCacheBehavior"]] if isinstance(config.get("DefaultCacheBehavior"), Table) else [])]
        ways = []
        for each in behaviours:
            methods = each.get("AllowedMethods")
            told = str(list(methods)) if isinstance(methods, list) else "[GET, HEAD]"
            ways.append(_behaviour(file, str(each.get("PathPattern") or "*"), stored.get(str(each.get("TargetOriginId"))), told, each.line, each.lines.get("AllowedMethods", each.line)))
        yield Front("cloudfront", tuple(ways))


def vercel(file: File, document: Any) -> Iterator[Front]:
    """A vercel.json that sends paths to functions; what no rewrite takes is looked for among the files."""
    ways = []
    for key, source, target in (("rewrites", "source", "destination"), ("routes", "src", "dest")):
        for _, each in each_of(document.get(key)) if isinstance(document, Table) else ():
            to, written = str(each.get(target) or ""), str(each.get(source) or "")
            match = _expression(re.sub(r"/:\w+\*", "/.*", re.sub(r":\w+(?![*\w(])", "[^/]+", re.sub(r":\w+(?=\()", "", written))))
            goes = "files" if re.search(r"\.html$|^/$", to) else "app" if to.lstrip("/").startswith("api") or re.search(r"\.(?:[cm]?[jt]s|py)$", to) else "open"
            if match is None or not to:
                return
            ways.append(Way(match, goes, file, each.line))
    if ways:
        yield Front("vercel", (*ways, Way(below("/"), "files", file, 1)))


def _expression(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text + "$")
    except re.error:
        return None


def netlify(file: File, rules: list[tuple[str, str, str, int]]) -> Iterator[Front]:
    """Rules of from, to, status and line, the first that fits counts."""
    ways = [Way(below(_FUNCTIONS), "app", file, 1)]
    for source, to, status, line in rules:
        goes = "app" if to.startswith(_FUNCTIONS) else "files" if re.search(r"\.html$|^/$", to) and status in ("200", "404") else "open"
        ways.append(Way(globbed(source), goes, file, line))
    if any(way.goes == "app" for way in ways[1:]):
        yield Front("netlify", (*ways, Way(below("/"), "files", file, ways[-1].line)))


def netlify_toml(document: Any) -> list[tuple[str, str, str, int]]:
    """The `[[redirects]]` of netlify.toml."""
    return [(str(each.get("from")), str(each.get("to")), str(each.get("status") or "301"), each.line) for each in tables(document.get("redirects") if isinstance(document, Table) else None)]


def netlify_lines(text: str) -> list[tuple[str, str, str, int]]:
    """The lines of a file `_redirects`."""
    return [(found[1], found[2], found[3] or "301", text.count("\n", 0, found.start(1)) + 1) for found in _LINE.finditer(text)]
