"""Who may see what could be mended, and who may have it done."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
from ckan.types import AuthResult


def satudata_qa_mend_plan(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may read the report."""
    return authz.is_authorized("satudata_qa_show", context, {"resource_id": data_dict["resource_id"]})


def satudata_qa_mended(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may read the report."""
    return authz.is_authorized("satudata_qa_show", context, {"resource_id": data_dict["resource_id"]})


def satudata_qa_mend(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who may change the file."""
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})
