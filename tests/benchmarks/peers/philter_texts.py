"""Philter-UCSF on a file of texts. usage: philter_texts.py GOLD.jsonl REMOVED.jsonl

What it needs here and does not bring: a tagger of word classes (NLTK's own is not in a package; the one of the same algorithm
and tag set that textblob-aptagger carries is used), and patterns that Python 3.11 takes (flags in front). It takes out
letters of ASCII only, so others are given to it as their plain letter, one for one, which keeps the offsets.
"""

import json
import os
import pickle
import re
import sys
import tempfile
import time
import unicodedata
import warnings
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import nltk
from nltk.tag.perceptron import PerceptronTagger

warnings.simplefilter("ignore")
UNACCENTED = dict(zip("øØłŁđĐıßæÆœŒðÐþÞ‐‑–—‘’“”", "oOlLdDisaAoOdDtT----''\"\"", strict=True))
FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")


def folder(package: str) -> Path:
    return Path(find_spec(package).origin).parent


def in_ascii(letter: re.Match) -> str:
    """One character for one: the letter without its accent, a blank for a blank, or a question mark."""
    plain = UNACCENTED.get(letter[0]) or unicodedata.normalize("NFKD", letter[0])[0]
    return plain if plain.isascii() else " " if plain.isspace() else "?"


def word_classes():
    """Weights, words with one class only, classes: the tuple that NLTK's tagger is made of too."""
    tagger = PerceptronTagger(load=False)
    with (folder("textblob_aptagger") / "trontagger-0.1.0.pickle").open("rb") as file:
        tagger.model.weights, tagger.tagdict, tagger.classes = pickle.load(file)
    tagger.model.classes = tagger.classes
    return tagger.tag


nltk.pos_tag = word_classes()
from philter_ucsf.philter import Philter  # noqa: E402 - it looks for the tagger in nltk when it is used


class Philter311(Philter):
    def precompile(self, filepath):
        pattern = Path(filepath).read_text().strip()
        flags = "".join(sorted({flag for found in FLAGS.findall(pattern) for flag in found}))
        return re.compile((f"(?{flags})" if flags else "") + FLAGS.sub("", pattern))

    def detect_encoding(self, fp):
        return {"encoding": "ascii"}


def main(source: str, target: str) -> None:
    with Path(source).open() as lines:
        texts = [(line["id"], line["text"]) for line in map(json.loads, lines)]
    target = Path(target).absolute()
    with tempfile.TemporaryDirectory() as notes:
        for number, (_, text) in enumerate(texts):
            # a \r would be read back as \n, and shift what follows where it was \r\n
            plain = re.sub(r"[^\x00-\x7f]", in_ascii, text).replace("\r", " ")
            (Path(notes) / f"{number}.txt").write_text(plain)
        os.chdir(folder("philter_ucsf"))  # its configuration names its files from there
        philter = Philter311({"verbose": False, "finpath": notes, "filters": "configs/philter_delta.json"})
        began, used = time.perf_counter(), time.process_time()
        gone = philter.map_coordinates()
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - used
        meta = {"seconds": seconds, "cpu_seconds": cpu_seconds}
        meta["versions"] = {name: version(name) for name in ("philter-ucsf", "nltk", "textblob-aptagger")}
        with target.open("w") as out:
            out.write(json.dumps({"_meta": meta}) + "\n")
            for number, (name, _) in enumerate(texts):
                spans = gone[str(Path(notes) / f"{number}.txt")].items()
                listed = [{"start": start, "end": end, "type": "OTHER"} for start, end in sorted(spans)]
                out.write(json.dumps({"id": name, "spans": listed}) + "\n")


main(*sys.argv[1:3])
