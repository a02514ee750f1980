"""One way of asking. Words in braces are filled with those of a dataset: ``{id}``, ``{resource}``, ``{view}``, …"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """``given``: parameters of an action, or the form of a page; ``url``: path of a page.

    ``by``: who proves that the recipe reaches content. ``reaches``: empty, or why not even somebody who may read
    everything gets a canary here. ``accounts``: tells signed-in people of accounts, as CKAN does. ``own``: kinds of
    which the reader told the portal. ``writes``: tried by those alone who must be refused. ``why``: no content at all,
    for this reason.
    """

    given: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    by: str = "sysadmin"
    reaches: str = ""
    accounts: bool = False
    own: tuple[str, ...] = ()
    writes: bool = False
    why: str = ""


Table = dict[str, list[Recipe]]


def read(
    *,
    by: str = "sysadmin",
    reaches: str = "",
    accounts: bool = False,
    own: tuple[str, ...] = (),
    **given: Any,
) -> list[Recipe]:
    """An action that tells something."""
    return [Recipe(given=given, by=by, reaches=reaches, accounts=accounts, own=own)]


def write(**given: Any) -> list[Recipe]:
    """An action that changes something: outsiders are refused, and told nothing."""
    return [Recipe(given=given, writes=True)]


def page(url: str, /, *, by: str = "sysadmin", reaches: str = "", accounts: bool = False) -> list[Recipe]:
    """A page."""
    return [Recipe(url=url, by=by, reaches=reaches, accounts=accounts)]


def send(url: str, /, **form: Any) -> list[Recipe]:
    """A form: outsiders are refused, and told nothing."""
    return [Recipe(url=url, given=form, writes=True)]


def nothing(why: str) -> list[Recipe]:
    """No content of datasets, and why."""
    return [Recipe(why=why)]


def all_nothing(why: str, *names: str) -> Table:
    """Several of which the same is true."""
    return {name: nothing(why) for name in names}
