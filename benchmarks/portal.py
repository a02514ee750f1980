"""What the plugin costs the public: ``./dev/run python -m benchmarks.portal``.

One database, one index and one catalogue, behind two web servers: one with the plugins of the README, one without
``satudata`` (and with the fields that ckanext-scheming brings along). Both are asked over HTTP in turn; what counts is
the median of the pairs.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.pairs import HEAD, Client, Pairs, measure
from benchmarks.prepared import filled, portal, versions
from dev.kit.site import Site

PLAIN = {
    "ckan.plugins": "activity datastore text_view datatables_view scheming_datasets scheming_organizations",
    "scheming.dataset_schemas": "ckanext.scheming:ckan_dataset.yaml",
    "scheming.organization_schemas": "ckanext.scheming:org_with_dept_id.json",
    "scheming.presets": "ckanext.scheming:presets.json",
}
PAGE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--fresh", action="store_true", help="make the catalogue anew")
    asked = parser.parse_args()
    site = portal(f"bench_usual_{asked.datasets}", fresh=asked.fresh)
    tokens = filled(site, asked.datasets)
    from benchmarks import published

    site.start()
    places = published.places(site)
    plain = _plain(site, places["resource"], published.file_of(places["resource"]))
    plain.start()
    try:
        _report(site, plain, tokens["reviewer"], places, asked.pairs)
    finally:
        plain.stop()
        site.stop()


def _plain(site: Site, resource_id: str, file: Path) -> Site:
    """A second web server on the same data, without the plugin; the file lies where CKAN looks for it."""
    folder = site.portal.folder / "plain"
    folder.mkdir(exist_ok=True)
    shutil.copy(site.portal.folder / "secret", folder / "secret")  # the same tokens hold
    place = folder / "storage" / "resources" / resource_id[:3] / resource_id[3:6]
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, place / resource_id[6:])
    same = replace(site.portal, folder=folder)
    plain = Site(same, folder, settings={**PLAIN, "ckan.site_id": site.portal.name}, only=("web",))
    plain.stop()
    plain.configure(from_environment=False)
    return plain


def _report(site: Site, plain: Site, token: str, places: dict[str, Any], pairs: int) -> None:
    print(f"\n{versions(site)}, {pairs} pairs\n")
    print(HEAD)
    for words, who in (("public", None), ("reviewer", token)):
        ours, theirs = Client(site.address, who), Client(plain.address, who)
        for name, paths in _asked(places).items():
            print(_measured(f"{name}, {words}", ours, theirs, paths, pairs).line(), flush=True)


def _asked(places: dict[str, Any]) -> dict[str, list[str]]:
    """Addresses of each kind, asked one after the other."""
    api, resource = "/api/3/action", places["resource"]
    names: list[str] = places["names"]
    words = ("rumah", "jumlah puskesmas", "kecamatan", "luas panen", "sekolah desa")
    return {
        "package_show": [f"{api}/package_show?id={name}" for name in names],
        "package_search": [f"{api}/package_search?rows={PAGE}&q={word.replace(' ', '+')}" for word in words],
        "dataset page": [f"/dataset/{name}" for name in names],
        "download": [f"/dataset/{places['dataset']}/resource/{resource}/download/{places['file']}"],
        "datastore_search": [f"{api}/datastore_search?resource_id={resource}&limit=100&offset={n}" for n in (0, 100)],
    }


def _measured(name: str, ours: Client, theirs: Client, paths: list[str], pairs: int) -> Pairs:
    mine, other = cycle(paths), cycle(paths)
    return measure(name, lambda: ours.get(next(mine)), lambda: theirs.get(next(other)), pairs=pairs)


if __name__ == "__main__":
    main()
