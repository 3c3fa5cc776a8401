"""Explicit words that stop anything milder from being said, and without which death is not said, whatever the model finds.

They are read as they stand, also where negated or told of somebody else: the price is a look by a person.
"""

from schemas.taxonomy import Harm
from stream_processors.domain.classification.phrases import Phrases

_DEATH = (
    "died", "dies", "passed(?: away)?", "demise", "deceased", "dead", "death", "fatal", "stillbirth", "stillborn", "pronounced",
    "tod", "time of death",
    "autopsy", "coroner", "medical examiner", "morgue", "no cardiac activity",
    r"body (?:was )?(?:found|recovered)", r"(?:could|can) ?not (?:be )?(?:revive|resuscitate|save)d?",
    "unable to (?:revive|resuscitate|save)", "resuscitation (?:was )?(?:unsuccessful|failed)", "unsuccessful resuscitation",
    "did not survive", "(?:not|n't) make it", "gone by the time", "efforts (?:were )?(?:stopped|ceased)", r"asystol\w*",
    r"exsanguinat\w*", "(?:patient|pt|resident|he|she|infant|baby|neonate|mother) (?:has )?expired",
)  # fmt: skip
_SEVERE = (
    "arrest(?:ed)?", "coded", "code blue", "rosc", "pulseless", "no pulse", r"(?:re)?intubat\w*", r"on (?:a )?vent\w*",
    "life support", "ecmo", "crrt",
    "(?:vaso)?pressors?", "septic shock", "anoxic", "hypoxic", "encephalopathy", "coma(?:tose)?",
    "brain (?:damage|injury|bleed)", "stroke", "subdural", "subarachnoid", "intracranial", "craniotomy", r"paraly\w*",
    r"para(?:pleg|par)\w*", r"hemipleg\w*", r"quadripleg\w*", r"amputat\w*", r"permanent\w*", "irreversible", "cauda equina",
    "hip fracture", "intertrochanteric", "femur", "unresponsive", "massive", r"metasta\w*", "unresectable",
    "dialysis dependent",
    r"lost (?:the |her |his |use of |function|vision|sight)\w*", "never (?:woke|regained)",
    r"not (?:yet )?(?:following commands|waking up|walk\w* again)", "status epilepticus", "uterine rupture", "hysterectomy",
    "hie", "cooled", "therapeutic hypothermia", "multi[- ]?organ", "icu",
    "bag[- ]mask", "bagged", "cpr", r"resuscitat\w*", "guarded", "critically ill", "critical condition", "not expected to",
    "flown", "airlifted", "life[- ]?flight", "trauma center", "stoma", "colostomy", "graft(?:s|ed)?", "transplant list",
    "blind", "(?:can|could) ?not (?:move|speak|see)", "can't (?:move|speak|see)", "unable to (?:move|speak|see)",
    "stage (?:iv|4)", "osteomyelitis", "fasciotomy", "necro(?:sis|tic)",
)  # fmt: skip
DEATH, SEVERE = Phrases.of(_DEATH), Phrases.of(_SEVERE)
MILDER_THAN_SEVERE = frozenset(Harm) - {Harm.DEATH, Harm.SEVERE, Harm.NOT_APPLICABLE}
SURE_ENOUGH = 0.9
"""A milder harm that is this likely is said in spite of a word for severe harm; a word for death is never overruled."""


def unfit(lower: str, harm: Harm | None, confidence: float) -> bool:
    """Would saying this harm hide what the text says in so many words, or say death where no word does?"""
    if harm is None:
        return False
    dead = DEATH.in_text(lower)
    if dead or harm is Harm.DEATH:
        return not (dead and harm is Harm.DEATH)
    return harm in MILDER_THAN_SEVERE and confidence < SURE_ENOUGH and SEVERE.in_text(lower)
