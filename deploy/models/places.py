"""Where the build finds its lists and puts what it makes."""

from pathlib import Path

HERE = Path(__file__).parent
LISTS = HERE / "lists"
FRAMES = HERE / "frames"
PHRASES = HERE / "phrases"
CLAUSES = HERE / "clauses"
SHIPPED = HERE.parents[1] / "stream_processors" / "domain" / "deidentification"
LEXICON = SHIPPED / "lexicon" / "words.txt.gz"
MANIFEST = SHIPPED / "lexicon" / "manifest.json"
MODEL = SHIPPED / "tagger" / "model.bin"
