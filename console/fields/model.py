"""Fields as values, and the catalogue of those that every office has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console.codes import model as codes
from console.web.i18n import msgid


class Kind(StrEnum):
    """How a field is typed, checked and shown."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    ANNIVERSARY = "anniversary"  # a day of the year, solar or lunar
    CHOICE = "choice"
    CODE = "code"  # one of a list of the office
    CODES = "codes"  # several
    CHECK = "check"
    LINK = "link"
    SECRET = "secret"  # noqa: S105 - kept encrypted, shown masked


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `label` is a msgid for a standard one, the administrator's words for another.

    `group`: the part of the form; `codes`: the list it takes from, or (texts) offers.
    """

    word: str
    label: str
    kind: Kind = Kind.TEXT
    group: str = "basic"
    longest: int = 80
    codes: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    off: bool = False  # not in the form until the office wants it
    own: bool = False  # made by the office


SEX = (("m", msgid("Male")), ("f", msgid("Female")))

GROUPS: tuple[tuple[str, str], ...] = (
    ("basic", msgid("Basic data")),
    ("work", msgid("Work")),
    ("class", msgid("Classification")),
    ("person", msgid("Person")),
    ("relation", msgid("Relation")),
    ("own", msgid("More fields")),
    ("text", msgid("Remarks")),
)

# S0-03, S1-03, S3-07 … S3-16, S4-85, S4-87; telephone numbers are a list of their own.
STANDARD: tuple[Field, ...] = (
    Field("name", msgid("Name"), longest=200),
    Field("number", msgid("Customer number"), longest=20),
    Field("alias", msgid("Alias"), longest=200),
    Field("email", msgid("E-mail"), longest=200),
    Field("postcode", msgid("Postcode"), longest=10),
    Field("address", msgid("Address"), longest=200),
    Field("address2", msgid("Extra address"), longest=200),
    Field("location", msgid("Location"), longest=200),
    Field("company", msgid("Company"), group="work", longest=200),
    Field("department", msgid("Department"), group="work", codes=codes.DEPARTMENT),
    Field("title", msgid("Job title"), group="work", codes=codes.TITLE),
    Field("business_number", msgid("Business number"), Kind.SECRET, "work", 20),
    Field("grade", msgid("Grade"), Kind.CODE, "class", codes=codes.GRADE),
    Field("category", msgid("Class"), Kind.CODE, "class", codes=codes.CATEGORY),
    Field("groups", msgid("Groups"), Kind.CODES, "class", codes=codes.GROUP),
    Field("method", msgid("Management method"), Kind.CODE, "class", codes=codes.METHOD),
    Field("membership", msgid("Membership"), group="class", codes=codes.MEMBERSHIP),
    Field("vip", msgid("VIP"), Kind.CHECK, "class"),
    Field("caution", msgid("Caution"), Kind.CHECK, "class"),
    Field("prospect", msgid("Prospect"), Kind.CHECK, "class"),
    Field("sex", msgid("Sex"), Kind.CHOICE, "person", choices=SEX),
    Field("birthday", msgid("Birthday"), Kind.ANNIVERSARY, "person"),
    Field("wedding", msgid("Wedding day"), Kind.ANNIVERSARY, "person"),
    Field("national_id", msgid("National ID"), Kind.SECRET, "person", 20, off=True),
    Field("referrer", msgid("Introduced by"), group="relation"),
    Field("referrer_phone", msgid("Introducer's phone"), group="relation", longest=40),
    Field("registered_on", msgid("Registered on"), Kind.DATE, "relation"),
    Field("left_on", msgid("Left us on"), Kind.DATE, "relation"),
    Field("no_sms", msgid("No text messages"), Kind.CHECK, "relation"),
    Field("no_label", msgid("No printed labels"), Kind.CHECK, "relation"),
    Field("remarks", msgid("Background remarks"), Kind.LONG, "text", 8000),
    Field("memo", msgid("Memo"), Kind.LONG, "text", 8000),
)

PHONES = Field("phones", msgid("Phone number"))  # for "required" only
MOBILE = Field("mobile", msgid("Mobile number"))
WORDS = frozenset(one.word for one in (*STANDARD, PHONES, MOBILE))

LIMITED = frozenset({"name", "address", "phones"})  # S1-33
STRICT = frozenset({"name", "phones", "mobile"})  # S2-21


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that a customer has any number of: `columns` are (word, msgid)."""

    word: str
    label: str
    columns: tuple[tuple[str, str], ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "addresses",
        msgid("More addresses"),
        (
            ("kind", msgid("Kind")),
            ("postcode", msgid("Postcode")),
            ("address", msgid("Address")),
            ("address2", msgid("Extra address")),
            ("memo", msgid("Memo")),
        ),
    ),
    Section(  # S0-04
        "family",
        msgid("Family"),
        (
            ("relation", msgid("Relation")),
            ("name", msgid("Name")),
            ("birthday", msgid("Birthday")),
            ("phone", msgid("Number")),
            ("memo", msgid("Memo")),
        ),
    ),
    Section(  # S0-05
        "school",
        msgid("School"),
        (
            ("school", msgid("School")),
            ("subject", msgid("Subject")),
            ("years", msgid("Years")),
            ("memo", msgid("Memo")),
        ),
    ),
    Section(  # S0-06
        "assets",
        msgid("Assets"),
        (
            ("what", msgid("What it is")),
            ("worth", msgid("Worth")),
            ("since", msgid("Since")),
            ("memo", msgid("Memo")),
        ),
    ),
)
CELL = 200  # longest text of one cell of a section


@dataclass(frozen=True, slots=True)
class Choice:
    """What the office decided about one field; own fields carry their whole definition."""

    word: str
    labels: Mapping[str, str] = field(default_factory=dict)  # language → words (S3-58)
    used: bool = True
    required: bool = False
    in_pop: bool = False
    searchable: bool = True
    position: int = 0
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    removed: bool = False
    version: int = 1
