"""AHRQ Common Formats V1.2 codes of the closed vocabularies, where the Formats define them.

Codes are those of the V1.2 data dictionary (AHRQ, CFER-Hospital V1.2): DE3 report type, DE21 category, DE315 stage of
origin, DE291 incorrect action, DE294 dose, DE348/DE351 route; harm is the AHRQ Harm Scale V1.2 (LOINC 74560-4, list LL2819-2).
One table per question: members of two StrEnums with the same text are equal as keys.
"""

from schemas.taxonomy import Category, DoseError, Harm, IncorrectAction, MedicationStage, ReportType, Route

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
