"""What was done wrongly with a medication, in which stage and by which routes, as far as explicit words say.

Codes: DE315 stage of origin, DE291 incorrect action, DE294 dose, DE348/DE351 route (Common Formats V1.2, Medication).
"""

from schemas.records.flow import MedicationDetails
from schemas.taxonomy import DoseError, IncorrectAction, MedicationStage, Route
from stream_processors.domain.classification.phrases import table
from stream_processors.domain.classification.words import Spoken

A, S, R, D = IncorrectAction, MedicationStage, Route, DoseError
_GIVE = "(?:given|gave|administered|received|got|hung)"

STAGES = table(
    {
        S.PURCHASING: ("purchas(?:ed|ing)", "ordered from (?:the )?wholesaler", "drug shortage"),
        S.STORING: ("stored", "storage", "refrigerator temp\\w*", "fridge temp\\w*", "in the (?:wrong )?(?:bin|pocket|drawer)"),
        S.PRESCRIBING: ("prescri(?:bed|ber|bing)", "order(?:ed)? (?:was )?(?:entered|written) (?:for|as)", "cpoe", "order set"),
        S.TRANSCRIBING: ("transcri(?:bed|bing|ption)", "med rec\\w*", "medication reconciliation"),
        S.PREPARING: ("compound(?:ed|ing)", "mixed", "drew up", "drawn up", "diluted", "reconstituted", "undiluted"),
        S.DISPENSING: ("dispens(?:ed|ing|er)", "filled (?:with|wrong|in)", "label(?:l?ed)? (?:by )?pharmacy", "picked up"),
        S.ADMINISTERING: ("administ(?:ered|ration|ering)", "gave", "hung", "pushed", "injected", "iv push", "scanned"),
        S.MONITORING: ("trough", "level (?:was )?not (?:checked|drawn)", "without an? (?:inr|level)", "not monitored"),
    }
)
ACTIONS = table(
    {
        A.PATIENT: ("wrong (?:patient|resident|client|pt)", "(?:another|other) (?:patient|resident|client|customer)'?s?"),
        A.DRUG: ("wrong (?:drug|medication|med|medicine|vaccine|vial|antibiotic)",),
        A.DOSE: (
            "wrong dose",
            "(?:over|under)dos(?:e|ed)",
            "(?:double|extra|missed) dose",
            "omitted",
            "dose (?:was )?missed",
            "(?:ten|10)[- ]?(?:fold|times)",
            "10x",
            f"{_GIVE} twice",
        ),
        A.ROUTE: ("wrong route", "instead of (?:po|iv|im|orally|intramuscular|subcutaneous)"),
        A.TIMING: ("wrong time", "(?:hours?|hrs?) late", "late dose", "(?:given|gave) (?:late|early)"),
        A.RATE: ("wrong rate", "too (?:fast|quickly|slow)", "free[- ]?flow(?:ed)?", "ml/hr? instead"),
        A.DURATION: ("past (?:the )?(?:stop|end) date", "days (?:past|beyond|too long)"),
        A.DOSAGE_FORM: ("crushed (?:an? )?extended", "wrong (?:form|formulation)", "immediate release instead"),
        A.STRENGTH: ("wrong (?:strength|concentration)",),
        A.PREPARATION: ("wrong diluent", "undiluted", "mixed (?:wrong|incorrectly)"),
        A.EXPIRED: ("expired (?:drug|medication|vaccine|med|dose|vial)", "past its (?:expiration|expiry)"),
        A.KNOWN_ALLERGEN: ("allerg(?:y|ic|ies)",),
        A.CONTRAINDICATED: ("contraindicated", "interact(?:s|ion)"),
        A.PATIENT_ACTION: ("(?:patient|client|resident) took", "took (?:his|her|their) own"),
    }
)
DOSES = table(
    {
        D.OVER: ("overdos(?:e|ed)", "double dose", "too much", "(?:ten|10)[- ]?(?:fold|times)", "10x"),
        D.UNDER: ("underdos(?:e|ed)", "too (?:little|low a dose)", "half (?:the )?dose"),
        D.MISSED: ("missed dose", "dose (?:was )?missed", "omitted", "never (?:given|hung)", "not given"),
        D.EXTRA: ("extra dose", f"{_GIVE} twice", "second dose", "duplicate dose"),
    }
)
ROUTES = table(
    {
        R.CUTANEOUS: ("topical", "patch(?:es)?", "transdermal"),
        R.SUBCUTANEOUS: ("subcutaneous(?:ly)?", "subq", "sq", "subcut"),
        R.OPHTHALMIC: ("eye drops?", "in (?:the|both) eyes?"),
        R.ORAL: ("po", "by mouth", "oral(?:ly)?"),
        R.OTIC: ("ear drops?", "in (?:the|both) ears?"),
        R.NASAL: ("intranasal", "nasal spray"),
        R.INHALATION: ("nebuli[sz]er", "nebs?", "inhale[rd]"),
        R.INTRAVENOUS: ("iv", "intravenous(?:ly)?", "ivpb", "infus(?:ion|ed)"),
        R.INTRAMUSCULAR: ("im", "intramuscular(?:ly)?"),
        R.INTRATHECAL: ("intrathecal(?:ly)?",),
        R.EPIDURAL: ("epidural",),
        R.GASTRIC: ("(?:peg|ng|og|g)[- ]?tube", "via tube"),
        R.RECTAL: ("rectal(?:ly)?", "suppository", "enema"),
        R.VAGINAL: ("vaginal(?:ly)?",),
    }
)


def medication_details(text: Spoken) -> MedicationDetails | None:
    """The details of a text, None where it gives none. A stage is told only where one alone is named."""
    stages = STAGES.spoken(text)
    found = MedicationDetails(
        stage=stages[0] if len(stages) == 1 else None,
        incorrect_actions=ACTIONS.spoken(text),
        doses=DOSES.spoken(text),
        routes=ROUTES.spoken(text),
    )
    return None if found == MedicationDetails() else found
