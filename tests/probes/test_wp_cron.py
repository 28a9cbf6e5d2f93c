"""Is it told that nothing starts the scheduled events of WordPress?"""

from __future__ import annotations

from pathlib import Path

import pytest

from callcheck.model.facts.traps import LibraryTrap
from callcheck.probes.wp_cron import PROBE
from tests.tools.deployed import look_with

look = look_with(PROBE)

PLUGIN = {"plugins/box/box.php": "<?php\nregister_activation_hook(__FILE__, fn () => wp_schedule_event(time(), 'daily', 'box_sweep'));\nadd_action('box_sweep', 'box_sweep');\n"}
COMPOSE = "services:\n  site:\n    image: wordpress:6.6\n    environment:\n      WORDPRESS_CONFIG_EXTRA: |\n        define('DISABLE_WP_CRON', true);\n"
OFF = {"compose.yml": COMPOSE}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (PLUGIN | OFF, ["strong @compose.yml:6"]),
        (PLUGIN | {"wp-config.php": "<?php\ndefine( 'DISABLE_WP_CRON', true );\n"}, ["hint @wp-config.php:2"]),
        (PLUGIN | {"compose.yml": "services:\n  site:\n    image: bitnami/wordpress:6\n", "setup.sh": "wp config set DISABLE_WP_CRON true --raw\n"}, ["strong @setup.sh:1"]),
        (PLUGIN | OFF | {"crontab": "* * * * * curl -s https://site.example/wp-cron.php?doing_wp_cron >/dev/null\n"}, []),
        (PLUGIN | {"compose.yml": COMPOSE + "  cron:\n    image: wordpress:cli\n    command: sh -c 'while :; do wp --path=/srv cron event run --due-now; sleep 60; done'\n"}, []),
        (PLUGIN | OFF | {"README.md": "Add a crontab line for wp-cron.php on the host.\n"}, []),
        (PLUGIN | OFF | {"nginx.conf": "location = /wp-cron.php { deny all; }\n"}, ["strong @compose.yml:6"]),
        (PLUGIN | {"compose.yml": COMPOSE.replace("true", "false")}, []),
        (PLUGIN | {"compose.yml": COMPOSE.replace("        define", "        // define")}, []),
        (PLUGIN | {"compose.dev.yml": COMPOSE}, []),
        (PLUGIN | OFF | {"pantheon.yml": "api_version: 1\n"}, []),
        ({"plugins/box/box.php": "<?php\nadd_action('save_post', 'box_save');\n"} | OFF, []),
    ],
    ids=["container", "config", "wp-cli", "crontab", "a container for it", "told to people", "kept out", "on", "a comment", "development", "a host that does", "nothing put off"],
)  # fmt: skip
def test_events_that_nothing_starts(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    found = look(tmp_path, files)
    assert [f"{item.fact.strength} @{item.where}" for item in found if isinstance(item.fact, LibraryTrap)] == told
