"""The processor knows what the table engine was built for."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from ckanext.satudata.core.text import Text
from ckanext.satudata.doctor.findings import Finding, finding
from ckanext.satudata.doctor.registry import check

FACTS = Path("/proc/cpuinfo")
INTEL = ("x86_64", "amd64", "i686")
NEEDED = ("avx2", "fma", "bmi1", "bmi2", "movbe")
# Builds of polars for processors without them.
FOR_OLD_ONES = ("polars-runtime-compat", "polars-lts-cpu")


@check(
    title=Text("Prosesor", "Processor"),
    meaning=Text(
        "Prosesor mengenal AVX2, yang dipakai mesin pemeriksa tabel; atau versinya untuk prosesor lama terpasang.",
        "The processor knows AVX2, which the table engine uses; or its build for old processors is installed.",
    ),
)
def look() -> Iterator[Finding]:
    if platform.machine().lower() not in INTEL or not FACTS.is_file():
        return
    flags = next((line.split() for line in FACTS.read_text().splitlines() if line.startswith("flags")), [])
    lacks = [one for one in NEEDED if one not in flags]
    if lacks and not any(map(_is_installed, FOR_OLD_ONES)):
        yield finding(
            "processor.too_old",
            "error",
            what=Text("Prosesor tidak mengenal {lacks}.", "The processor does not know {lacks}."),
            why=Text(
                "Mesin pemeriksa tabel berhenti di tengah jalan, jadi tidak ada laporan.",
                "The table engine stops in the middle, so there are no reports.",
            ),
            remedy=Text("Pasang polars untuk prosesor lama.", "Install polars for old processors."),
            command='pip install "polars[rtcompat]"',
            lacks=", ".join(lacks),
        )


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
