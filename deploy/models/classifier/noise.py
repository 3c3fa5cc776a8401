"""Makes reports look typed: joints, small letters, capitals, shorthand, slips."""

import random
import re
from collections.abc import Sequence

SHORT = {
    "patient": "pt", "with": "w/", "without": "w/o", "history": "hx", "resident": "res", "nurse": "RN", "given": "gvn",
    "doctor": "MD", "medication": "med", "fracture": "fx", "laceration": "lac", "antibiotics": "abx", "family": "fam",
    "hours": "hrs", "minutes": "min", "and": "&", "emergency": "ED", "temperature": "temp", "transferred": "xfer",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]+")
JOINTS = (". ", ". ", ". ", " ", "; ", "\n", ", ", " - ")


def roughened(parts: Sequence[str], rng: random.Random) -> str:
    """One report."""
    joint = rng.choice(JOINTS)
    text = joint.join(part.rstrip(". ") if joint != " " else part for part in parts)
    if rng.random() < 0.7 and text[-1:].isalnum():
        text += "."
    if rng.random() < 0.3:
        text = WORD.sub(lambda match: SHORT.get(match[0].lower(), match[0]) if rng.random() < 0.8 else match[0], text)
    if rng.random() < 0.3:
        text = WORD.sub(lambda match: _slipped(match[0], rng) if rng.random() < 0.05 else match[0], text)
    chance = rng.random()
    return text.lower() if chance < 0.25 else text.upper() if chance < 0.29 else text


def _slipped(word: str, rng: random.Random) -> str:
    if len(word) < 5:
        return word
    place = rng.randrange(1, len(word) - 2)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return rng.choice((swapped, word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:]))
