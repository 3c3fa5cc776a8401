"""One frozen record type per public Avro schema."""

from schemas.records.alert import Alert
from schemas.records.arrangement import ArrangementActivated
from schemas.records.counting import Cell, CellCount, Contribution, Signal
from schemas.records.disclosed import AnonymizedEvent, NonidentifiedEvent
from schemas.records.flow import Acceptance, AcceptedEvent, Classification, ClassifiedEvent
from schemas.records.published import PublishedCell
from schemas.records.safety_event import SafetyEvent
from schemas.records.values import Record

__all__ = [
    "Acceptance",
    "AcceptedEvent",
    "Alert",
    "AnonymizedEvent",
    "ArrangementActivated",
    "Cell",
    "CellCount",
    "Classification",
    "ClassifiedEvent",
    "Contribution",
    "NonidentifiedEvent",
    "PublishedCell",
    "Record",
    "SafetyEvent",
    "Signal",
]
