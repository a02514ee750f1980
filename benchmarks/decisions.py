"""What a decision costs: ``./dev/run python -m benchmarks.decisions``.

``satudata_available`` by itself, in a warm process and over HTTP, and a decision against CKAN's own ``package_patch``
of the same dataset on the same running portal, in turn. The portal is the one of ``benchmarks.desk``, with a smaller
catalogue unless ``--datasets`` says otherwise; it is made at the first run and kept.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.pairs import HEAD, Client, Pairs, p95, seconds
from benchmarks.prepared import filled, portal, versions
from dev.kit.site import Site

WARM = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--fresh", action="store_true", help="make the catalogue anew")
    asked = parser.parse_args()
    site = portal(f"bench_usual_{asked.datasets}", fresh=asked.fresh)
    tokens = filled(site, asked.datasets)
    site.start()
    try:
        report(site, tokens, asked.pairs)
    finally:
        site.stop()


def report(site: Site, tokens: dict[str, str], pairs: int) -> None:
    """Measure on a running portal, and print."""
    reviewer, admin = Client(site.address, tokens["reviewer"]), Client(site.address, tokens["site"])
    ids = [row["id"] for row in reviewer.act("satudata_queue", limit=100)["results"]]
    print(f"\n{versions(site)}, {pairs} pairs\n")
    _single("satudata_available, in a warm process", [lambda one=one: _available(one) for one in ids])
    _single(
        "satudata_available, over HTTP", [lambda one=one: reviewer.act("satudata_available", id=one) for one in ids]
    )
    _single("status_show, over HTTP (the least there is)", [lambda: reviewer.act("status_show") for _ in ids])
    print(f"\n{HEAD}")
    returned: list[str] = []
    for transition in ("return", "pass"):
        print(_decisions(transition, reviewer, admin, pairs, returned).line(), flush=True)


def _decisions(transition: str, reviewer: Client, admin: Client, pairs: int, returned: list[str]) -> Pairs:
    """A decision and a ``package_patch`` in turn, of datasets with the same content.

    What is in review nobody edits: a returned dataset is patched right after its return, and then again while others
    are passed.
    """
    more = {"note": "Satuan salah.", "reason_code": "isi_data"} if transition == "return" else {}
    ours: list[float] = []
    theirs: list[float] = []
    queue = reviewer.act("satudata_queue", limit=100)["results"]
    waiting = [row for row in queue if row["state"] == "in_review"][: pairs + WARM]
    for number, row in enumerate(waiting):
        case = reviewer.act("satudata_case_show", id=row["id"])
        seen = {"id": row["id"], "expected": case["expected"], "content_hash": case["content_hash"], **more}
        ours.append(seconds(lambda seen=seen: reviewer.act("satudata_transition", transition=transition, **seen)))
        if transition == "return":
            returned.append(row["id"])
        draft, words = returned[number], f"Diubah sesudah {transition}."
        theirs.append(seconds(lambda one=draft, words=words: admin.act("package_patch", id=one, notes=words)))
    return Pairs(f"a decision ({transition}) against package_patch", tuple(ours[WARM:]), tuple(theirs[WARM:]))


def _single(name: str, calls: list[Callable[[], Any]]) -> None:
    for call in calls[:WARM]:
        call()
    times: list[float] = []
    busy: list[float] = []
    for call in calls:
        began = time.process_time()
        times.append(seconds(call) * 1000)
        busy.append((time.process_time() - began) * 1000)
    middle = statistics.median(times)
    told = f"{middle:>8.1f} ms, p95 {p95(times):.1f}, of {len(times)}; {statistics.median(busy):.1f} of this process"
    print(f"{name:<44} {told}", flush=True)


def _available(dataset: str) -> Any:
    import ckan.plugins.toolkit as tk
    from ckan import model

    model.Session.remove()
    context: Any = {"user": "reviewer", "ignore_auth": False}
    return tk.get_action("satudata_available")(context, {"id": dataset})


if __name__ == "__main__":
    main()
