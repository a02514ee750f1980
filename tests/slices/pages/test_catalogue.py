"""The Indonesian catalogue is complete: every sentence of ours has its words, and it is served as written."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan
import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from ckan.lib.extract import extract_ckan

import ckanext.satudata

PACKAGE = Path(str(ckanext.satudata.__file__)).parent
OURS = PACKAGE / "i18n" / "id" / "LC_MESSAGES" / "ckanext-satudata.po"
CORE = Path(str(ckan.__file__)).parent / "i18n" / "id" / "LC_MESSAGES" / "ckan.mo"
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "ungettext": (1, 2)}


def catalogue() -> Any:
    with OURS.open("rb") as file:
        return read_po(file)


def singular(message: Any) -> str:
    return message if isinstance(message, str) else message[0]


def sentences() -> Iterator[tuple[str, str]]:
    """(place, msgid) of everything our templates and code hand to gettext."""
    for file in [*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]:
        with file.open("rb") as opened:
            for line, _name, message, _comments in extract_ckan(opened, tuple(KEYWORDS), []):
                yield f"{file.relative_to(PACKAGE)}:{line}", singular(message)
    for file in PACKAGE.rglob("*.py"):
        with file.open("rb") as opened:
            for line, message, _comments, _context in extract("python", opened, KEYWORDS, (), {}):
                yield f"{file.relative_to(PACKAGE)}:{line}", singular(message)


def test_every_sentence_has_indonesian_words():
    known = {singular(message.id) for message in catalogue() if message.id and message.string}
    with CORE.open("rb") as file:
        known |= {singular(message.id) for message in read_mo(file) if message.id and message.string}
    missing = [f"{place} {sentence!r}" for place, sentence in sentences() if sentence and sentence not in known]
    assert missing == []


def test_no_entry_is_empty_or_doubtful():
    bad = []
    for message in catalogue():
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(words)):
            bad.append(message.id)
    assert bad == []


def test_placeholders_stay():
    """Compared with the plural: Indonesian has one form, and English may leave the number out of its singular."""
    bad = []
    for message in catalogue():
        source = message.id[-1] if isinstance(message.id, (list, tuple)) else message.id
        for words in message.string if isinstance(message.string, tuple) else (message.string,):
            if source and message.python_format and placeholders(words) != placeholders(source):
                bad.append(source)
    assert bad == []


def placeholders(text: str) -> list[str]:
    """``%(name)s`` and ``%s`` of a sentence, in any order."""
    return sorted(re.findall(r"%(?:\(\w+\))?[sdifr]", text))


def test_brace_placeholders_stay():
    import string

    def names(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}

    bad = []
    for message in catalogue():
        if not message.id or "{" not in str(message.id) or "%(" in str(message.id):
            continue
        wanted = names(message.id if isinstance(message.id, str) else message.id[-1])
        for words in message.string if isinstance(message.string, tuple) else (message.string,):
            if names(words) != wanted:
                bad.append(message.id)
    assert bad == []


@pytest.mark.parametrize("language", ["id"])
def test_the_compiled_file_is_the_written_one(language: str):
    with OURS.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = []
    for message in catalogue():
        if not message.id:
            continue
        if isinstance(message.id, str):
            served, written = compiled.gettext(message.id), message.string
        else:
            served, written = compiled.ngettext(message.id[0], message.id[1], 2), message.string[0]
        if served != written:
            stale.append(message.id)
    assert stale == [], f"compile the {language} catalogue: ./dev/run i18n"
