"""The rules of an event's own fields, of its acceptance and of the advice on its codes."""

from collections.abc import Mapping
from types import MappingProxyType

from stream_processors.domain.deidentification.rules_treatments import (
    CONTRACT,
    NO_NEED,
    P1,
    P2,
    UNNEEDED,
    Rule,
    Treatment,
    drop,
    generalise,
    keep,
    kept,
    provider_identifier,
)

_NARRATIVE = "Only where the arrangement lets narratives into this output; identifiers go, and what is doubtful is quarantined."
_LISTED = "As codes of the closed list of the Common Formats; a label of somebody's own is free text and goes."
_ADVICE = "Only where the reporter gave none."
_DECIDES = Rule(Treatment.DECIDES, CONTRACT, "Decides whether narratives leave.")
_DAYS = "Days from the event, where the arrangement has dates told so, else nothing: an interval is no element of a date."

_NARROWS = Rule(Treatment.DECIDES, CONTRACT, "Decides what the contract takes from this output.")


def _surrogate(becomes: str) -> tuple[Rule, Rule]:
    return (
        Rule(Treatment.SURROGATE, CONTRACT, "Random, of this output alone: two recipients cannot join theirs.", becomes),
        Rule(
            Treatment.SURROGATE, f"{P2}(i)(D), (a)(3)", "A number by itself identifies; a random surrogate does not.", becomes
        ),
    )


_EVENT: dict[str, tuple[Rule, Rule]] = {
    "event_id": _surrogate("event"),
    "revision": kept("revision"),
    "action": kept("action", "A withdrawal carries no other content."),
    "provider": _surrogate("contributor"),
    "report_type": kept("report_type"),
    "categories[]": kept("categories[]"),
    "category_other": (
        drop("none", "Free text outside the narratives."),
        drop(f"{P2}(i)(D)", "Free text outside the narratives."),
    ),
    "harm": kept("harm", "Of incidents; near misses and unsafe conditions have none."),
    "harm_scale": UNNEEDED,
    "harm_original": (
        drop("none", "A value in the words of the source."),
        drop(f"{P2}(i)(D)", "A value in the words of the source."),
    ),
    "harm_assessed": (keep(P1, "harm_assessed"), NO_NEED),
    "event_date": (
        keep(P1, "event_date", "Dates are not among the 13, and stay in a limited data set."),
        generalise(f"{P2}(i)(C)", "event_year", "The year alone."),
    ),
    "event_time": (NO_NEED, drop(f"{P2}(i)(C)", "A time of day of an event is an element of its date.")),
    "discovery_date": (
        keep(P1, "discovery_date", "Dates are not among the 13, and stay in a limited data set."),
        generalise(f"{P2}(i)(C)", "discovery_day", _DAYS),
    ),
    "report_date": (
        keep(P1, "report_date", "Dates are not among the 13, and stay in a limited data set."),
        generalise(f"{P2}(i)(C)", "report_day", _DAYS),
    ),
    "setting": kept("setting", "Rare in some States: see the check of rare characteristics."),
    "unit": provider_identifier(1, "The name of a unit names its hospital."),
    "contributing_factors[]": (
        generalise(P1, "contributing_factors[]", _LISTED),
        generalise(f"{P2}(i)(D)", "contributing_factors[]", _LISTED),
    ),
    "narratives[].kind": kept("narratives[].kind", "Where the narrative leaves."),
    "narratives[].text": (
        Rule(Treatment.NARRATIVE_ENGINE, f"{P1}, {CONTRACT}", _NARRATIVE, "narratives[].text"),
        Rule(Treatment.NARRATIVE_ENGINE, f"{P2}, (b), {CONTRACT}", _NARRATIVE, "narratives[].text"),
    ),
    "external_ids[].system": provider_identifier(1, "The name of a system often names who runs it."),
    "external_ids[].value": (
        drop("none", "A number by which the source's people find the event."),
        drop(f"{P2}(i)(D)", "A number by which the source's people find the event."),
    ),
    "source.system": provider_identifier(1, "The name of a system often names who runs it."),
    "source.format": UNNEEDED,
    "source.mapping": UNNEEDED,
    "source.original[].field": UNNEEDED,
    "source.original[].value": (
        drop("none", "A value in the words of the source."),
        drop(f"{P2}(i)(D)", "A value in the words of the source."),
    ),
    "pses_entered_at": (
        drop("none", "The fact and time of reporting stay with the provider and its PSO (42 CFR 3.20)."),
        drop(f"{P2}(i)(C)", "A time of day tied to a date."),
    ),
    "pses_policy": provider_identifier(1, "Policies are called after the house that wrote them."),
}

_ACCEPTANCE: dict[str, tuple[Rule, Rule]] = {
    "arrangement": (
        drop("none", "Names a contract, and so a provider."),
        drop(f"{P2}(i)(D)", "Names a contract, and so a provider."),
    ),
    "policy_version": kept("policy_version", "A counter."),
    "provider_type": kept("provider_type", "Rare in some States: see the check of rare characteristics."),
    "narrative_release": (_DECIDES, _DECIDES),
    "narrative_dates": (NO_NEED, Rule(Treatment.DECIDES, CONTRACT, "Decides whether dates are told as days from the event.")),
    "narrative_names": (Rule(Treatment.DECIDES, CONTRACT, "Decides whether tags or invented names stand for names."), NO_NEED),
    **{f"restrictions[].{name}": (_NARROWS, _NARROWS) for name in ("grade", "passes", "dates", "withheld[]")},
    "test": kept("test", "Invented events say so wherever they go: nobody may take one for a patient."),
}

_CLASSIFICATION: dict[str, tuple[Rule, Rule]] = {
    "classifier": UNNEEDED,
    "report_type": UNNEEDED,
    "categories[]": kept("categories[]", _ADVICE),
    "harm": kept("harm", _ADVICE),
    "needs_review": UNNEEDED,
    "confidence.report_type": UNNEEDED,
    "confidence.category": UNNEEDED,
    "confidence.harm": UNNEEDED,
    "medication.stage": UNNEEDED,
    "medication.incorrect_actions[]": UNNEEDED,
    "medication.doses[]": UNNEEDED,
    "medication.routes[]": UNNEEDED,
    "never_events[]": UNNEEDED,
    "evidence[].output": UNNEEDED,
    "evidence[].narrative": UNNEEDED,
    "evidence[].start": UNNEEDED,
    "evidence[].end": UNNEEDED,
}

EVENT: Mapping[str, tuple[Rule, Rule]] = MappingProxyType(
    {
        **{f"event.{path}": row for path, row in _EVENT.items()},
        **{f"acceptance.{path}": row for path, row in _ACCEPTANCE.items()},
        **{f"classification.{path}": row for path, row in _CLASSIFICATION.items()},
    }
)
"""Path -> rules in P1 and P2."""
