"""docs/reference/ is what the declarations render to, and its links lead somewhere."""

import re

import pytest

from deploy import reference
from schemas import topics

PAGES = reference.pages()
MARKDOWN = [name for name in PAGES if name.endswith(".md")]


def test_every_page_is_fresh_and_there_is_no_other() -> None:
    assert {path.name: path.read_text() for path in reference.FOLDER.iterdir()} == PAGES, "run `make render`"


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_link_has_a_heading_to_go_to(name: str) -> None:
    for page, heading in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", PAGES[name]):
        headings = {found.lower() for found in re.findall(r"^## (.*)$", PAGES[page or name], re.MULTILINE)}
        assert heading in headings, f"{page}#{heading}"


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name: str) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", PAGES[name], re.MULTILINE)
    assert tables
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table.splitlines()[0]


def test_every_topic_is_in_the_table() -> None:
    assert all(f"| `{topic.name}` |" in PAGES["topics.md"] for topic in topics.INTERNAL)


def test_every_public_record_has_a_heading() -> None:
    assert all(f"## {topic.record.__name__}\n" in PAGES["records.md"] for topic in topics.INTERNAL)
