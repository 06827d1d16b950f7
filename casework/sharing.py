"""What neighbours share inside a zone, and who has consented to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """What a party can share of its records, or keep to itself, beside where, when, what kind and how bad.

    Of incidents: `description`, `accuracy_m`, `reported_jurisdiction`, `source_file`. Of firms: `risk` and the four
    sub-scores. Of stations: how many officers are on duty, and the telephone. What is not shared comes back empty.
    """

    DESCRIPTION = "description"
    ACCURACY_M = "accuracy_m"
    REPORTED_JURISDICTION = "reported_jurisdiction"
    SOURCE_FILE = "source_file"
    RISK = "risk"
    EMISSIONS = "emissions"
    HISTORY = "history"
    SAFETY = "safety"
    OVERSIGHT = "oversight"
    N_OFFICERS = "n_officers"
    PHONE = "phone"


@dataclass(frozen=True)
class Share:
    """What one party shares with the others: of which categories (texts of `model.Category`), and which fields."""

    party: str
    categories: tuple[str, ...]
    fields: tuple[Field, ...] = tuple(Field)


@dataclass(frozen=True)
class Consent:
    """A party's word that it shares what an agreement says: by whom, and when."""

    party: str
    by: str
    at: datetime


def kept_back(share: Share, categories: Sequence[str]) -> tuple[str, ...]:
    """What a party does not share of all it could: categories of the agreement, then fields.

    Examples
    --------
    >>> kept_back(Share("e", ("air",), tuple(one for one in Field if one != Field.PHONE)), ("water", "air"))
    ('water', 'phone')
    """
    fields = tuple(str(one) for one in Field if one not in share.fields)
    return (*(one for one in categories if one not in share.categories), *fields)


def shared_but(party: str, back: Collection[str], categories: Sequence[str]) -> Share:
    """The share of a party that keeps `back` to itself.

    Examples
    --------
    >>> shared_but("e", ("water", "phone"), ("water", "air")).categories
    ('air',)
    """
    fields = tuple(one for one in Field if one not in back)
    return Share(party, tuple(one for one in categories if one not in back), fields)
