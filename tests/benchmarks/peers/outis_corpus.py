"""The challenge corpus of the package outis as a gold file. usage: outis_corpus.py TEXTS GOLD.jsonl"""

import json
import sys
from pathlib import Path

from outis.data.challenge import generate

with Path(sys.argv[2]).open("w") as out:
    for row in generate(count=int(sys.argv[1])):
        spans = [{"start": one["start"], "end": one["end"], "type": one["label"]} for one in row["spans"]]
        out.write(json.dumps({"id": row["id"], "text": row["text"], "spans": spans}) + "\n")
