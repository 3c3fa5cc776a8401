"""The States and territories by their postal codes: beside ZIP3 the only places in P2 (42 CFR 3.212(a)(2)(i)(B))."""

_CODES = """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
    RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
STATES = frozenset(_CODES.split())
"""Fifty States, the District of Columbia and the five inhabited territories."""

_NAMES = """
    alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|district of columbia|florida|georgia|hawaii|idaho
    illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana
    nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania
    rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming
    american samoa|guam|northern mariana islands|puerto rico|virgin islands
"""
STATE_NAMES = dict(
    zip(_CODES.split(), (name.strip() for line in _NAMES.split("\n") for name in line.split("|") if name.strip()), strict=True)
)
"""Postal code -> name in small letters."""


def state(text: str | None) -> str | None:
    """The postal code of a State or territory, or None where the text is not exactly one."""
    code = text.strip().upper() if text else None
    return code if code in STATES else None
