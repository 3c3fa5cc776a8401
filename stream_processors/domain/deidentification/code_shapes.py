"""The shapes of identifiers made of letters and digits together, of licence plates, files and signatures by initials.

Vehicle and device identifiers, certificate and licence numbers, and any other unique code: 45 CFR 164.514(b)(2)(i)(K)-(M), (R);
42 CFR 3.206(b)(4)(iv)(A)(9)-(13).
"""

import re
from string import ascii_lowercase

from stream_processors.domain.deidentification.shape import Follows, Shape, Start, between, one_of, sieve_of

_I = re.IGNORECASE
_ENDINGS = (
    *("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "heic", "webp", "dcm", "pdf", "doc", "docx", "rtf", "txt", "xls"),
    *("xlsx", "csv", "ppt", "pptx", "msg", "eml", "zip", "mp3", "mp4", "wav", "m4a", "mov", "avi"),
)
_FILE_MARKS = tuple(sorted({re.sub(r"\d", "0", f".{ending}") for ending in _ENDINGS}))
_VEHICLES = ("van", "truck", "pickup", "sedan", "car", "suv", "vehicle", "ambulance", "motorcycle")
_PLATES = ("plate", "plates", "license plate", "licence plate", "tag")
_INSURED = ("medicare", "medicaid", "mbi", "hicn", "insurance", "subscriber", "beneficiary", "group")
_BIOMETRIC = ("fingerprint", "fingerprints", "voiceprint", "retina", "iris", "biometric")
_SAID = r"\W{0,4}(?:(?:provider|number|num|no|nr|id|is|was|card|reads|reading|scan|template|#)\W{1,4}){0,3}"
_MBI_LETTER = "AC-HJKMNP-RT-Y"
"""A Medicare beneficiary identifier has no letter that looks like a digit: CMS, "Understanding the MBI format"."""
_MBI = rf"[1-9][{_MBI_LETTER}][{_MBI_LETTER}0-9]\d-?[{_MBI_LETTER}][{_MBI_LETTER}0-9]\d-?[{_MBI_LETTER}]{{2}}\d\d"
NO_INITIALS = (
    *("U.S", "P.O", "I.V", "I.M", "P.R.N", "M.D", "D.O", "R.N", "L.P.N", "N.P", "P.A", "Q.D", "Q.O.D", "B.I.D", "T.I.D"),
    *("Q.I.D", "A.M", "P.M", "N.P.O", "S.Q", "S.C", "S.L", "P.R", "C.C", "D.C", "E.R", "O.R", "E.D", "I.C.U", "O.D", "O.S"),
    *("O.U", "H.S", "A.C", "P.C", "E.G", "I.E", "D.N.R", "D.O.B", "S.O.B", "C.N.A", "I.D", "B.P", "H.R", "C.T", "M.R.I"),
    *("N.S", "L.R", "I.O", "P.T", "O.T", "R.T", "C.O.D", "E.M.S", "M.R.N", "S.S.N", "N.B", "P.S", "R.R", "W.C", "E.K.G"),
)
"""Clinical and everyday abbreviations that are written with full stops."""


def _led(kind: str, pattern: str, leads: tuple[str, ...]) -> Shape:
    """What stands behind one of the leads, with a digit in it."""
    return Shape(kind, re.compile(f"(?i:{one_of(leads)}){_SAID}{pattern}"), 1, Start.LEAD, leads, Follows.DIGIT)


CODES = (
    Shape(  # 1G4-TE5-MK73; a date is written with three letters (14FEB2024), a product with an x (4x250)
        "ID",
        re.compile(r"(?<![\w-])(?=[a-z0-9-]{8,40}(?!\w))\d{1,17}-?[a-wyz]{1,2}-?\d[a-z0-9-]{1,36}", _I),
        start=Start.DIGIT,
        first_run=(1, 17),
        after_run=f"{ascii_lowercase}-",
        marks=between("0", f"{ascii_lowercase}-"),
        marks_end_run=True,
        hint=re.compile(r"\d-?[a-wyz]{1,2}-?\d", _I),
    ),
    Shape(
        "ID",
        re.compile(r"(?<![\w-])(?=[a-z0-9-]{8,40}(?!\w))[a-z]{1,6}-?\d{1,17}-?[a-wyz]{1,2}-?\d[a-z0-9-]{0,36}", _I),
        start=Start.CODE,
        first_run=(1, 17),
        marks=between(ascii_lowercase, ("0", "-0")),
        hint=re.compile(r"[a-z]-?\d{1,17}-?[a-wyz]{1,2}-?\d", _I),
    ),
    Shape(  # 5XH2-TW8-XH18: a beneficiary of Medicare, whose letters may be an x
        "ID",
        re.compile(rf"(?<!\w){_MBI}(?!\w)", _I),
        start=Start.DIGIT,
        first_run=(1, 1),
        after_run=ascii_lowercase,
        marks=between(ascii_lowercase, ("00",)),
        hint=re.compile(_MBI, _I),
    ),
    Shape(  # a vehicle identification number has 17
        "ID",
        re.compile(r"(?<![\w-])(?=[a-z0-9]{11,40}(?!\w))\d{1,17}[a-z]{1,6}\d[a-z0-9]{0,36}", _I),
        start=Start.DIGIT,
        first_run=(1, 17),
        after_run=ascii_lowercase,
        marks=between("0", ascii_lowercase),
        marks_end_run=True,
        hint=re.compile(r"\d[a-z]{1,6}\d", _I),
    ),
    Shape(
        "ID",
        re.compile(r"\b\d[A-Z]{3}\d{3}\b"),
        start=Start.DIGIT,
        first_run=(1, 1),
        after_run=ascii_lowercase,
        marks=between(ascii_lowercase, ("000",)),
    ),
    _led("ID", r"((?=[\w -]{0,9}\d)[A-Za-z0-9]{1,4}[- ]?[A-Za-z0-9]{2,5})(?!\w)", _PLATES),
    _led("ID", r"((?=[\w -]{0,9}\d)(?=[\w -]{0,9}[A-Z])[A-Z0-9]{1,4}[- ]?[A-Z0-9]{2,5})(?!\w)", _VEHICLES),
    _led("ID", r"((?=[\w-]{0,30}\d)[A-Za-z0-9][\w-]{3,40})", _INSURED),
    _led("ID", r"((?=[\w-]{0,30}\d)[A-Za-z0-9][\w-]{3,40})", _BIOMETRIC),
    Shape(
        "FILE",
        re.compile(rf"(?<!\w)[\w'’&%+~()-]{{1,120}}(?:\.[\w'’&%+~()-]{{1,60}}){{0,4}}\.(?:{'|'.join(_ENDINGS)})\b", _I),
        start=Start.NEAR,
        marks=_FILE_MARKS,
        sieve=sieve_of(_FILE_MARKS),
        reach=364,
    ),
    Shape(
        "NAME",
        re.compile(rf"(?<![\w.])(?!(?:{'|'.join(map(re.escape, NO_INITIALS))})\.)(?:[A-Z]\.\s?){{1,2}}[A-Z]\.(?!\w)"),
        start=Start.NEAR,
        marks=between((".", ". "), ascii_lowercase, "."),  # as every initial but the first stands
        hint=re.compile(r"[A-Z]\.\s?[A-Z]\."),
        reach=1,
        before=ascii_lowercase,
    ),
)
