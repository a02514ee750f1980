"""What the operator allows: options ``ckanext.satudata.links.*``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.links import addresses
from ckanext.satudata.publication.links.fetching import Limits

ALLOW, UNGUARANTEED, SECONDS = (f"ckanext.satudata.links.{name}" for name in ("allow", "unguaranteed", "seconds"))
MEGABYTE = 1 << 20


def limits() -> Limits:
    """A linked file may be as large as an upload."""
    configured = tk.config.get(ALLOW) or []
    entries = configured.split() if isinstance(configured, str) else configured
    size = int(tk.config.get("ckan.max_resource_size") or 10) * MEGABYTE
    return Limits(size, seconds(), addresses.allowed(entries))


def seconds() -> int:
    """How long fetching one file may take."""
    return max(5, int(tk.config.get(SECONDS) or 120))


def may_stay() -> bool:
    """Whether a link nobody vouches for may be submitted."""
    return tk.asbool(tk.config.get(UNGUARANTEED) or False)


def agent() -> str:
    """How the portal presents itself to other websites."""
    return f"ckanext-satudata (+{tk.config.get('ckan.site_url') or ''})"
