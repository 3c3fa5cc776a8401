"""Whether an event is accepted: by its provider, under an arrangement in force, in scope, whole, free of contradiction."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from schemas.records import Acceptance, AcceptedEvent, SafetyEvent
from schemas.records.flow import Restriction
from schemas.restrictions import Passing
from schemas.taxonomy import Action, Category, Harm, ReportType
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.calendar import is_day
from stream_processors.domain.contract.withholding import without
from stream_processors.domain.rejection import Reason, Rejected

Rule = Callable[[SafetyEvent, Arrangement], None]


def validate(event: SafetyEvent, arrangement: Arrangement) -> AcceptedEvent:
    """The event with the arrangement under which it was accepted. Raises Rejected by the first rule that it breaks.

    A withdrawal needs nothing but its provider: refusing one because the contract has ended or its codes are odd would
    leave in every count what the provider took back.
    """
    for rule in _RULES_OF_A_WITHDRAWAL if event.action is Action.WITHDRAW else _RULES:
        rule(event, arrangement)
    return AcceptedEvent(
        event=without(event, arrangement.withheld),
        acceptance=Acceptance(
            arrangement=arrangement.id,
            policy_version=arrangement.policy_version,
            provider_type=arrangement.provider_type,
            narrative_release=arrangement.narrative_release,
            narrative_dates=arrangement.narrative_dates,
            narrative_names=arrangement.narrative_names,
            test=arrangement.test,
            restrictions=restrictions_of(event, arrangement),
        ),
    )


def restrictions_of(event: SafetyEvent, arrangement: Arrangement) -> tuple[Restriction, ...]:
    """What the contract takes from this event. Of a first report nothing can be anywhere that could be taken back."""
    if event.action is not Action.REPORT or event.revision > 1:
        return arrangement.restrictions
    return tuple(
        replace(one, passes=Passing.NOTHING) if one.passes is Passing.WITHDRAWAL else one for one in arrangement.restrictions
    )


def provider_of_record(event: SafetyEvent, arrangement: Arrangement) -> None:
    """The entry topic says who sent the event; the record may only agree."""
    if event.provider != arrangement.provider:
        raise Rejected(Reason.PROVIDER_MISMATCH, "provider")


def existing_dates(event: SafetyEvent, _arrangement: Arrangement) -> None:
    """Every full date is a day of the calendar; the schema's pattern cannot know that February has no 30th."""
    for path, value in _dates(event):
        if len(value) == 10 and not is_day(value):
            raise Rejected(Reason.INVALID_FIELD, path)


def in_force(event: SafetyEvent, arrangement: Arrangement) -> None:
    """The arrangement was in force when the event was first reported, or else when it entered the PSES (42 CFR 3.20).

    Never the wall clock: a replay must decide as the first run did. A date known to the month or the year is compared
    as far as it goes, so that doubt speaks for the event.
    """
    path, day = _day_of_report(event)
    if day < arrangement.in_force_from[: len(day)]:
        raise Rejected(Reason.ARRANGEMENT_NOT_IN_FORCE, path)
    if arrangement.in_force_until is not None and day > arrangement.in_force_until[: len(day)]:
        raise Rejected(Reason.ARRANGEMENT_NOT_IN_FORCE, path)


def in_scope(event: SafetyEvent, arrangement: Arrangement) -> None:
    """Report type, every category, setting and format are agreed. Where one is limited, an event without it shows nothing."""
    if event.report_type not in arrangement.report_types:
        raise Rejected(Reason.OUT_OF_SCOPE, "report_type")
    limited = len(arrangement.categories) < len(Category)
    if not arrangement.categories.issuperset(event.categories) or (limited and not event.categories):
        raise Rejected(Reason.OUT_OF_SCOPE, "categories")
    if event.setting not in arrangement.settings:
        raise Rejected(Reason.OUT_OF_SCOPE, "setting")
    if arrangement.formats and (event.source is None or event.source.format not in arrangement.formats):
        raise Rejected(Reason.OUT_OF_SCOPE, "source.format")


def documented(event: SafetyEvent, arrangement: Arrangement) -> None:
    """Functional reporting reports what is documented as within the PSES, and the date of entry is that documentation."""
    if arrangement.functional and event.pses_entered_at is None:
        raise Rejected(Reason.INCOMPLETE, "pses_entered_at")


def complete(event: SafetyEvent, _arrangement: Arrangement) -> None:
    """It says what happened: a category or words. `other` alone says nothing (DE21 A66: please specify)."""
    words = any(narrative.text.strip() for narrative in event.narratives)
    if not event.categories and not words:
        raise Rejected(Reason.INCOMPLETE, "categories")
    if set(event.categories) == {Category.OTHER} and not words and not (event.category_other or "").strip():
        raise Rejected(Reason.INCOMPLETE, "category_other")


def correction_has_a_predecessor(event: SafetyEvent, _arrangement: Arrangement) -> None:
    """A correction of nothing is none. A report with a higher revision is lawful: a provider that lost its register, or
    moved to another system, says the whole event again, and the highest revision wins whatever it is called.
    """
    if event.action is Action.CORRECT and event.revision == 1:
        raise Rejected(Reason.CONTRADICTORY, "revision")


def harm_fits_the_report_type(event: SafetyEvent, _arrangement: Arrangement) -> None:
    """Harm is residual harm of an incident (LOINC 74560-4); what reached nobody harmed nobody."""
    if event.report_type is ReportType.INCIDENT:
        contradictory = event.harm is Harm.NOT_APPLICABLE
    else:
        contradictory = event.harm not in (None, Harm.NOT_APPLICABLE, Harm.UNKNOWN, Harm.NONE)
    if contradictory:
        raise Rejected(Reason.CONTRADICTORY, "harm")


def dates_in_order(event: SafetyEvent, _arrangement: Arrangement) -> None:
    """Born, happened, discovered, reported, each as far as both dates are known.

    The instant of entry is left out: it is UTC, the others are local, and Guam's morning is still yesterday in UTC.
    """
    dates = list(_dates(event))
    for place, (_, earlier) in enumerate(dates):
        for path, later in dates[place + 1 :]:
            shared = min(len(earlier), len(later))
            if later[:shared] < earlier[:shared]:
                raise Rejected(Reason.CONTRADICTORY, path)


def _dates(event: SafetyEvent) -> Iterator[tuple[str, str]]:
    """Paths and values of the dates that are there, in the order in which they must lie."""
    born = event.patient.birth_date if event.patient else None
    for path, value in (
        ("patient.birth_date", born),
        ("event_date", event.event_date),
        ("discovery_date", event.discovery_date),
        ("report_date", event.report_date),
    ):
        if value is not None:
            yield path, value


def _day_of_report(event: SafetyEvent) -> tuple[str, str]:
    if event.report_date is not None:
        return "report_date", event.report_date
    if event.pses_entered_at is not None:
        return "pses_entered_at", event.pses_entered_at[:10]
    raise Rejected(Reason.INCOMPLETE, "report_date")


_RULES_OF_A_WITHDRAWAL: tuple[Rule, ...] = (provider_of_record,)
_RULES: tuple[Rule, ...] = (
    provider_of_record,
    existing_dates,
    in_force,
    in_scope,
    documented,
    complete,
    correction_has_a_predecessor,
    harm_fits_the_report_type,
    dates_in_order,
)
