"""The contributing factors that may leave: a closed list. A label of somebody's own is free text and stays."""

import re
from collections.abc import Iterable

FACTORS = frozenset(
    {
        # Common Formats, Summary of Initial Report: the factors and their groups
        "environment",
        "culture_of_safety_management",
        "physical_surroundings",
        "staff_qualifications",
        "competence",
        "training",
        "supervision_support",
        "clinical_supervision",
        "managerial_supervision",
        "policies_and_procedures",
        "presence_of_policies",
        "clarity_of_policies",
        "data",
        "availability",
        "accuracy",
        "legibility",
        "communication",
        "supervisor_to_staff",
        "among_staff_or_team_members",
        "staff_to_patient_or_family",
        "human_factors",
        "fatigue",
        "stress",
        "inattention",
        "cognitive_factors",
        "health_issues",
        "handover",
        "health_it",
        "staffing",
        "equipment",
        "unknown",
    }
)

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def known_factors(labels: Iterable[str]) -> tuple[str, ...]:
    """The codes of those labels that are on the list, each once, whatever their case and punctuation."""
    codes = (_BETWEEN_WORDS.sub("_", label).strip("_").lower() for label in labels)
    return tuple(dict.fromkeys(code for code in codes if code in FACTORS))
