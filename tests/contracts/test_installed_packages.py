"""What is installed is what was meant: `avro` and `avro-python3` own the same folder, and the last one installed wins."""

import base64
import hashlib
from importlib.metadata import distribution, distributions
from pathlib import Path

import avro
import avro.schema
import faust._cython.streams
import faust.transport._cython.conductor


def test_the_distribution_avro_is_not_installed() -> None:
    names = {found.name.lower() for found in distributions() if found.name}
    assert "avro-python3" in names
    assert "avro" not in names


def test_avro_python3_is_what_it_was_when_it_was_built() -> None:
    assert distribution("avro-python3").version == "1.10.2"
    assert (Path(avro.__file__).parent / "VERSION.txt").read_text().strip() == "1.10.2"
    assert callable(avro.schema.Parse), "1.12 of the other distribution has no Parse"


def test_every_file_of_avro_python3_has_the_checksum_of_its_wheel() -> None:
    package = distribution("avro-python3")
    changed = []
    for file in package.files or ():
        if file.hash is not None and file.suffix in (".py", ".avsc", ".txt"):
            found = _sha256(Path(str(file.locate())))
            changed += [] if found == file.hash.value else [str(file)]
    assert len(package.files or ()) > 10
    assert changed == []


def test_faust_runs_on_its_compiled_parts() -> None:
    for module in (faust._cython.streams, faust.transport._cython.conductor):
        assert module.__file__.endswith(".so"), module.__name__


def _sha256(path: Path) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
