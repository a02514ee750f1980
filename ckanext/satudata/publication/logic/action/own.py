"""What publication adds to CKAN's actions: marks of the walidata, the switch between observe and enforce, moves."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.publication import enforcement, offices, priority
from ckanext.satudata.publication.logic import schema


def satudata_prioritas_set(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Mark a dataset as Data Prioritas, or take the mark away (Perpres 39/2019, Pasal 1).

    :param id: id or name of the dataset
    :type id: string
    :param data_prioritas: whether it is Data Prioritas
    :type data_prioritas: boolean
    :param tahun: the year of the list it stands in; required for ``true``
    :type tahun: integer

    For holders of the role ``walidata`` for the dataset's organization, and sysadmins; while the dataset is a draft, in
    revision or in review.

    :returns: ``{"id": str, "data_prioritas": bool, "data_prioritas_tahun": int | None}``
    :rtype: dictionary
    :raises ValidationError: missing values, or (key ``dataset``) the dataset is decided already
    """
    data, errors = tk.navl_validate(data_dict, schema.prioritas(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("satudata_prioritas_set", context, data)
    return priority.change(context, data)


def satudata_enforcement_set(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Switch an organization between ``observe`` (nothing is refused, what would be is counted) and ``enforce``.

    :param id: id or name of the organization
    :type id: string
    :param mode: ``observe`` or ``enforce``
    :type mode: string

    For sysadmins and holders of the role ``walidata`` for all organizations. Switching to ``enforce`` adopts what is
    public by then: it stays public, with the mark "belum diverifikasi".

    :returns: ``{"organization_id", "mode", "since": ISO moment, "adopted": number of datasets taken over}``
    :rtype: dictionary
    """
    data, errors = tk.navl_validate(data_dict, schema.enforcement(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("satudata_enforcement_set", context, data)
    return enforcement.switch(context, data["id"], data["mode"])


@tk.side_effect_free
def satudata_enforcement_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Which organizations enforce, and what would have been refused in those that are observed.

    For sysadmins and holders of the role ``walidata`` for all organizations.

    :returns: per organization ``{"organization_id", "name", "title", "mode", "since": ISO moment or null,
        "observed": {kind: number of datasets and days}}``; kinds are ``public``, ``change``, ``delete``, ``rows``, …
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_enforcement_list", context, data_dict)
    return enforcement.overview()


def satudata_office_move(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a dataset to another organization, whatever its state; its content, state and address stay. For programs.

    :param id: id of the dataset
    :type id: string
    :param organization: id of the organization it belongs to from now on
    :type organization: string
    :param letter: number of the letter that ordered it (optional)
    :type letter: string
    :param note: what the history shall say besides (optional)
    :type note: string

    A transaction of its own; the history of its case gets an entry, the index follows.

    :returns: ``{"id", "moved": bool (false: it is there already)}``
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset, or it is deleted
    """
    data, errors = tk.navl_validate(data_dict, schema.office_move(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("satudata_office_move", context, data)
    return {"id": data["id"], "moved": offices.move(context, data)}


def satudata_office_index(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Index the datasets of an organization again, because it is called otherwise now. For programs.

    :param organization: id of the organization
    :type organization: string

    :returns: ``{"indexed": number of datasets}``
    :rtype: dictionary
    """
    data, errors = tk.navl_validate(data_dict, schema.office_index(), context)
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("satudata_office_index", context, data)
    return {"indexed": offices.index_all(data["organization"])}
