"""Surrogates: one for ever per subject and grade, whoever asks first, and nothing in them of what they stand for."""

import re
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from deploy.dev.stack import Stack
from schemas.grades import Grade
from stream_processors.domain.rejection import Unavailable
from stream_processors.shapes import Subject
from stream_processors.warehouse.vault import Vault
from tests.integration.fresh_warehouse import fresh_warehouse, login, rows

EVENT = Subject("event", Grade.P1, "prv-a|evt-1")


@pytest.fixture
def vault_login(stack: Stack) -> Iterator[str]:
    with fresh_warehouse(stack.database_url) as url, login(url, "pso_vault") as vault:
        yield vault


def ask(url: str, subjects: Collection[Subject]) -> dict[Subject, str]:
    with closing(Vault(url)) as vault:
        return vault.surrogates(subjects)


def test_a_subject_keeps_its_surrogate_and_has_another_in_every_grade(vault_login: str) -> None:
    other_grade = Subject("event", Grade.P2, EVENT.key)
    contributor = Subject("contributor", Grade.P1, "prv-a")
    first = ask(vault_login, [EVENT, other_grade, contributor, EVENT])
    assert ask(vault_login, [contributor, EVENT, other_grade]) == first
    assert len(set(first.values())) == 3
    assert all(re.fullmatch(r"(evt|prv)-[0-9a-f]{32}", surrogate) for surrogate in first.values())
    assert first[EVENT].startswith("evt-")
    assert first[contributor].startswith("prv-")


def test_many_who_ask_at_once_get_the_same(vault_login: str) -> None:
    subjects = [Subject("event", Grade.P1, f"prv-a|evt-{n}") for n in range(300)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(vault_login, subjects), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == 300


def test_a_known_surrogate_needs_no_database_and_only_so_many_are_kept(stack: Stack) -> None:
    subjects = [Subject("event", Grade.P1, f"prv-a|evt-{n}") for n in range(11)]
    with fresh_warehouse(stack.database_url) as url, closing(Vault(url, cached=10)) as vault:
        first = vault.surrogates(subjects)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("truncate vault.surrogates")
        assert vault.surrogates(subjects[1:]) == {subject: first[subject] for subject in subjects[1:]}
        assert vault.surrogates(subjects[:1]) != {subjects[0]: first[subjects[0]]}  # it fell out and was made anew


def test_a_database_that_is_away_is_unavailable_and_then_asked_again(stack: Stack) -> None:
    with fresh_warehouse(stack.database_url) as url:
        vault = Vault(url)
        before = vault.surrogates([EVENT])
        end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pso-vault'"
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"{end} and datname = current_database()".encode())
        new = Subject("event", Grade.P1, "prv-a|evt-2")
        with pytest.raises(Unavailable, match="postgresql"):
            vault.surrogates([EVENT, new])
        assert vault.surrogates([EVENT, new])[EVENT] == before[EVENT]
        assert rows(url, "select count(*) from vault.surrogates") == [(2,)]
        vault.close()
