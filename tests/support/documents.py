"""Invented arrangement documents: one that takes nothing from the law, and changes to it."""

import msgspec

from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.reading import parse_document

WIDE = """
id = "arr-7k2q"
version = 3

[parties]
provider = "prv-8f3k2m"
provider_type = "hospital"
pso = "P0042"

[term]
from = 2020-01-01

[narratives]
release = "nonidentified"

[[disclosures]]
grade = "P1"
recipients = ["another_pso", "reporting_provider"]

[[disclosures]]
grade = "P2"
recipients = ["public"]

[[disclosures]]
grade = "A"
recipients = ["public"]
"""

NARROW = """
id = "arr-7k2q"
version = 4

[parties]
provider = "prv-8f3k2m"
provider_type = "hospital"
pso = "P0042"

[term]
from = 2020-01-01
until = 2027-12-31

[reporting]
by = "functional"
clause = "4.2"

[scope]
report_types = ["incident", "near_miss"]
settings = ["inpatient_unit", "operating_room"]
withheld = ["patient.race"]

[narratives]
release = "none"

[[disclosures]]
grade = "P1"
recipients = ["another_pso", "reporting_provider"]
dates = "year"
withheld = ["devices", "medications.dose"]

[[disclosures]]
grade = "A"
recipients = ["npsd", "public"]

[suppression]
threshold = 20
contributors = 5

[exit]
disposition = "transfer"
transfer_to = "P0107"

[[state_law]]
state = "PA"
cite = "40 P.S. 1303.311"

[[state_law.disclosures]]
grade = "P1"
recipients = ["another_pso", "reporting_provider"]
withheld = ["facility.city"]
"""


def wide() -> ArrangementDocument:
    """Everything that the law allows."""
    return parse_document(WIDE)


def narrow() -> ArrangementDocument:
    """The next version of the same contract: less comes in, less leaves, nothing in P2."""
    return parse_document(NARROW)


def built(document: ArrangementDocument, **changes: object) -> ArrangementDocument:
    """The document with whole tables changed, as they would be read from its text."""
    return msgspec.convert(msgspec.to_builtins(document) | changes, ArrangementDocument)
