"""The ordinary words between planted identifiers."""

LABELS = ("infusion pump", "bed rail", "glucose meter", "patient lift", "suction unit", "feeding tube", "heparin", "10 mg")
AROUND_A_LABEL = ("{}", "pump {}", "{} set", "monitor ({})")
SENTENCES = (
    "The pump alarm was silenced and the dose was given twice.",
    "No injury was seen and the bed alarm was switched off.",
    "The tube came loose during the turn.",
    "A second check of the label was not done before the transfer.",
    "The family was informed the next morning.",
)
AROUND_AN_IDENTIFIER = (
    "The note says {} and nothing else.",
    "It was entered as {} in the other system.",
    "See {} for the rest.",
    "Staff wrote {} on the board.",
    "We asked about {}, then turned the bed.",
    "Copied from the export: {}",
)
