"""Small values of a definition: words, names, lists, terms, conditions. Mistakes are collected, not raised."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import AllOf, AnyOf, Condition, IsOneOf, IsYes, Not
from ckanext.satudata.core.workflow.definition import UNITS, Sla
from ckanext.satudata.core.workflow.problem import Problem, sentence

# More would overflow the calendar, or mean nothing.
LONGEST = {"frekuensi": 1, "menit": 99_999, "jam": 99_999, "jam_kerja": 99_999}


TRUTH = {"yes": True, "on": True, "no": False, "off": False}


class Values:
    """Reads values and remembers what is wrong with them, each at its line."""

    def __init__(self, lines: Mapping[str, int], origins: Mapping[str, str], problems: list[Problem]) -> None:
        self.lines = lines
        self.origins = origins
        self.problems = problems

    def wrong(self, path: str, indonesian: str, english: str) -> None:
        """Remember a mistake at ``path``, or at the nearest place around it that has a line."""
        place = path
        while place not in self.lines and place:
            place = place.rpartition(".")[0]
        self.problems.append(
            Problem(self.lines.get(place, 1), path, sentence(indonesian, english), self.origins.get(place))
        )

    def words(self, body: Any, path: str) -> Text:
        """``{id: …, en: …}``."""
        if isinstance(body, dict):
            mapping = cast("dict[str, Any]", body)
            self.only(mapping, ("id", "en"), path)
            indonesian, english = mapping.get("id"), mapping.get("en")
            if _is_sentence(indonesian) and _is_sentence(english):
                return Text(str(indonesian), str(english))
        self.wrong(
            path,
            "Tulis `{id: …, en: …}`, tanpa kurung kurawal di dalam kalimat.",
            "Write `{id: …, en: …}`, without braces inside the sentence.",
        )
        return Text("", "")

    def name(self, body: Any, path: str) -> str:
        """A name of lower case letters, digits, ``_`` and ``-``."""
        if isinstance(body, str) and is_name(body):
            return body
        self.wrong(
            path,
            "Tulis nama dengan huruf kecil, angka, `_` atau `-`.",
            "Write a name of lower case letters, digits, `_` or `-`.",
        )
        return ""

    def names(self, body: Any, path: str) -> tuple[str, ...]:
        """One name or a list of names; nothing is an empty list."""
        return tuple(self.name(item, at) for item, at in self.one_or_more(body, path))

    def one_or_more(self, body: Any, path: str) -> list[tuple[Any, str]]:
        """The items of a list with their places; a single value is a list of one."""
        if body is None:
            return []
        if isinstance(body, list):
            return [(item, f"{path}[{number}]") for number, item in enumerate(cast("list[Any]", body))]
        return [(body, path)]

    def mapping(self, body: Any, path: str) -> dict[str, Any]:
        """``name: value`` pairs."""
        if body is None:
            self.wrong(path, "Bagian ini wajib ada.", "This part is required.")
            return {}
        if isinstance(body, dict):
            return cast("dict[str, Any]", body)
        self.wrong(path, "Bagian ini berupa `nama: isi`.", "This part is written as `name: value`.")
        return {}

    def items(self, body: Any, path: str) -> list[Any]:
        """A list."""
        if isinstance(body, list):
            return cast("list[Any]", body)
        self.wrong(
            path, "Bagian ini berupa daftar; tiap butir diawali `-`.", "This part is a list; each item starts with `-`."
        )
        return []

    def only(self, body: Mapping[str, Any], allowed: Collection[str], path: str) -> None:
        """Tell every key that is not known here."""
        for name in body:
            if name not in allowed:
                self.wrong(
                    f"{path}.{name}" if path else name,
                    f"`{name}` tidak dikenal di sini. Yang boleh: {', '.join(allowed)}.",
                    f"`{name}` is not known here. Allowed: {', '.join(allowed)}.",
                )

    def one_of(self, body: Any, allowed: Sequence[str], path: str) -> str:
        """One of these words; the first one when it is not."""
        if isinstance(body, str) and body in allowed:
            return body
        listed = ", ".join(f"`{word}`" for word in allowed)
        self.wrong(path, f"Pilih salah satu: {listed}.", f"Choose one of: {listed}.")
        return allowed[0]

    def flag(self, body: Any, path: str) -> bool:
        """Yes or no."""
        said = as_truth(body)
        if not isinstance(said, bool):
            self.wrong(path, "Tulis `true` atau `false`.", "Write `true` or `false`.")
        return said is True

    def text(self, body: Any, path: str) -> str | None:
        """A plain text, or nothing."""
        if body is None or (isinstance(body, str) and body.strip()):
            return body
        self.wrong(path, "Tulis sebuah teks di antara tanda kutip.", "Write a text in quotation marks.")
        return None

    def sla(self, body: Any, path: str) -> Sla | None:
        """``5 hari_kerja``, ``frekuensi`` or ``{value: 3, unit: bulan, basis: batch}``; nothing is no term."""
        if body is None:
            return None
        value: Any = None
        unit: Any = None
        basis: Any = "item"
        if isinstance(body, str):
            words = body.split()
            value, unit = words if len(words) == 2 else (1, body if body == "frekuensi" else None)
        elif isinstance(body, dict):
            mapping = cast("dict[str, Any]", body)
            self.only(mapping, ("value", "unit", "basis"), path)
            unit = mapping.get("unit")
            value = mapping.get("value", 1 if unit == "frekuensi" else None)
            basis = self.one_of(mapping.get("basis", "item"), ("item", "batch"), f"{path}.basis")
        number = _whole(value)
        if number is not None and unit in UNITS and number <= LONGEST.get(str(unit), 9_999):
            return Sla(number, str(unit), "batch" if basis == "batch" else "item")
        self.wrong(
            path,
            f"Tulis tenggat seperti `5 hari_kerja`, atau `frekuensi`. Satuan: {', '.join(UNITS)}.",
            f"Write a term such as `5 hari_kerja`, or `frekuensi`. Units: {', '.join(UNITS)}.",
        )
        return None

    def condition(self, body: Any, path: str) -> Condition | None:
        """See :mod:`..conditions`."""
        if isinstance(body, str):
            return IsYes(body)
        if isinstance(body, dict):
            return self._compound(cast("dict[str, Any]", body), path)
        self.wrong(
            path, "Tulis nama fakta, atau `{fact: …, is: …}`.", "Write the name of a fact, or `{fact: …, is: …}`."
        )
        return None

    def _compound(self, body: dict[str, Any], path: str) -> Condition | None:
        keys = set(body)
        if keys == {"fact", "is"}:
            return IsOneOf(str(body["fact"]), (as_truth(body["is"]),))
        if keys == {"fact", "in"}:
            values = self.items(body["in"], f"{path}.in")
            return IsOneOf(str(body["fact"]), tuple(as_truth(value) for value in values))
        if keys in ({"all"}, {"any"}):
            name = next(iter(keys))
            items = self.items(body[name], f"{path}.{name}")
            parts = [self.condition(item, f"{path}.{name}[{number}]") for number, item in enumerate(items)]
            known = tuple(part for part in parts if part is not None)
            return AllOf(known) if name == "all" else AnyOf(known)
        if keys == {"not"}:
            part = self.condition(body["not"], f"{path}.not")
            return Not(part) if part is not None else None
        self.wrong(
            path,
            "Syarat memakai `fact` dengan `is` atau `in`, atau `all`, `any`, `not`.",
            "A condition uses `fact` with `is` or `in`, or `all`, `any`, `not`.",
        )
        return None


def _is_sentence(body: Any) -> bool:
    # Braces would be taken for parameters.
    return isinstance(body, str) and bool(body.strip()) and not set("{}") & set(body)


def _whole(value: Any) -> int | None:
    word = str(value)
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 5 and int(word) > 0 else None


def as_truth(body: Any) -> Any:
    """``yes`` and ``no`` where truth is meant; everything else as it is."""
    return TRUTH.get(body.lower(), body) if isinstance(body, str) else body


def is_name(body: str) -> bool:
    """Whether a word is a name: lower case letters, digits, ``_`` and ``-``."""
    return bool(body) and body.isascii() and body.replace("_", "").replace("-", "").isalnum() and body == body.lower()
