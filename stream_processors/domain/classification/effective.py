"""The codes by which an event is counted and disclosed: the reporter's, else our advice, else that nothing is known."""

from schemas.records import ClassifiedEvent
from schemas.taxonomy import Category, Harm, ReportType


def effective_categories(record: ClassifiedEvent) -> tuple[Category, ...]:
    """The distinct categories, at least one, in the order in which they were given."""
    found = record.event.categories or record.classification.categories or (Category.OTHER,)
    return tuple(dict.fromkeys(found))


def effective_harm(record: ClassifiedEvent) -> Harm:
    """Residual harm. A near miss or an unsafe condition has none to speak of: `not_applicable`."""
    if record.event.report_type is not ReportType.INCIDENT:
        return Harm.NOT_APPLICABLE
    return record.event.harm or record.classification.harm or Harm.UNKNOWN


def effective_report_type(record: ClassifiedEvent) -> ReportType:
    """The reporter's own: every event has one, and advice against it is only a question to a reviewer."""
    return record.event.report_type
