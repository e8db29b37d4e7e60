"""Reading a programme from a spreadsheet or from schedule.json. Pure: bytes in, a Programme out; no Django."""

from conference.agenda.importing.document import (
    FIELDS,
    Item,
    Problem,
    Programme,
    Someone,
    Unreadable,
    fold,
)
from conference.agenda.importing.reading import read

__all__ = ["FIELDS", "Item", "Problem", "Programme", "Someone", "Unreadable", "fold", "read"]
