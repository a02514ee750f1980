"""The only reader of data files: every cell as text, with the row and column a person sees."""

from __future__ import annotations

from ckanext.satudata.core.qa.table.model import ROW, Limits, Outside, Source, Table, TableColumn
from ckanext.satudata.core.qa.table.reader import read
from ckanext.satudata.core.qa.table.unreadable import Unreadable

__all__ = ["ROW", "Limits", "Outside", "Source", "Table", "TableColumn", "Unreadable", "read"]
