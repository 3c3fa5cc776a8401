"""The closed vocabularies of the canonical model, with AHRQ Common Formats V1.2 codes where the Formats define them.

Codes are those of the V1.2 data dictionary (AHRQ, CFER-Hospital V1.2): DE3 report type, DE21 category, DE315 stage of
origin, DE291 incorrect action, DE294 dose, DE348/DE351 route; harm is the AHRQ Harm Scale V1.2 (LOINC 74560-4, list LL2819-2).
"""

from enum import StrEnum


class Action(StrEnum):
    """What a message asks for. A withdrawal leaves every count; the protected record keeps its legal status."""

    REPORT = "report"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class ReportType(StrEnum):
    """DE3, what is being reported."""

    INCIDENT = "incident"
    NEAR_MISS = "near_miss"
    UNSAFE_CONDITION = "unsafe_condition"


class Category(StrEnum):
    """DE21, the event categories, with diagnostic and behaviour events that V1.2 knows only as A66, other."""

    BLOOD = "blood"
    DEVICE = "device"
    HEALTH_IT = "health_it"
    FALL = "fall"
    HAI = "hai"
    MEDICATION = "medication"
    PERINATAL = "perinatal"
    PRESSURE_INJURY = "pressure_injury"
    SURGERY = "surgery"
    ANESTHESIA = "anesthesia"
    VTE = "vte"
    DIAGNOSTIC = "diagnostic"
    BEHAVIOR = "behavior"
    OTHER = "other"


class Harm(StrEnum):
    """AHRQ Harm Scale V1.2. Only an incident has harm; near misses and unsafe conditions are `not_applicable`."""

    DEATH = "death"
    SEVERE = "severe"
    MODERATE = "moderate"
    MILD = "mild"
    NONE = "none"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class HarmScale(StrEnum):
    """The scale in which the provider's own harm value was written."""

    AHRQ_1_2 = "ahrq_1_2"
    AHRQ_1_1 = "ahrq_1_1"
    NCC_MERP = "ncc_merp"
    LFPSE_PHYSICAL = "lfpse_physical"
    LFPSE_PSYCHOLOGICAL = "lfpse_psychological"
    NRLS = "nrls"
    SAC = "sac"
    OTHER = "other"


class HarmAssessed(StrEnum):
    """When harm was assessed after discovery (LOINC 74558-8): harm is often amended later."""

    WITHIN_24_HOURS = "within_24_hours"
    AFTER_24_HOURS_BEFORE_3_DAYS = "after_24_hours_before_3_days"
    THREE_DAYS_OR_LATER = "three_days_or_later"
    UNKNOWN = "unknown"


class ProviderType(StrEnum):
    """The kinds of provider of 42 CFR 3.20."""

    HOSPITAL = "hospital"
    NURSING_FACILITY = "nursing_facility"
    REHABILITATION_FACILITY = "rehabilitation_facility"
    HOME_HEALTH_AGENCY = "home_health_agency"
    HOSPICE = "hospice"
    DIALYSIS_FACILITY = "dialysis_facility"
    AMBULATORY_SURGICAL_CENTER = "ambulatory_surgical_center"
    PHARMACY = "pharmacy"
    PRACTITIONER_OFFICE = "practitioner_office"
    LONG_TERM_CARE_FACILITY = "long_term_care_facility"
    BEHAVIORAL_HEALTH_FACILITY = "behavioral_health_facility"
    CLINICAL_LABORATORY = "clinical_laboratory"
    HEALTH_CENTER = "health_center"
    INDIVIDUAL_PRACTITIONER = "individual_practitioner"
    GOVERNMENT_PROVIDER = "government_provider"
    PARENT_ORGANIZATION = "parent_organization"


class Setting(StrEnum):
    """Where care was given."""

    EMERGENCY_DEPARTMENT = "emergency_department"
    INPATIENT_UNIT = "inpatient_unit"
    INTENSIVE_CARE = "intensive_care"
    OPERATING_ROOM = "operating_room"
    LABOR_AND_DELIVERY = "labor_and_delivery"
    OUTPATIENT_CLINIC = "outpatient_clinic"
    PHARMACY = "pharmacy"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    DIALYSIS = "dialysis"
    LONG_TERM_CARE = "long_term_care"
    BEHAVIORAL_HEALTH = "behavioral_health"
    HOME = "home"
    TRANSPORT = "transport"
    OTHER = "other"
    UNKNOWN = "unknown"


class MedicationStage(StrEnum):
    """DE315, the process stage in which a medication event began."""

    PURCHASING = "purchasing"
    STORING = "storing"
    PRESCRIBING = "prescribing"
    TRANSCRIBING = "transcribing"
    PREPARING = "preparing"
    DISPENSING = "dispensing"
    ADMINISTERING = "administering"
    MONITORING = "monitoring"
    UNKNOWN = "unknown"


class IncorrectAction(StrEnum):
    """DE291, what was done wrongly with a medication."""

    PATIENT = "patient"
    DRUG = "drug"
    DOSE = "dose"
    ROUTE = "route"
    TIMING = "timing"
    RATE = "rate"
    DURATION = "duration"
    DOSAGE_FORM = "dosage_form"
    STRENGTH = "strength"
    PREPARATION = "preparation"
    EXPIRED = "expired"
    KNOWN_ALLERGEN = "known_allergen"
    CONTRAINDICATED = "contraindicated"
    PATIENT_ACTION = "patient_action"
    OTHER = "other"


class DoseError(StrEnum):
    """DE294, how a dose was wrong."""

    OVER = "over"
    UNDER = "under"
    MISSED = "missed"
    EXTRA = "extra"


class Route(StrEnum):
    """DE348 and DE351, the intended and the actual route."""

    CUTANEOUS = "cutaneous"
    SUBCUTANEOUS = "subcutaneous"
    OPHTHALMIC = "ophthalmic"
    ORAL = "oral"
    OTIC = "otic"
    NASAL = "nasal"
    INHALATION = "inhalation"
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    INTRATHECAL = "intrathecal"
    EPIDURAL = "epidural"
    GASTRIC = "gastric"
    RECTAL = "rectal"
    VAGINAL = "vaginal"
    OTHER = "other"


class NarrativeKind(StrEnum):
    """Which question a narrative answers."""

    DESCRIPTION = "description"  # DE15
    LOCATION = "location"  # DE18
    IMMEDIATE_ACTION = "immediate_action"
    FINDINGS = "findings"
    OTHER = "other"


class Sex(StrEnum):
    """DE42, gender as the Formats ask for it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class ClassifierOutput(StrEnum):
    """Which answer of the classifier is meant."""

    REPORT_TYPE = "report_type"
    CATEGORY = "category"
    HARM = "harm"


class NarrativeRelease(StrEnum):
    """The least protected grade in which an arrangement lets a redacted narrative leave (42 CFR 3.206(e))."""

    NONE = "none"
    ANONYMIZED = "anonymized"
    NONIDENTIFIED = "nonidentified"


# Common Formats V1.2 codes, one table per question: members of two StrEnums with the same text are equal as keys.

DE3_REPORT_TYPE: dict[ReportType, str] = {
    ReportType.INCIDENT: "A3",
    ReportType.NEAR_MISS: "A6",
    ReportType.UNSAFE_CONDITION: "A9",
}
DE21_CATEGORY: dict[Category, str] = {
    Category.BLOOD: "A42",
    Category.DEVICE: "A44",
    Category.HEALTH_IT: "A44",
    Category.FALL: "A48",
    Category.HAI: "A51",
    Category.MEDICATION: "A54",
    Category.PERINATAL: "A57",
    Category.PRESSURE_INJURY: "A60",
    Category.SURGERY: "A63",
    Category.ANESTHESIA: "A63",
    Category.VTE: "A64",
    Category.DIAGNOSTIC: "A66",
    Category.BEHAVIOR: "A66",
    Category.OTHER: "A66",
}
LL2819_HARM: dict[Harm, str] = {
    Harm.DEATH: "LA20747-4",
    Harm.SEVERE: "LA20748-2",
    Harm.MODERATE: "LA20749-0",
    Harm.MILD: "LA21150-0",
    Harm.NONE: "LA21151-8",
    Harm.UNKNOWN: "LA4489-6",
}
DE315_STAGE: dict[MedicationStage, str] = {
    MedicationStage.PURCHASING: "A1380",
    MedicationStage.STORING: "A1383",
    MedicationStage.PRESCRIBING: "A1386",
    MedicationStage.TRANSCRIBING: "A1389",
    MedicationStage.PREPARING: "A1392",
    MedicationStage.DISPENSING: "A1395",
    MedicationStage.ADMINISTERING: "A1398",
    MedicationStage.MONITORING: "A1401",
    MedicationStage.UNKNOWN: "UNK",
}
DE291_INCORRECT_ACTION: dict[IncorrectAction, str] = {
    IncorrectAction.PATIENT: "A585",
    IncorrectAction.DRUG: "A1272",
    IncorrectAction.DOSE: "A1275",
    IncorrectAction.ROUTE: "A1278",
    IncorrectAction.TIMING: "A1281",
    IncorrectAction.RATE: "A1284",
    IncorrectAction.DURATION: "A1287",
    IncorrectAction.DOSAGE_FORM: "A1290",
    IncorrectAction.STRENGTH: "A1293",
    IncorrectAction.PREPARATION: "A1296",
    IncorrectAction.EXPIRED: "A1299",
    IncorrectAction.KNOWN_ALLERGEN: "A1301",
    IncorrectAction.CONTRAINDICATED: "A1305",
    IncorrectAction.PATIENT_ACTION: "A1308",
}
DE294_DOSE_ERROR: dict[DoseError, str] = {
    DoseError.OVER: "A1314",
    DoseError.UNDER: "A1317",
    DoseError.MISSED: "A1320",
    DoseError.EXTRA: "A1323",
}
DE348_ROUTE: dict[Route, str] = {
    Route.CUTANEOUS: "A1440",
    Route.SUBCUTANEOUS: "A1443",
    Route.OPHTHALMIC: "A1444",
    Route.ORAL: "A1446",
    Route.OTIC: "A1447",
    Route.NASAL: "A1449",
    Route.INHALATION: "A1450",
    Route.INTRAVENOUS: "A1452",
    Route.INTRAMUSCULAR: "A1455",
    Route.INTRATHECAL: "A1458",
    Route.EPIDURAL: "A1461",
    Route.GASTRIC: "A1464",
    Route.RECTAL: "A1467",
    Route.VAGINAL: "A1470",
}
