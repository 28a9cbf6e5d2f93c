"""A framework's cache that each process has for itself is known by how it is set up."""

from __future__ import annotations

import pytest

from callcheck.sources.code.kept_tables import kept_table
from callcheck.sources.code.tree import Call, Member

DJANGO = "from django.core.cache import cache\ndef view(request):\n    cache.set('a', 1)\n"
NEST = "import { CACHE_MANAGER } from '@nestjs/cache-manager';\nimport { Controller, Inject, Post } from '@nestjs/common';\nimport { Cache } from 'cache-manager';\n@Controller('a')\nexport class A {\n  constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}\n  @Post() f() { this.cache.set('a', 1); }\n}\n"
FLASK = "from flask import Flask\nfrom flask_caching import Cache\napp = Flask('a')\ncache = Cache(app, config={'CACHE_TYPE': '%s'})\n@app.get('/')\ndef f():\n    cache.set('a', 1)\n"
CACHES = {
    "Django's in memory": ({"a.py": DJANGO, "settings.py": "ROOT_URLCONF = 'u'\nCACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n"}, "settings.py:2"),
    "Django's own choice": ({"a.py": DJANGO, "settings.py": "ROOT_URLCONF = 'u'\n"}, "settings.py:1"),
    "Django's in Redis": ({"a.py": DJANGO, "settings.py": "ROOT_URLCONF = 'u'\nCACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}\n"}, ""),
    "Django's in Redis in production": ({"a.py": DJANGO, "base.py": "CACHES = {'default': {'BACKEND': 'x.LocMemCache'}}\n", "prod.py": "CACHES = {'default': {'BACKEND': 'x.RedisCache'}}\n"}, ""),
    "Nest's": ({"a.ts": NEST, "m.ts": "import { CacheModule } from '@nestjs/cache-manager';\nexport const m = CacheModule.register({ ttl: 60 });\n"}, "m.ts:2"),
    "Nest's in a store": ({"a.ts": NEST, "m.ts": "import { CacheModule } from '@nestjs/cache-manager';\nexport const m = CacheModule.register({ store: redisStore });\n"}, ""),
    "Flask-Caching's in memory": ({"a.py": FLASK % "SimpleCache"}, "a.py:4"),
    "Flask-Caching's in Redis": ({"a.py": FLASK % "RedisCache"}, ""),
    "node-cache": ({"a.js": "const NodeCache = require('node-cache');\nconst c = new NodeCache({ stdTTL: 9 });\napp.post('/a', (req, res) => { c.set('a', 1); });\n"}, "a.js:2"),
}


@pytest.mark.parametrize("case", CACHES)
def test_a_cache(code_of, case: str) -> None:
    files, place = CACHES[case]
    code = code_of(files)
    module = code.project.module(next(iter(files)))
    call = next(each for each in module.all(Call) if isinstance(each.callee, Member) and each.callee.name == "set")
    found = kept_table(code, call.callee.object)
    assert (found.identity if found else "") == place
