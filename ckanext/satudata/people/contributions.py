"""What people contributes: a watch on posts nobody holds."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.people import vacancies


def ticks() -> dict[str, Callable[[], object]]:
    """Posts that cases need and nobody holds."""
    return {"unstaffed": vacancies.watch}
