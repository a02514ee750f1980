"""Renew the Indonesian catalogue: append the sentences that are new in the sources, name the unused ones, compile.

The file is kept by hand (by slice, with comments), so nothing in it is moved or removed here. Sentences of CKAN's own
pages may stand in it too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ckan
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import escape, read_po

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "ckanext" / "satudata"
CATALOGUE = PACKAGE / "i18n" / "id" / "LC_MESSAGES" / "ckanext-satudata.po"
METHODS = [("templates/**.html", "ckan"), ("templates/**.txt", "ckan"), ("**.py", "python")]

MessageId = str | tuple[str, ...]


def sources() -> dict[MessageId, str]:
    """Every sentence of our sources with the file and line of its first use."""
    found: dict[MessageId, str] = {}
    for file, line, sentence, _comments, _context in extract_from_dir(PACKAGE, METHODS):
        found.setdefault(sentence, f"{file}:{line}")
    return found


def of_ckan() -> set[MessageId]:
    """Every sentence of CKAN itself."""
    template = Path(ckan.__file__).parent / "i18n" / "ckan.pot"
    with template.open("rb") as file:
        return ids(read_po(file))


def ids(catalogue: Catalog) -> set[MessageId]:
    """Every sentence of a catalogue; those with a plural as a pair."""
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}


def entry(sentence: MessageId, place: str) -> str:
    """An empty entry, as text."""
    if isinstance(sentence, str):
        return f'\n#: {place}\nmsgid {escape(sentence)}\nmsgstr ""\n'
    return f'\n#: {place}\nmsgid {escape(sentence[0])}\nmsgid_plural {escape(sentence[1])}\nmsgstr[0] ""\n'


def read() -> Catalog:
    """The catalogue as it is."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="id", abort_invalid=True)


def main() -> int:
    """Return 1 when a sentence has no Indonesian words yet."""
    catalogue = read()
    known = ids(catalogue)
    singulars = {sentence if isinstance(sentence, str) else sentence[0] for sentence in known}
    used = sources()
    new = {
        sentence: place
        for sentence, place in used.items()
        if (sentence if isinstance(sentence, str) else sentence[0]) not in singulars
    }
    if new:
        with CATALOGUE.open("a") as file:
            file.write("\n# New: give Indonesian words and move to the part of the slice\n")
            file.writelines(entry(sentence, place) for sentence, place in sorted(new.items(), key=lambda pair: pair[1]))
        catalogue = read()
    for sentence in sorted(str(one) for one in known - set(used) - of_ckan()):
        print(f"not used any more: {sentence}")
    empty = [message for message in catalogue if message.id and (not message.string or message.fuzzy)]
    for message in empty:
        print(f"without Indonesian words: {message.id}")
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    print(f"{len(known) + len(new)} sentences, {len(new)} new, {len(empty)} without Indonesian words")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
