"""The month in which an event counts."""

from schemas.records import SafetyEvent

UNKNOWN_MONTH = "unknown"


def month(event: SafetyEvent) -> str:
    """YYYY-MM of the event, else of its discovery, else of its report.

    The first date that is there decides, also when it lacks a month: what happened in 2023 and was discovered in
    February 2024 did not happen in February 2024.
    """
    first = event.event_date or event.discovery_date or event.report_date or ""
    return first[:7] if len(first) >= 7 else UNKNOWN_MONTH
