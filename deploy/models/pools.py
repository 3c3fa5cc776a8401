"""Pools of invented people, places and institutions, one for training and one for validation that shares no surname."""

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.models import sources
from deploy.models.places import HERE
from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, Word

UNCHANGED = Word.ROLE | Word.RELATION | Word.TITLE | Word.CALENDAR | Word.FACILITY_HEAD | Word.CREDENTIAL
"""Words on which the meaning of a frame hangs stay."""
SYLLABLES = """
ba be bi bo bri ca ce cha da de dra el fa fe ga gri ha ho is ja ka ki la le lo lu ma me mi mo na ne no o pa que ra re ri ro sa
se sha so ta te the ti to u va ve vi wa we xi ya zo za
""".split()  # noqa: SIM905
ENDS = "n r s th ck ll ne x d man ner son ski vic wala zadeh oglu mura gan ton by ez es i a o u ya".split()  # noqa: SIM905
ACCENTS = {"a": "áàâãä", "e": "éèêë", "i": "íî", "o": "óôöõ", "u": "úü", "n": "ñ", "c": "ç"}


@dataclass(frozen=True)
class Pools:
    """What the slots of the sentences are filled from."""

    frequent: Sequence[str]
    weights: Sequence[int]
    surnames: Sequence[str]
    other_origin: Sequence[str]
    plain_words: Sequence[str]
    """Surnames that are common words or eponyms."""
    given: Sequence[str]
    given_weights: Sequence[int]
    rare_given: Sequence[str]
    cities: Sequence[str]
    facilities: Sequence[str]
    drugs: Sequence[str]
    diseases: Sequence[str]
    phrases: dict[str, list[str]]
    parts: dict[str, int]
    """Parts of speech of the words that others may stand in for."""
    stand_ins: dict[tuple[int, str], list[str]]
    """Words of one part of speech and ending, to put in the place of a sentence's own words."""


def phrases() -> dict[str, list[str]]:
    """The phrase lists by name."""
    folder = HERE / "phrases"
    return {
        path.stem: [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        for path in folder.glob("*.txt")
    }


def stand_ins(lexicon: dict[str, int]) -> dict[tuple[int, str], list[str]]:
    """Common lower-case words by part of speech and ending."""
    found: dict[tuple[int, str], list[str]] = {}
    for word, bits in lexicon.items():
        part = bits >> 7 & 15
        if part and bits >> COMMON_SHIFT & 7 and len(word) > 3:
            found.setdefault((part, ending(word)), []).append(word)
    return {key: words for key, words in found.items() if len(words) >= 30}


def ending(word: str) -> str:
    """What an inflected word ends with, as far as its form matters to a sentence."""
    return next((end for end in ("ing", "ed", "ly", "s") if word.endswith(end)), "")


def held_back(name: str, validation: bool) -> bool:
    """Whether this name belongs to the other split: one in eight is for validation."""
    return (zlib.crc32(name.encode()) % 8 == 0) != validation


def pools(lexicon: dict[str, int], validation: bool) -> Pools:
    """The pools of one split."""
    family = [row for row in sources.surnames() if not held_back(row[0], validation) and len(row[0]) > 1]
    births = {n: c for n, c in sources.given_names().items() if c >= 100 and not held_back(n, validation) and n.isascii()}
    given = sorted(births, key=lambda name: -births[name])
    common = [name for name, people, _ in family[:20_000] if lexicon.get(name, 0) >> COMMON_SHIFT & 7 >= 2]
    eponyms = [name for name, _, _ in family[:30_000] if lexicon.get(name, 0) >> 22 & 1]
    cities = [
        name
        for name, country, people, _ in sources.cities()
        if (country == "US" or people > 1_500_000) and not held_back(name, validation)
    ]
    return Pools(
        frequent=[name for name, _, _ in family[:4_000]],
        weights=[people for _, people, _ in family[:4_000]],
        surnames=[name for name, _, _ in family[:90_000]],
        other_origin=[name for name, _, group in family[:40_000] if group != "white"],
        plain_words=common + eponyms,
        given=given[:1_200],
        given_weights=[births[name] for name in given[:1_200]],
        rare_given=given[:20_000],
        cities=cities,
        facilities=[name for name in sources.facility_names() if not held_back(name, validation) and len(name) < 45],
        drugs=[w for w, bits in lexicon.items() if bits >> 12 & 1 and not bits & 15],
        diseases=[title for title in sources.disease_titles() if 2 < len(title) < 70 and "(" not in title],
        phrases=phrases(),
        parts={word: bits >> 7 & 15 for word, bits in lexicon.items() if bits >> 7 & 15 and not bits & UNCHANGED},
        stand_ins=stand_ins(lexicon),
    )


def cased(name: str) -> str:
    """A surname as people write it."""
    if name.startswith("mc") and len(name) > 4:
        return "Mc" + name[2:].capitalize()
    return name.capitalize()


def invented(rng: random.Random) -> str:
    """A name that is in no list."""
    return ("".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3)))) + rng.choice(ENDS)).capitalize()


def accented(name: str, rng: random.Random) -> str:
    """The name with one letter accented where one can be."""
    places = [place for place, letter in enumerate(name) if place and letter in ACCENTS]
    if not places:
        return name
    place = rng.choice(places)
    return name[:place] + rng.choice(ACCENTS[name[place]]) + name[place + 1 :]


def surname(pool: Pools, rng: random.Random) -> str:
    """One surname, from every frequency band, origin and form."""
    chance = rng.random()
    if chance < 0.28:
        name = cased(rng.choices(pool.frequent, pool.weights)[0])
    elif chance < 0.5:
        name = cased(rng.choice(pool.surnames[:25_000]))
    elif chance < 0.6:
        name = cased(rng.choice(pool.surnames))
    elif chance < 0.78:
        name = cased(rng.choice(pool.other_origin))
    elif chance < 0.95:
        name = cased(rng.choice(pool.plain_words))
    else:
        name = invented(rng)
    if rng.random() < 0.04:
        name = accented(name, rng)
    if rng.random() < 0.07:
        other = cased(rng.choice(pool.surnames[:25_000]))
        forms = (
            "{0}-{1}", "O'{0}", "de {0}", "De La {0}", "Al-{0}", "van {0}", "St. {0}", "{0} {1}", "D'{0}",
            "bin {0}", "von {0}", "El-{0}",
        )  # fmt: skip
        name = rng.choice(forms).format(name, other)
    return name


def given_name(pool: Pools, rng: random.Random) -> str:
    """One first name."""
    if rng.random() < 0.55:
        name = rng.choices(pool.given, pool.given_weights)[0].capitalize()
    elif rng.random() < 0.93:
        name = rng.choice(pool.rare_given).capitalize()
    else:
        name = invented(rng)
    if rng.random() < 0.03:
        name = accented(name, rng)
    if rng.random() < 0.03:
        name += rng.choice(("-", " ")) + rng.choice(pool.rare_given).capitalize()
    return name
