"""Sealing: nobody without the key reads, nobody changes unseen, no key is left lying open."""

from __future__ import annotations

import multiprocessing
import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing import (
    OVERHEAD_BYTES,
    KeyRing,
    SealingKey,
    Tampered,
    UnsafeMasterKey,
    WrongKey,
)

KEY = SealingKey.generate("notes")


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_was_sealed_opens_with_the_same_key_and_context(text: bytes, aad: bytes) -> None:
    sealed = KEY.seal(text, aad)
    assert KEY.open(sealed, aad) == text
    assert len(sealed) == len(text) + OVERHEAD_BYTES


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    assert len({KEY.seal(b"text") for _ in range(50)}) == 50


@given(st.data())
def test_every_changed_byte_is_seen(data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal(b"some text", b"row 1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Tampered, WrongKey)):
        KEY.open(bytes(sealed), b"row 1")


@given(st.integers(0, 60))
def test_a_cut_text_is_seen(length: int) -> None:
    sealed = KEY.seal(b"some text")
    with pytest.raises(Tampered):
        KEY.open(sealed[: min(length, len(sealed) - 1)])


def test_a_sealed_row_put_under_another_rows_key_does_not_open() -> None:
    with pytest.raises(Tampered):
        KEY.open(KEY.seal(b"text", b"person/1"), b"person/2")


def test_another_key_says_that_it_is_the_wrong_one() -> None:
    with pytest.raises(WrongKey, match="another key than 'notes'"):
        KEY.open(SealingKey.generate("notes").seal(b"text"))


def test_a_key_filed_under_another_name_opens_nothing() -> None:
    secret = bytes(range(32))
    sealed = SealingKey("person:1", secret).seal(b"text")
    with pytest.raises(Tampered):
        SealingKey("person:2", secret).open(sealed)


def test_digests_need_the_key_and_differ_by_purpose() -> None:
    ring = KeyRing.ephemeral()
    one, other = ring.key("identity"), ring.key("notes")
    assert one.digest(b"x") == ring.key("identity").digest(b"x")
    assert len({one.digest(b"x"), other.digest(b"x"), one.digest(b"y")}) == 3
    assert len(one.digest(b"x")) == 32


def test_a_wrapped_key_comes_back_under_its_own_name_only() -> None:
    wrapping, key = SealingKey.generate("wrapping"), SealingKey.generate("person:1")
    wrapped = wrapping.wrap(key)
    assert wrapping.unwrap("person:1", wrapped).open(key.seal(b"text")) == b"text"
    with pytest.raises(Tampered):
        wrapping.unwrap("person:2", wrapped)


def test_keys_show_and_give_away_nothing() -> None:
    ring = KeyRing(SealingKey("master", b"\x41" * 32))
    shown = f"{KEY!r} {KEY} {ring!r} {ring.key('parking')!r}"
    assert "AAAA" not in shown
    assert "41" * 8 not in shown
    with pytest.raises(TypeError):
        pickle.dumps(KEY)


@pytest.mark.parametrize("name", ["", "Person", "a b", "ä", "x" * 81, "-a", "a\n"])
def test_a_malformed_name_is_no_key(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 80"):
        SealingKey.generate(name)


def test_the_master_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    first, again = KeyRing.load(path), KeyRing.load(path, create=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]
    assert again.key("parking").open(first.key("parking").seal(b"text")) == b"text"
    assert first.fingerprint == again.fingerprint != KeyRing.ephemeral().fingerprint


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o700 | 0o010])
def test_a_master_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    KeyRing.load(path)
    path.chmod(mode)
    with pytest.raises(UnsafeMasterKey, match="0600 or less"):
        KeyRing.load(path)


def test_a_read_only_master_key_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    KeyRing.load(path)
    path.chmod(0o400)
    assert KeyRing.load(path, create=False).fingerprint


def test_a_missing_master_key_is_not_made_where_it_may_not_be(tmp_path: Path) -> None:
    with pytest.raises(UnsafeMasterKey, match="no master key"):
        KeyRing.load(tmp_path / "master.key", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "secret", "doudi-master-key-1:zz", "\0" * 500])
def test_a_file_that_holds_no_key_is_refused_unrepeated(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(UnsafeMasterKey) as raised:
        KeyRing.load(path)
    assert not content or content not in str(raised.value)


def test_processes_that_start_at_once_agree_on_one_master_key(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        seen = set(pool.map(_fingerprint, [path] * 8))
    assert len(seen) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["master.key"]


def _fingerprint(path: Path) -> bytes:
    return KeyRing.load(path).fingerprint
