"""The key store's contract, on both engines."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from infra.engines import PostgresEngine
from services.intake.registry.keys import (
    Erasure,
    KeyDestroyed,
    KeyStore,
    KeyStoreAway,
    KeyUnknown,
    WrongMasterKey,
    case_key,
    person_key,
)
from services.intake.registry.keys.postgres import PostgresKeyStore
from services.intake.registry.keys.sqlite import SqliteKeyStore
from shared.sealing import KeyRing, SealingKey, Tampered

AT = datetime(2020, 5, 18, 1, 2, 3, 456789, tzinfo=UTC)
RING = KeyRing.ephemeral()
Open = Callable[[KeyRing], KeyStore]


@pytest.fixture
def keys(open_keys: Open) -> Iterator[KeyStore]:
    opened = open_keys(RING)
    yield opened
    opened.close()


def test_a_key_is_made_once_and_found_again_by_another_process(
    keys: KeyStore, open_keys: Open
) -> None:
    key_id = person_key(uuid4())
    sealed = keys.create(key_id).seal(b"text")
    assert keys.create(key_id).open(sealed) == b"text"
    other = open_keys(RING)
    assert other.get(key_id).open(sealed) == b"text"
    other.close()


def test_keys_of_different_ids_differ(keys: KeyStore) -> None:
    same = uuid4()
    made = {keys.create(i).fingerprint for i in (person_key(same), case_key(same))}
    assert len(made) == 2


def test_whoever_races_gets_the_same_key(keys: KeyStore, open_keys: Open) -> None:
    other = open_keys(RING)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            key_id = person_key(uuid4())
            made = pool.map(lambda store, i=key_id: store.create(i).fingerprint, [keys, other] * 4)
            assert len(set(made)) == 1
    other.close()


def test_an_unknown_key_is_not_there(keys: KeyStore) -> None:
    with pytest.raises(KeyUnknown):
        keys.get("person:nobody")
    assert keys.get_many(["person:nobody"]) == {}
    assert keys.destroyed("person:nobody") is None


def test_a_destroyed_key_is_gone_for_good_and_says_when(keys: KeyStore, open_keys: Open) -> None:
    key_id, kept = person_key(uuid4()), person_key(uuid4())
    keys.create(key_id)
    keys.create(kept)
    assert keys.destroy(key_id, AT) == Erasure(key_id, AT)
    other = open_keys(RING)
    for store in (keys, other):
        for attempt in (store.get, store.create):
            with pytest.raises(KeyDestroyed) as raised:
                attempt(key_id)
            assert raised.value.at == AT
        found = store.get_many([key_id, kept])
        assert found[key_id] == Erasure(key_id, AT)
        alive = found[kept]
        assert isinstance(alive, SealingKey)
        assert alive.fingerprint == keys.get(kept).fingerprint
        assert store.destroyed(key_id) == AT
        assert store.destroyed(kept) is None
    other.close()


def test_the_first_destruction_stands(keys: KeyStore) -> None:
    key_id = person_key(uuid4())
    keys.create(key_id)
    keys.destroy(key_id, AT)
    assert keys.destroy(key_id, AT + timedelta(days=1)) == Erasure(key_id, AT)
    assert keys.destroyed(key_id) == AT


def test_a_key_that_never_was_can_be_forbidden(keys: KeyStore) -> None:
    key_id = person_key(uuid4())
    keys.destroy(key_id, AT)
    with pytest.raises(KeyDestroyed):
        keys.create(key_id)


def test_the_erasure_list_is_read_in_pages_and_replayed_onto_a_restored_copy(
    keys: KeyStore,
) -> None:
    ids = sorted(person_key(uuid4()) for _ in range(5))
    for key_id in ids:
        keys.create(key_id)
    erased = [keys.destroy(i, AT) for i in ids[:3]]
    assert keys.erasures(limit=2) == erased[:2]
    assert keys.erasures(after=ids[1]) == erased[2:]
    # A copy from before the erasures would hold these keys alive: here two still are.
    listed = [*erased, Erasure(ids[3], AT), Erasure(person_key(uuid4()), AT)]
    assert keys.replay(listed) == 1
    assert keys.replay(listed) == 0
    assert keys.destroyed(ids[3]) == AT
    assert keys.destroyed(ids[4]) is None


def test_an_identity_is_made_once_and_forgotten_without_a_trace(
    keys: KeyStore, open_keys: Open
) -> None:
    other = open_keys(RING)
    assert keys.identity("0a") is None
    made = keys.identify("0a")
    assert {other.identify("0a"), other.identity("0a"), keys.identity("0a")} == {made}
    assert keys.identify("0b") != made
    keys.forget(made)
    keys.forget(uuid4())
    assert (other.identity("0a"), keys.erasures()) == (None, [])
    again = other.identify("0a")
    assert again != made
    other.replay([Erasure(person_key(uuid4()), AT)], [again])
    assert keys.identity("0a") is None
    assert keys.identity("0b") is not None
    other.close()


def test_whoever_races_gets_the_same_identity(keys: KeyStore, open_keys: Open) -> None:
    other = open_keys(RING)
    with ThreadPoolExecutor(8) as pool:
        for n in range(10):
            made = pool.map(lambda store, n=n: store.identify(str(n)), [keys, other] * 4)
            assert len(set(made)) == 1
    other.close()


def test_up_to_where_the_list_was_replayed_is_remembered_with_it(
    keys: KeyStore, open_keys: Open
) -> None:
    assert keys.listed() == 0
    keys.replay([Erasure(person_key(uuid4()), AT)], listed=3)
    keys.destroy(person_key(uuid4()), AT)
    other = open_keys(RING)
    assert other.listed() == 3
    other.replay((), listed=1)
    assert keys.listed() == 1
    other.close()


def test_a_wrong_master_key_is_refused_at_the_start(keys: KeyStore, open_keys: Open) -> None:
    with pytest.raises(WrongMasterKey):
        open_keys(KeyRing.ephemeral())
    keys.create("person:1")


def test_many_keys_come_at_once(keys: KeyStore) -> None:
    ids = [person_key(uuid4()) for _ in range(1_200)]
    for key_id in ids[:3]:
        keys.create(key_id)
    assert set(keys.get_many(ids)) == set(ids[:3])
    assert keys.get_many([]) == {}


def test_the_engine_names_itself(keys: KeyStore) -> None:
    assert keys.version().split()[0] in ("SQLite", "PostgreSQL")


def test_a_destroyed_keys_bytes_are_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    store = SqliteKeyStore(path, RING)
    store.create("person:1")
    identity = store.identify("0a" * 32)
    with sqlite3.connect(path) as reader:
        ((wrapped,),) = reader.execute("SELECT wrapped FROM keys")
    reader.close()
    files = [path, path.with_name("keys.db-wal")]
    gone = (wrapped, str(identity).encode(), b"0a" * 32)
    for content in gone:
        assert any(content in file.read_bytes() for file in files)
    store.forget(identity)
    store.destroy("person:1", AT)
    for content in gone:
        assert not any(content in file.read_bytes() for file in files if file.exists())
    store.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = SqliteKeyStore(tmp_path / "keys.db", RING)
        store.create("person:1")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {0o600}
    store.close()


def test_a_changed_wrapped_key_is_not_taken_for_a_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    store = SqliteKeyStore(path, RING)
    for key_id in ("person:1", "person:2"):
        store.create(key_id)
    with sqlite3.connect(path) as intruder:
        intruder.execute(
            "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE key_id = 'person:2')"
        )
    intruder.close()
    with pytest.raises(Tampered):
        store.get("person:1")
    store.close()


def test_a_key_store_that_is_away_says_so_and_comes_back(mortal_postgres: PostgresEngine) -> None:
    url = mortal_postgres.database(f"k_{uuid4().hex}")
    store = PostgresKeyStore(url, RING, timeout_seconds=2)
    store.create("person:1")
    mortal_postgres.kill()
    with pytest.raises(KeyStoreAway):
        store.get("person:1")
    mortal_postgres.start()
    assert store.get("person:1").name == "person:1"
    store.close()


def test_a_key_store_that_is_away_at_the_start_is_asked_when_needed(
    mortal_postgres: PostgresEngine,
) -> None:
    url = mortal_postgres.database(f"k_{uuid4().hex}")
    mortal_postgres.kill()
    store, stranger = (
        PostgresKeyStore(url, ring, timeout_seconds=2) for ring in (RING, KeyRing.ephemeral())
    )
    with pytest.raises(KeyStoreAway):
        store.create("person:1")
    mortal_postgres.start()
    assert store.create("person:1").name == "person:1"
    for _ in range(2):
        with pytest.raises(WrongMasterKey):
            stranger.get("person:1")
    store.close()
    stranger.close()
