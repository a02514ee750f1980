"""Who may read what where: the table the matrix judges by. Deny by default."""

from __future__ import annotations

from .canaries import ACCOUNT, CONTENT, PRIVATE, UNSENT, Found

ANONYMOUS = "anonymous"
# Role: the name of its account. A visitor has none.
OWN = ("member", "editor", "admin")
OTHER = ("othermember", "othereditor", "otheradmin")
# Of the first and of the second stage, for the whole portal. The Walidata reads what was handed in (`reads:
# submitted`), the Pembina Data only what stands in the second stage: the right ends with the stage.
REVIEWERS = ("walidata", "pembina")
OUTSIDE = (ANONYMOUS, "stranger", "harvester", *OTHER, "elsewhere")  # `elsewhere`: walidata of the other office only
ROLES = (*OUTSIDE, "collaborator", *OWN, *REVIEWERS, "sysadmin")
EVERYBODY = frozenset(ROLES)
INSIDE = frozenset((*OWN, *REVIEWERS, "sysadmin"))  # of the office: names of officials
MEMBERS = frozenset((*OWN, "sysadmin"))
NEVER_SENT = ("draft", "deleted", "observed")
AT_SECOND = ("second",)
NOBODY = frozenset[str]()

# Where a dataset is hidden; a new situation is one line here and one in building.py.
HIDDEN = (
    "draft",
    "first",  # in review at the first stage, with a note and a file nobody has sent yet
    "second",  # in review at the second stage
    "revision",
    "verified",
    "scheduled",
    "rejected",
    "copy",  # the working copy of `copied`
    "archived",
    "deleted",
    "observed",  # private, in an organization that only observes
    "closed",  # *tertutup*, and approved
)
PUBLIC = (
    "published",
    "copied",  # published, with a working copy in review
    "adopted",  # public since before the plugin, in an organization that only observes
    "limited",  # *terbatas*, shared with Dinas Pendidikan
)
GONE = ("takendown",)
SITUATIONS = (*HIDDEN, *PUBLIC, *GONE)

TEXTS = ("title", "notes", "field", "tag", "name", "id", "file", "filename", "label", "fileid")
# What a tombstone and the list of withdrawals say to everybody.
TOMBSTONE = {"archived": ("title", "name", "id"), "takendown": ("id",)}
# Of limited data: what is in the file.
INSIDE_FILES = ("byte", "cell", "view", "origin")


def readers(found: Found) -> frozenset[str]:
    """The roles that may read a canary."""
    kind, situation = found
    if kind in ACCOUNT:
        return _of_account(kind, situation)
    if kind == "publicreason":
        return EVERYBODY
    if kind in UNSENT:
        return frozenset({"walidata"})
    if kind in TOMBSTONE.get(situation, ()):
        return EVERYBODY
    if situation in GONE:
        return _inside(situation) if kind in TEXTS or kind in PRIVATE else NOBODY
    if kind in PRIVATE:
        return _inside(situation)
    if situation == "limited" and kind in INSIDE_FILES:
        return _inside(situation) | set(OTHER)
    if situation in PUBLIC:
        return EVERYBODY
    assert kind in CONTENT, found
    return _inside(situation) if situation == "copy" else _inside(situation) | {"collaborator"}


def _inside(situation: str) -> frozenset[str]:
    """Who reads a dataset while it is not for everybody, and at all times its notes, evidence and history."""
    walidata = frozenset[str]() if situation in NEVER_SENT else frozenset({"walidata"})
    return MEMBERS | walidata | (frozenset({"pembina"}) if situation in AT_SECOND else NOBODY)


def _of_account(kind: str, role: str) -> frozenset[str]:
    if kind == "mail":
        return frozenset({role, "sysadmin"})
    # Names of officials: members and reviewers of the owning office; everybody their own and their colleagues'.
    neighbours = (*OTHER, "elsewhere")
    return frozenset({role}) | INSIDE | (frozenset(neighbours) if role in neighbours else NOBODY)


def forbidden(role: str, told: set[Found], *, accounts: bool = False) -> set[Found]:
    """What a role was told and may not read.

    ``accounts``: this place tells signed-in people of accounts, as CKAN does (``ckan.auth.public_user_details``).
    """
    names = accounts and role != ANONYMOUS
    return {one for one in told if role not in readers(one) and not (names and one.kind in ("person", "login"))}
