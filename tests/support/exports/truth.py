"""What happened in each invented event, before a system writes it in its own way. Everybody in it is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

FAMILIES = ("Quartermain", "Ostrander", "Vellacott", "Null", "Brandywine", "Mürrlein", "Zabriskie")
GIVEN = ("Ada", "Zebulon", "Isolde", "Tamsin", "Öger", "Philippa")
DRUGS = ("heparin", "insulin glargine", "vancomycin", "morphine", "warfarin", "potassium chloride")
_STORIES = {
    "fall": "Patient was found on the floor beside the bed after trying to reach the bathroom alone.",
    "medication": "The wrong strength was taken from the cabinet and noticed after the second dose had been given.",
    "device": "The pump alarm did not sound although the line was occluded for more than ten minutes.",
    "pressure_injury": "A reddened area over the sacrum was seen during washing and had opened by the evening round.",
    "surgery": "The count of swabs did not agree at the end of the procedure and an image had to be taken.",
    "blood": "The unit of red cells was started before the second person had checked the wristband.",
    "behavior": "The visitor became aggressive in the corridor and staff had to call for help twice.",
}
CATEGORIES = tuple(_STORIES)
HARMS = ("none", "mild", "moderate", "severe", "death")


@dataclass(frozen=True, slots=True)
class Truth:
    """One event as it was."""

    number: str
    when: datetime
    reported: datetime
    report_type: str
    category: str
    harm: str
    drug: str
    story: str
    family: str
    given: str
    born: datetime
    sex: str


def truths(seed: int, count: int) -> list[Truth]:
    """Events of three years. Near misses and unsafe conditions harm nobody."""
    random = Random(seed)
    return [_truth(random, number) for number in range(1, count + 1)]


def _truth(random: Random, number: int) -> Truth:
    when = datetime(2022, 1, 1) + timedelta(minutes=random.randrange(3 * 365 * 24 * 60))  # noqa: DTZ001 - local time
    report_type = random.choices(("incident", "near_miss", "unsafe_condition"), (80, 15, 5))[0]
    harm = random.choices(HARMS, (60, 25, 10, 4, 1))[0] if report_type == "incident" else "none"
    category = random.choice(CATEGORIES)
    return Truth(
        number=f"{when.year}-{number:05d}",
        when=when,
        reported=when + timedelta(hours=random.randrange(1, 90)),
        report_type=report_type,
        category=category,
        harm=harm,
        drug=random.choice(DRUGS) if category == "medication" else "",
        story=f"{_STORIES[category]} Reported by the shift, item {random.randrange(10_000)}.",
        family=random.choice(FAMILIES),
        given=random.choice(GIVEN),
        born=datetime(1930, 1, 1) + timedelta(days=random.randrange(80 * 365)),  # noqa: DTZ001
        sex=random.choice(("male", "female")),
    )
