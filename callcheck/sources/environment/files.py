"""In which files is looked for the variables that a deployment gives its units?"""

from __future__ import annotations

from callcheck.sources.environment.railway import FILES as RAILWAY
from callcheck.sources.launch import DOCKERFILES, SCRIPTS
from callcheck.sources.launch.ecosystem import CONFIGURATIONS

FILES = (
    "*.yaml", "*.yml", "fly*.toml", "wrangler.toml", "wrangler.jsonc", "netlify.toml",
    "*.json", "*.service", "*.nomad", "*.hcl", "*.tf", "*.bicep", "*.conf", "*.ini", "Procfile", *CONFIGURATIONS, *SCRIPTS, *DOCKERFILES, *RAILWAY,
)  # fmt: skip
