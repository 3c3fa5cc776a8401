"""Which of the 29 serious reportable events a report may be about: a question to a reviewer, never a finding.

The list is that of the National Quality Forum of 2011 (29 in 7 categories), numbered as there; its wording is from memory:
check it before it is used for a report to a State. Some count only with death or serious injury, and ask for that harm.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from schemas.taxonomy import Category, Harm
from stream_processors.domain.classification.phrases import table
from stream_processors.domain.classification.words import Spoken


class NeverEvent(StrEnum):
    """Serious reportable events (NQF 2011): what a reviewer is asked to look at."""

    WRONG_SITE = "1A"
    WRONG_PATIENT_SURGERY = "1B"
    WRONG_PROCEDURE = "1C"
    RETAINED_OBJECT = "1D"
    OPERATIVE_DEATH = "1E"
    CONTAMINATED_PRODUCT = "2A"
    DEVICE_MISUSE = "2B"
    AIR_EMBOLISM = "2C"
    WRONG_DISCHARGE = "3A"
    ELOPEMENT = "3B"
    SUICIDE_OR_SELF_HARM = "3C"
    MEDICATION_ERROR = "4A"
    UNSAFE_BLOOD = "4B"
    MATERNAL_OR_NEONATAL = "4C, 4D"
    FALL = "4E"
    PRESSURE_INJURY = "4F"
    WRONG_GAMETE = "4G"
    LOST_SPECIMEN = "4H"
    RESULT_NOT_COMMUNICATED = "4I"
    ELECTRIC_SHOCK = "5A"
    WRONG_GAS = "5B"
    BURN = "5C"
    RESTRAINT_OR_RAIL = "5D"
    METAL_IN_MRI = "6A"
    IMPERSONATION = "7A"
    ABDUCTION = "7B"
    SEXUAL_ABUSE = "7C"
    ASSAULT = "7D"


N, C = NeverEvent, Category
_SERIOUS = frozenset((Harm.DEATH, Harm.SEVERE))

_BY_WORDS: Mapping[NeverEvent, tuple[str, ...]] = MappingProxyType(
    {
        N.WRONG_SITE: ("wrong[- ](?:site|side|level|knee|hip|leg|eye|kidney|breast|tooth|toe|finger)",),
        N.WRONG_PATIENT_SURGERY: ("(?:surgery|procedure|operation) (?:was )?(?:done |performed )?on (?:the )?wrong patient",),
        N.WRONG_PROCEDURE: ("wrong (?:procedure|surgery|operation|implant)",),
        N.RETAINED_OBJECT: (
            "retained (?:surgical |foreign |lap )?(?:sponge|object|body|instrument|needle|guidewire|item)",
            "(?:sponge|pad|swab|clamp) (?:was )?left (?:in|inside)",
        ),
        N.CONTAMINATED_PRODUCT: ("contaminated (?:drug|device|vial|instrument|scope|product)\\w*",),
        N.AIR_EMBOLISM: ("air embol(?:us|ism)",),
        N.WRONG_DISCHARGE: ("(?:discharged|released|handed) to (?:the )?(?:wrong|unauthorized) (?:person|family|parent)",),
        N.ELOPEMENT: ("eloped", "elopement", "missing patient", "wandered (?:out|off|away)"),
        N.SUICIDE_OR_SELF_HARM: ("suicide", "hanged", "hanging", "self[- ]harm", "attempted to hang"),
        N.PRESSURE_INJURY: ("stage (?:3|4|iii|iv)", "unstageable"),
        N.WRONG_GAMETE: ("wrong (?:donor|sperm|egg|embryo)",),
        N.LOST_SPECIMEN: ("specimen (?:was )?(?:lost|thrown away|discarded)", "lost specimen"),
        N.RESULT_NOT_COMMUNICATED: (
            "result (?:was )?(?:not|never) (?:called|communicated|reported|followed)",
            "never (?:called|told|notified) (?:of )?(?:the )?result",
            "not followed up",
        ),
        N.ELECTRIC_SHOCK: ("electric(?:al)? shock",),
        N.WRONG_GAS: ("wrong gas", "gas line", "oxygen line"),
        N.BURN: ("burn(?:s|ed)?", "fire"),
        N.RESTRAINT_OR_RAIL: ("restraints?", "entrap(?:ped|ment)", "bed ?rails?"),
        N.METAL_IN_MRI: ("mri (?:room|suite|magnet)", "magnet"),
        N.IMPERSONATION: ("impersonat(?:ed|ing|or)", "posing as"),
        N.ABDUCTION: ("abduct(?:ed|ion)", "kidnap\\w*"),
        N.SEXUAL_ABUSE: ("sexual(?:ly)? (?:assault(?:ed)?|abuse[d]?|touch(?:ed|ing))", "rape[d]?"),
        N.ASSAULT: ("assault(?:ed)?", "punched", "stabbed", "attacked", "shot"),
    }
)
WITH_HARM = frozenset(
    (
        N.CONTAMINATED_PRODUCT,
        N.AIR_EMBOLISM,
        N.ELOPEMENT,
        N.SUICIDE_OR_SELF_HARM,
        N.RESULT_NOT_COMMUNICATED,
        N.ELECTRIC_SHOCK,
        N.BURN,
        N.RESTRAINT_OR_RAIL,
        N.METAL_IN_MRI,
        N.ASSAULT,
    )
)
"""Asked about only where the harm may be death or serious injury."""
AT_ONCE = table({event: phrases for event, phrases in _BY_WORDS.items() if event not in WITH_HARM})
IF_SERIOUS = table({event: phrases for event, phrases in _BY_WORDS.items() if event in WITH_HARM})
BY_CATEGORY: Mapping[Category, NeverEvent] = MappingProxyType(
    {
        C.MEDICATION: N.MEDICATION_ERROR,
        C.BLOOD: N.UNSAFE_BLOOD,
        C.FALL: N.FALL,
        C.PERINATAL: N.MATERNAL_OR_NEONATAL,
        C.DEVICE: N.DEVICE_MISUSE,
        C.ANESTHESIA: N.OPERATIVE_DEATH,
    }
)
"""With death or severe harm."""


def never_events(text: Spoken, categories: Collection[Category], harm: Harm | None) -> tuple[NeverEvent, ...]:
    """The events to ask about, for a text, in the order of the list."""
    found = set(AT_ONCE.spoken(text))
    if harm in _SERIOUS:
        found.update(IF_SERIOUS.spoken(text))
        found |= {event for category, event in BY_CATEGORY.items() if category in categories}
    return tuple(sorted(found)) if found else ()
