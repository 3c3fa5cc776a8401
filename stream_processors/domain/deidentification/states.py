"""The States and territories by their postal codes: beside ZIP3 the only places in P2 (42 CFR 3.212(a)(2)(i)(B))."""

_CODES = """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
    RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
STATES = frozenset(_CODES.split())
"""Fifty States, the District of Columbia and the five inhabited territories."""


def state(text: str | None) -> str | None:
    """The postal code of a State or territory, or None where the text is not exactly one."""
    code = text.strip().upper() if text else None
    return code if code in STATES else None
