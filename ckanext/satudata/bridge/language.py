"""Which of the two languages this answer is written in."""

from __future__ import annotations

from ckan.common import config
from flask import has_request_context, request

from ckanext.satudata.core.text import Language


def language() -> Language:
    """``en`` when the reader chose English, otherwise ``id``; the site's default outside a request."""
    chosen = request.environ.get("CKAN_LANG") if has_request_context() else None
    return "en" if str(chosen or config.get("ckan.locale_default") or "id").startswith("en") else "id"
