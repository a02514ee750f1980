"""Our schema files are the default, so that an operator names the plugins and nothing else."""

from __future__ import annotations

from typing import Any

SCHEMAS = "ckanext.satudata.rulebook.schemas"
DEFAULTS = {
    "scheming.dataset_schemas": f"{SCHEMAS}:dataset.yaml",
    "scheming.organization_schemas": f"{SCHEMAS}:organization.yaml",
    "scheming.presets": f"ckanext.scheming:presets.json {SCHEMAS}:presets.yaml",
}


def update_config(config: Any) -> None:
    """Fill in what is not set; `satudata` stands before the scheming plugins in ``ckan.plugins``."""
    for option, value in DEFAULTS.items():
        if not config.get(option):
            config[option] = value
