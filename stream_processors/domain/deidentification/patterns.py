"""What has to go from a text by its shape, and what is written in its place."""

import re

from schemas.grades import Grade
from stream_processors.domain.deidentification.code_shapes import CODES
from stream_processors.domain.deidentification.date_shapes import DATES_AND_AGES
from stream_processors.domain.deidentification.direct_shapes import DIRECT
from stream_processors.domain.deidentification.street_shapes import STREETS, TOWNS

_DIRECT = DIRECT + CODES + STREETS
SHAPES = {Grade.P1: _DIRECT, Grade.P2: DATES_AND_AGES + TOWNS + _DIRECT}
"""What has to go, by the grade that the text goes to: towns, dates and ages over 89 stay in P1, 42 CFR 3.206(b)(4)(iv)."""

KINDS = tuple(sorted({shape.kind for shape in SHAPES[Grade.P2]} | {"UNIT", "PLACE", "TIME"}))
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})(?:-\d{{1,6}})?\]")
"""What stands where something was removed."""
