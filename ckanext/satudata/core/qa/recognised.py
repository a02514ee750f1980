"""By what the cells of a finding are known again in another file: short digests of what stands in them.

A cell is known again by its whole row, or by the key of its row and its own value, whichever recurs. So an explanation
outlives a new year's rows, a new order and a changed neighbour, and ends when the value itself changes. Cells with
personal data have no digest: numbers of persons could be guessed from one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from ckanext.satudata.core.qa.dictionary import same_name
from ckanext.satudata.core.qa.findings import column_name
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.propose import running_number
from ckanext.satudata.core.qa.registry import checks
from ckanext.satudata.core.qa.table.model import ROW

if TYPE_CHECKING:
    from ckanext.satudata.core.qa.dictionary import Bound
    from ckanext.satudata.core.qa.report import Finding

# A finding about more rows than this is known again by the file as a whole only.
ROWS = 500


def known_again(findings: Iterable[Finding], bounds: Mapping[str, Bound], *, conceal: bool) -> list[Finding]:
    """The findings with their ``cells``. ``bounds``: the tables whose rows are at hand, by name; ``conceal``: columns
    that hold personal data are left out.
    """
    at_hand = {name: _Laid(bound, conceal=conceal) for name, bound in bounds.items()}
    return [replace(finding, cells=_cells(finding, at_hand)) for finding in findings]


def mark_of(finding: Finding) -> str:
    """A short name of a finding within its report, the same whatever their order: who answers it says which one."""
    place = [finding.check, finding.variant, finding.table, finding.column or "", str(finding.rows[:3])]
    said = json.dumps(dict(finding.parameters), sort_keys=True, default=str)
    return _digest([*place, str(finding.count), said])


def _cells(finding: Finding, at_hand: Mapping[str, _Laid]) -> tuple[str, ...]:
    check = checks().get(finding.check)
    if check is None or check.conceals or finding.severity == "info" or finding.variant == "crash":
        return ()
    if not finding.rows:
        said = json.dumps([finding.count, dict(finding.parameters)], sort_keys=True, default=str)
        return (_digest([said]),)
    many = sum(last - first + 1 for first, last in finding.rows)
    laid = at_hand.get(finding.table)
    if laid is None or not finding.rows_complete or many > ROWS:
        return ()
    return laid.cells(finding)


class _Laid:
    """A table with the columns by which its rows are known."""

    def __init__(self, bound: Bound, *, conceal: bool) -> None:
        self._bound = bound
        self._conceal = conceal

    @cached_property
    def _hidden(self) -> set[str]:
        return {*self._bound.shape.personal} if self._conceal else set()

    @cached_property
    def _whole(self) -> list[str]:
        table = self._bound.table
        shown = [there for there in table.columns if there.id not in self._hidden]
        return [there.id for there in shown if not running_number(table, there)]

    @cached_property
    def _keys(self) -> list[str]:
        return [there.id for column, there in self._bound.pairs if column.key and there.id not in self._hidden]

    def cells(self, finding: Finding) -> tuple[str, ...]:
        """One digest for each row of a finding: of the row, and behind a dot of key and value."""
        table = self._bound.table
        named = same_name(finding.column or "")
        value = next((one.id for one in table.columns if same_name(column_name(table, one.id)) == named), None)
        if value in self._hidden:
            return ()
        keys = [*self._keys, value] if self._keys and value is not None else []
        wanted = pl.Series([row for first, last in finding.rows for row in range(first, last + 1)])
        rows = table.rows.filter(pl.col(ROW).is_in(wanted.implode()))
        seen: Counter[str] = Counter()
        found = [
            ".".join(
                _counted([row[one].strip() for one in columns], seen) for columns in (self._whole, keys) if columns
            )
            for row in rows.select(*dict.fromkeys([*self._whole, *keys])).rows(named=True)
        ]
        return tuple(sorted(found))


def _counted(parts: list[str], seen: Counter[str]) -> str:
    """The digest of these texts; of the same texts once more, another one."""
    digest = _digest(parts)
    seen[digest] += 1
    return digest if seen[digest] == 1 else _digest([digest, str(seen[digest])])


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=6).hexdigest()
