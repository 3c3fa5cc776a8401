"""The mutator puts in the wrongs that it says, one at a time, and leaves alone what decides nothing."""

import ast

import pytest

from tests.mutation.mutants import mutants


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < 3", {"a = b <= 3", "a = b >= 3", "a = b < 4", "a = b < 2"}),
        ("a = b and c", {"a = b or c", "a = b", "a = c"}),
        ("a = not b", {"a = b"}),
        ("a = b if c else d", {"a = b", "a = d"}),
        ("a = True", {"a = False"}),
        ("a = 'b'", {"a = 'bx'"}),
        ("a = clean(b)", {"a = b"}),
        ("a = made(b=c)", {"a = made()"}),
        ("a = (b, c)", {"a = (c,)", "a = (b,)"}),
        ("if a:\n    b()", {"if True:\n    b()", "if False:\n    b()"}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("def f():\n    return None", set()),
        ("def f():\n    'What it does.'", set()),
        ("a: int | None = b", set()),
        ("@dataclass(frozen=True)\nclass A:\n    b: int", set()),
        ("a = frozenset(b)", set()),
        ("a = Mapping[b, c]", set()),
    ],
)
def test_each_wrong_is_put_in_alone(source: str, expected: set[str]) -> None:
    assert {ast.unparse(mutant.tree) for mutant in mutants(source)} == expected


def test_a_mutant_says_its_line() -> None:
    assert [mutant.line for mutant in mutants("a = b\n\nc = not d")] == [3]
