"""The closed vocabularies of the canonical model; common_formats.py has the codes of those that AHRQ defines."""

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


class NarrativeDates(StrEnum):
    """What stands for a date in what leaves as P2."""

    SAFE_HARBOR = "safe_harbor"  # [DATE]: 45 CFR 164.514(b)(2)(i)(C)
    RELATIVE = "relative"  # "day +3 of event": no element of a date
    SHIFT = "shift"  # another date: P3 alone, by 45 CFR 164.514(b)(1)


class NarrativeNames(StrEnum):
    """What stands for a name in what leaves as P1; in P2 always a tag."""

    TAGS = "tags"  # [NAME-1]
    REALISTIC = "realistic"  # an invented name: a real one that was missed is not seen among them
