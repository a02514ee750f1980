"""What many tests begin with is made once; afterwards it is put back.

Making people, offices and datasets by actions takes longer than most tests. Their rows are kept in a schema of their
own, beside ``seed``, which :mod:`tests.slices.keeping` puts back, as it does files, DataStore tables and index entries.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from ckan import model
from ckan.common import config

from tests.slices import keeping

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Kept:
    answer: Any
    owner: dict[str, Any]  # what a method changed in its object
    portal: keeping.Portal


_KEPT: dict[str, _Kept] = {}
_ASKED: set[str] = set()


class Test:
    """The test that runs now: what it has replaced in the code."""

    replaced: pytest.MonkeyPatch | None = None

    @classmethod
    def has_other_code(cls) -> bool:
        """Whether something made before would be made differently by this test."""
        return cls.replaced is not None and bool(cls.replaced._setattr)


def begin(make: Callable[..., Made], **given: Any) -> Made:
    """``make(**given)``: called once, in an empty portal; later what it wrote and a copy of its answer.

    What goes on from another beginning is kept with it.
    What is ``given`` (a client) is each test's own; the answer keeps it under the same names.
    """
    name = f"{make.__module__}.{make.__qualname__}"
    if name not in _KEPT:
        if not keeping.Now.portal:
            keeping.empty()
        _KEPT[name] = _Kept(_without(make(**given), given), {}, keeping.keep())
    kept = _KEPT[name]
    kept.portal.put_back()
    return _with(kept.answer, given)


def once(make: Callable[..., Made], *arguments: Any, **named: Any) -> Made:
    """What a method makes out of the beginning of a test, for the same arguments, settings and beginning.

    A function gets the object it works on as its first argument.

    It is kept when a second test asks for it. When the test did something else before, when it has replaced code, and
    when an argument is no plain value, it is really made.
    """
    owner: Any = getattr(make, "__self__", None)
    plain = arguments
    if owner is None:
        owner, *plain = arguments
    told = repr((tuple(plain), sorted(named.items())))
    if " at 0x" in told or Test.has_other_code() or model.Session.new or model.Session.dirty or not keeping.untouched():
        return make(*arguments, **named)
    settings = sorted((key, repr(value)) for key, value in config.items() if key.startswith("ckan"))
    name = f"{keeping.Now.portal} {make.__module__}.{make.__qualname__} {told} {hash(tuple(settings))}"
    if name not in _ASKED:
        _ASKED.add(name)
        return make(*arguments, **named)
    if name not in _KEPT:
        before = _plain(owner)
        answer = make(*arguments, **named)
        changed = {key: value for key, value in _plain(owner).items() if before.get(key) != value}
        _KEPT[name] = _Kept(deepcopy(answer), changed, keeping.keep())
    kept = _KEPT[name]
    kept.portal.put_back()
    vars(owner).update(deepcopy(kept.owner))
    return deepcopy(kept.answer)


def _plain(owner: Any) -> dict[str, Any]:
    plain = (str, int, float, bool, list, dict, tuple, set, type(None))
    return {key: deepcopy(value) for key, value in vars(owner).items() if isinstance(value, plain)}


def _without(made: Any, given: dict[str, Any]) -> Any:
    if not hasattr(made, "__dict__"):
        return deepcopy(made)
    again = object.__new__(type(made))
    vars(again).update({key: deepcopy(value) for key, value in vars(made).items() if key not in given})
    return again


def _with(kept: Any, given: dict[str, Any]) -> Any:
    again = deepcopy(kept)
    if hasattr(again, "__dict__"):
        vars(again).update(given)
    return again
