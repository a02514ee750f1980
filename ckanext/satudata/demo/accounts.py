"""The accounts of the demo and their passwords.

A password is made from the portal's own secret, so it is the same at every start, differs from portal to portal, and
is stored nowhere but as CKAN's hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.demo.catalogue import catalogue

WORDS = [
    "padi",
    "jagung",
    "kopi",
    "cengkih",
    "pala",
    "lada",
    "kelapa",
    "sagu",
    "nanas",
    "durian",
    "manggis",
    "salak",
    "rambutan",
    "duku",
    "pisang",
    "mangga",
    "sungai",
    "danau",
    "teluk",
    "bukit",
    "lembah",
    "hutan",
    "pantai",
    "pulau",
    "rawa",
    "gunung",
    "muara",
    "tanjung",
    "selat",
    "kolam",
    "ladang",
    "sawah",
    "elang",
    "enggang",
    "merak",
    "punai",
    "kutilang",
    "beo",
    "kakatua",
    "cendrawasih",
    "rusa",
    "kancil",
    "tarsius",
    "anoa",
    "lumba",
    "penyu",
    "kupu",
    "jangkrik",
    "perahu",
    "layar",
    "jala",
    "dayung",
    "pasar",
    "jembatan",
    "menara",
    "balai",
    "taman",
    "kebun",
    "pagar",
    "gapura",
    "lumbung",
    "tikar",
    "anyam",
    "tenun",
]


def password_of(name: str) -> str:
    """Three words and three digits, for typing by hand."""
    secret = tk.config.get("SECRET_KEY") or tk.config.get("beaker.session.secret")
    if not secret:
        raise RuntimeError("SECRET_KEY is not set; run `ckan generate config` first")
    digest = hmac.new(str(secret).encode(), f"satudata demo {name}".encode(), hashlib.sha256).digest()
    words = [WORDS[digest[place] % len(WORDS)] for place in range(3)]
    return "-".join([*words, f"{int.from_bytes(digest[3:7], 'big') % 1000:03d}"])


def accounts() -> list[dict[str, Any]]:
    """``[{"name", "password", "title", "does"}]``, for the terminal."""
    return [_account(item) for item in catalogue()["accounts"]]


def _account(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": item["name"],
        "password": password_of(item["name"]),
        "title": item["title"],
        "does": item["does"],
    }
