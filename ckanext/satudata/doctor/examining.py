"""Run the checks; a check that breaks is a finding of its own and never stops the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from ckan import model
from ckan.lib.search.common import SearchError
from pysolr import SolrError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import SEVERITIES, Finding, finding
from ckanext.satudata.doctor.registry import Check, checks

log = logging.getLogger(__name__)

BROKEN_WHAT = Text(
    id="Pemeriksaan “{title}” tidak dapat dijalankan: {error}",
    en="The check “{title}” could not be made: {error}",
)
BROKEN_WHY = Text(
    id="Selama pemeriksaan ini gagal, tidak ada yang tahu apakah bagian itu sehat.",
    en="While this check fails, nobody knows whether that part is well.",
)
BROKEN_REMEDY = Text(
    id="Biasanya layanan di belakangnya (basis data, Redis, Solr, berkas) tidak menjawab. Perbaiki, lalu ulangi.",
    en="Usually the service behind it (database, Redis, Solr, files) does not answer. Mend it, then try again.",
)
# What a service that is down raises.
FAILURES = (SQLAlchemyError, RedisError, SolrError, SearchError, OSError, RuntimeError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Examination:
    """What was looked at, what was left out, and what was found, the worst first."""

    checked: tuple[Check, ...]
    left_out: tuple[Check, ...]
    findings: tuple[Finding, ...]

    @property
    def status(self) -> int:
        """0: nothing to mend, 1: warnings, 2: errors. The exit status for monitoring."""
        worst = {one.severity for one in self.findings}
        return 2 if "error" in worst else 1 if "warning" in worst else 0


def examine(only: Iterable[str] = (), *, outside: bool = True) -> Examination:
    """Run all checks, or those of these ids; without ``outside`` those are left out that ask other machines."""
    wanted = set(only)
    chosen = [one for one in checks().values() if not wanted or one.id in wanted]
    now = [one for one in chosen if outside or not one.outside]
    found = [said for one in now for said in _look(one)]
    ordered = sorted(found, key=lambda said: (SEVERITIES.index(said.severity), said.id))
    return Examination(tuple(now), tuple(one for one in chosen if one not in now), tuple(ordered))


def _look(one: Check) -> list[Finding]:
    try:
        return list(one.look())
    except FAILURES as error:
        log.exception("doctor: %s broke", one.id)
        model.Session.rollback()
        said = f"{type(error).__name__}: {error}"[:300]
        parameters = {"title": one.title, "error": said}
        return [
            finding(f"{one.id}.broken", "error", what=BROKEN_WHAT, why=BROKEN_WHY, remedy=BROKEN_REMEDY, **parameters)
        ]
