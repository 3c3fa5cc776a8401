"""Files that a real SFTP client drops: taken when they are whole, answered in an ack that the client fetches."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from tests.support.sftp_door import BAD, GOOD, OTHER_PROVIDER, Door, drop, manifest, read, upload


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    yield made
    said = "\n".join(made.log)
    for value in ("Quartermain", "evt-1", "events.jsonl", "prv-", "rl6", "127.0.0.1"):
        assert value not in said


def test_a_drop_is_taken_and_its_ack_has_a_result_for_every_row(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            await drop(client)
            (dropped,) = door.work()
            assert (dropped.flaw, dropped.tally.captured, dropped.tally.faults) == (None, 1, 1)
            *rows, summary = await read(client)
            assert {(row["row"], row["outcome"]) for row in rows} == {(1, "accepted"), (2, "refused")}
            assert summary == {"kind": "summary", "file": "events.jsonl", "reason": "", "accepted": 1, "refused": 1}
            assert await client.listdir(".") == [".", "..", "events.jsonl.ack.jsonl"]

    door.run(scenario)
    with door.outbox() as outbox:
        assert len(outbox.waiting(0)) == 1
    assert door.drops(person).stat().st_mode & 0o077 == 0


def test_the_events_carry_the_provider_and_system_of_the_key(door: Door) -> None:
    async def scenario() -> None:
        for person in (door.person(system="rl6-main"), door.person(system="pharmacy")):
            async with door.session(person) as client:
                await drop(client, data=b'{"report_type": "incident"}\n')

    door.run(scenario)
    door.work()
    with door.outbox() as outbox:
        keys = {waiting.key for waiting in outbox.waiting(0)}
    assert len(keys) == 2, "the ids are derived from the source system"
    assert all(key.startswith(b"prv-8f3k2m|") for key in keys)


def test_a_csv_is_read_by_the_mapping_that_the_operator_put_beside_the_folders(door: Door) -> None:
    person = door.person()
    data = b"report_id,product,symptom,sex\nR1,ALPHA,RASH,Female\nR1,ALPHA,DEATH,Female\n"
    shipped = Path(__file__).parents[4] / "producers" / "mappings" / "fda-caers.toml"
    mapping = door.folder / "mappings" / "arr-7k2q" / "prv-8f3k2m" / "rl6-main.toml"

    async def scenario() -> None:
        async with door.session(person) as client:
            await drop(client, "caers.csv", data)
            assert [dropped.flaw for dropped in door.work()] == ["unreadable"]
            mapping.parent.mkdir(parents=True)
            mapping.write_bytes(shipped.read_bytes())
            await drop(client, "caers.csv", data)
            mapping.write_text("name = ")
            assert door.work() == door.work() == [], "a mistake in the mapping: the drop waits"
            mapping.write_bytes(shipped.read_bytes())
            assert [dropped.flaw for dropped in door.work()] == [None]

    door.run(scenario)
    (told,) = [line for line in door.log if "rl6-main.toml" in line]
    door.log.remove(told)  # told once, to the operator whose file it is


def test_the_same_drop_again_changes_nothing_and_has_the_same_ack(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            await drop(client)
            door.work()
            first = await read(client)
            await drop(client)
            assert [dropped.tally.captured for dropped in door.work()] == [0]
            assert await read(client) == first

    door.run(scenario)
    with door.outbox() as outbox:
        assert len(outbox.waiting(0)) == 1


def test_a_client_that_dies_while_it_uploads_leaves_a_part_which_it_can_go_on_with_or_remove(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.connected(person) as connection:
            client = await connection.start_sftp_client()
            file = await client.open("events.jsonl.part", "wb")
            await file.write(GOOD)
            connection.abort()
        assert sorted(path.name for path in door.drops(person).iterdir()) == ["events.jsonl.part"]
        assert door.work() == []
        async with door.session(person) as client:
            async with client.open("events.jsonl.part", "ab") as rest:
                await rest.write(BAD)
            await client.rename("events.jsonl.part", "events.jsonl")
            await upload(client, "events.jsonl.manifest.json", manifest(GOOD + BAD))
            assert [dropped.flaw for dropped in door.work()] == [None]
            async with client.open("other.part", "wb") as out:
                await out.write(GOOD)
            await client.remove("other.part")

    door.run(scenario)
    assert [path.name for path in door.drops(person).glob("*.part")] == []


def test_what_the_manifest_does_not_describe_is_refused_whole(door: Door) -> None:
    async def scenario() -> None:
        async with door.session(door.person()) as client:
            await upload(client, "events.jsonl", GOOD)
            await upload(client, "events.jsonl.manifest.json", manifest(BAD))
            assert [dropped.flaw for dropped in door.work()] == ["sha256_differs"]
            assert [line["reason"] for line in await read(client)] == ["sha256_differs"]

    door.run(scenario)


def test_another_providers_folder_cannot_be_seen_or_reached(door: Door) -> None:
    one, other = door.person(), door.person(OTHER_PROVIDER)

    async def scenario() -> None:
        async with door.session(one) as client:
            await drop(client)
        door.work()
        async with door.session(other) as client:
            assert await client.listdir("/") == [".", ".."]
            inside = f"drops/arr-7k2q/{one.user}/rl6-main/events.jsonl.ack.jsonl"
            for path in (inside, f"../../../{inside}", str(door.folder / inside), f"../{one.user}", "events.jsonl.ack.jsonl"):
                with pytest.raises((asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied)):
                    await client.open(path, "rb")
                assert not await client.exists(path)

    door.run(scenario)


def test_two_sessions_of_a_provider_never_write_the_same_upload_nor_rename_what_is_being_written(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as one, door.session(person) as other:
            async with one.open("events.jsonl.part", "wb") as out:
                await out.write(GOOD)
                with pytest.raises(asyncssh.SFTPFailure, match="being written"):
                    await other.open("events.jsonl.part", "wb")
                for act in (other.rename("events.jsonl.part", "events.jsonl"), other.remove("events.jsonl.part")):
                    with pytest.raises(asyncssh.SFTPFailure, match="being written"):
                        await act
            await asyncio.gather(one.rename("events.jsonl.part", "events.jsonl"), upload(other, "b.jsonl", GOOD))

    door.run(scenario)


def test_a_whole_file_is_not_replaced_nor_written_to_nor_taken_back(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            await upload(client, "events.jsonl", GOOD)
            async with client.open("events.jsonl.part", "wb") as out:
                await out.write(BAD)
            for rename in (client.rename, client.posix_rename):
                with pytest.raises(asyncssh.SFTPFailure, match="nothing replaces it"):
                    await rename("events.jsonl.part", "events.jsonl")
            with pytest.raises(asyncssh.SFTPPermissionDenied):
                await client.open("events.jsonl", "wb")
            with pytest.raises(asyncssh.SFTPPermissionDenied):
                await client.remove("events.jsonl")
            with pytest.raises(asyncssh.SFTPPermissionDenied):
                await client.truncate("events.jsonl", 0)

    door.run(scenario)
    assert (door.drops(person) / "events.jsonl").read_bytes() == GOOD


def test_a_file_is_not_replaced_while_it_is_being_read(door: Door) -> None:
    person = door.person()
    taken = door.drops(person) / ".taken" / "events.jsonl"
    taken.mkdir(parents=True)

    async def scenario() -> None:
        async with door.session(person) as client:
            with pytest.raises(asyncssh.SFTPFailure, match="being read"):
                await upload(client, "events.jsonl", GOOD)

    door.run(scenario)


def test_a_client_that_sets_times_and_rights_is_not_refused_and_nothing_changes(door: Door) -> None:
    person = door.person()

    async def scenario() -> None:
        async with door.session(person) as client:
            async with client.open("events.jsonl.part", "wb") as out:
                await out.write(GOOD)
                await out.chmod(0o777)
            await client.utime("events.jsonl.part", (1, 1))
            assert (await client.stat("events.jsonl.part")).size == len(GOOD)

    door.run(scenario)
    assert (door.drops(person) / "events.jsonl.part").stat().st_mode & 0o777 == 0o600
