"""The outputs of the classifier, in the order of the columns of its weights.

Report type and harm are one of several each, and each has an answer for "the text does not say"; categories are told one by
one. The last column says that the text is too vague or too torn for any code.
"""

from schemas.taxonomy import Category, Harm, ReportType

REPORT_TYPES = tuple(ReportType)
HARMS = tuple(Harm)
CATEGORIES = tuple(Category)
UNSAID = -1
"""A label of report type or harm that the text does not give."""
MISSING = -2
"""A label that whoever labelled the text left out: nothing is learned from it."""

TYPE = slice(0, len(REPORT_TYPES) + 1)
HARM = slice(TYPE.stop, TYPE.stop + len(HARMS) + 1)
CATEGORY = slice(HARM.stop, HARM.stop + len(CATEGORIES))
UNCLEAR = CATEGORY.stop
COLUMNS = UNCLEAR + 1
