"""Contributing factors leave as codes of a closed list."""

import pytest

from stream_processors.domain.deidentification.contributing_factors import FACTORS, known_factors

# Once more, so that neither list loses or gains a code alone.
LISTED = """
    environment culture_of_safety_management physical_surroundings staff_qualifications competence training
    supervision_support clinical_supervision managerial_supervision policies_and_procedures presence_of_policies
    clarity_of_policies data availability accuracy legibility communication supervisor_to_staff
    among_staff_or_team_members staff_to_patient_or_family human_factors fatigue stress inattention cognitive_factors
    health_issues handover health_it staffing equipment unknown
"""


def test_the_list_is_this_one() -> None:
    assert set(LISTED.split()) == FACTORS


@pytest.mark.parametrize(
    ("labels", "codes", "remark"),
    [
        (("fatigue",), ("fatigue",), "a code"),
        (("Human factors", "health-IT"), ("human_factors", "health_it"), "labels"),
        (("  Fatigue! ", "(stress)"), ("fatigue", "stress"), "punctuation around"),
        (("fatigue", "FATIGUE"), ("fatigue",), "twice"),
        (("stress", "fatigue"), ("stress", "fatigue"), "their order"),
        (("xfatigue", "fatiguex", "X-fatigue"), (), "letters around are another word"),
        (("fatigue of Ann Lee", "Staffing on 6 North", ""), (), "words of somebody's own"),
        ((), (), "none"),
    ],
)
def test_labels_become_codes_or_stay_behind(labels: tuple[str, ...], codes: tuple[str, ...], remark: str) -> None:
    assert known_factors(labels) == codes, remark
