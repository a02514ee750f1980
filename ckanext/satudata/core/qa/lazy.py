"""polars, imported when it is first used.

The words of the checks are needed in the web process, which must neither pay for the import nor start threads before
it forks; the columns are only touched in the process that judges. Write ``from ckanext.satudata.core.qa.lazy import
pl``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["pl"]

if TYPE_CHECKING:
    import polars as pl
else:
    from importlib import import_module

    class _Polars:
        def __getattr__(self, name: str) -> Any:
            found = getattr(import_module("polars"), name)
            self.__dict__[name] = found  # asked for once; the next time Python finds it without us
            return found

    pl = _Polars()
