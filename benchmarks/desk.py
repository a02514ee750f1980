"""The desk against CKAN's own list, with a hundred thousand datasets: ``./dev/run python -m benchmarks.desk``.

The portal (its own database, index and web server) is made at the first run and kept. Both sides of each figure are
asked over HTTP of the same running portal, in turn; what counts is the median of the pairs.
"""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks import decisions
from benchmarks.pairs import HEAD, Client, Pairs, measure
from benchmarks.prepared import filled, portal, versions
from dev.kit.site import Site

PAGE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--all-waiting", action="store_true", help="every case is on the desk; a portal of its own")
    parser.add_argument("--fresh", action="store_true", help="make the catalogue anew")
    asked = parser.parse_args()
    kind = "waiting" if asked.all_waiting else "usual"
    site = portal(f"bench_{kind}_{asked.datasets}", fresh=asked.fresh)
    tokens = filled(site, asked.datasets, waiting=asked.all_waiting)
    site.start()
    try:
        _report(site, tokens, asked.pairs)
    finally:
        site.stop()


def _report(site: Site, tokens: dict[str, str], pairs: int) -> None:
    print(f"\n{versions(site)}, {pairs} pairs\n")
    print(HEAD)
    for who, words in (("reviewer", "reviewer of everything"), ("officer", "reviewer of one OPD")):
        client = Client(site.address, tokens[who])
        for found in (*_actions(client, words, pairs), *_pages(client, words, pairs)):
            print(found.line(), flush=True)
    decisions.report(site, tokens, pairs)


def _actions(client: Client, words: str, pairs: int) -> list[Pairs]:
    search: dict[str, Any] = {"rows": PAGE, "include_private": True}
    return [
        measure(
            f"satudata_queue, {words}",
            lambda: client.act("satudata_queue", limit=PAGE),
            lambda: client.act("package_search", **search),
            pairs=pairs,
        ),
        measure(
            f"… all cases, page 100, {words}",
            lambda: client.act("satudata_queue", tab="all", limit=PAGE, offset=100 * PAGE),
            lambda: client.act("package_search", **search, start=100 * PAGE),
            pairs=pairs,
        ),
        measure(
            f"… words of the title, {words}",
            lambda: client.act("satudata_queue", q="rumah desa", limit=PAGE),
            lambda: client.act("package_search", **search, q="rumah desa"),
            pairs=pairs,
        ),
    ]


def _pages(client: Client, words: str, pairs: int) -> list[Pairs]:
    return [
        measure(
            f"/meja-kerja, {words}", lambda: client.get("/meja-kerja"), lambda: client.get("/dataset/"), pairs=pairs
        )
    ]


if __name__ == "__main__":
    main()
