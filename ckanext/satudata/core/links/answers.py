"""What another website gave: a file, or a page for people in its place; and what the file is called."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

PAGE_BEGINS = (b"<!doctype html", b"<html", b"<head", b"<body")
# A page that asks who you are, in the places where such pages say so.
LOGIN_PATH = re.compile(
    r"(?:^|[/._-])(?:log[-_]?in|sign[-_]?in|masuk|auth|sso|oauth2?|account(?:s)?)(?:[/._-]|$)", re.I
)
PASSWORD = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.I)
ENDINGS = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/json": "json",
    "application/geo+json": "geojson",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "text/plain": "txt",
}
ENCODED_NAME = re.compile(r"filename\*\s*=\s*(?:utf-8|iso-8859-1)?'[^']*'([^;]+)", re.I)
PLAIN_NAME = re.compile(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;]+))", re.I)
UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
MOST_CHARACTERS = 100
LONGEST_ENDING = 12


def page_instead(content_type: str, first: bytes, final_url: str) -> str | None:
    """``login`` or ``html`` when the answer is a page for people, else ``None``. ``first``: its first kilobytes."""
    begin = first.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_page = content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
    if not is_page and not begin.startswith(PAGE_BEGINS):
        return None
    parts = urlsplit(final_url)
    asks = PASSWORD.search(first) or LOGIN_PATH.search(parts.path) or LOGIN_PATH.search(parts.hostname or "")
    return "login" if asks else "html"


def file_name(disposition: str, final_url: str, content_type: str) -> str:
    """What the file is called: as the website says, else by its address, with an ending that says what it is."""
    name = _cleaned(_said(disposition)) or _cleaned(unquote(PurePosixPath(urlsplit(final_url).path).name))
    ending = ENDINGS.get(content_type.partition(";")[0].strip().lower())
    if not PurePosixPath(name).suffix and ending:
        name = f"{name or 'data'}.{ending}"
    return name or "data"


def _said(disposition: str) -> str:
    encoded = ENCODED_NAME.search(disposition)
    if encoded is not None:
        return unquote(encoded[1].strip().strip('"'))
    plain = PLAIN_NAME.search(disposition)
    return (plain[1] or plain[2] or "").strip() if plain is not None else ""


def _cleaned(name: str) -> str:
    """The last part of a name, without what a file system or a page would read as something else."""
    last = PurePosixPath(name.replace("\\", "/")).name
    fit = UNFIT.sub("_", last).strip(". ")
    path = PurePosixPath(fit)
    return (
        path.stem[: MOST_CHARACTERS - len(path.suffix)] + path.suffix
        if len(path.suffix) < 12
        else fit[:MOST_CHARACTERS]
    )
