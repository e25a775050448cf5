"""Sealing: bytes that only the holder of a key can read, and nobody can change unseen.

AES-256-GCM under a fresh random nonce, with the key's name and the caller's context bound in as
associated data; HMAC-SHA256 for digests that only the holder of the key can compute. A service
holds one master key in a file outside every database; every other key is derived from it by name
(``KeyRing``), or is random and kept wrapped by such a derived key (the registry's key store).

A sealed text is: one byte of format, eight bytes of the key's fingerprint, twelve bytes of
nonce, then ciphertext and tag (16 bytes). The fingerprint says which key sealed it, so that a
wrong key is told apart from changed bytes.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
OVERHEAD_BYTES = 1 + 8 + 12 + 16
"""By how much a sealed text is longer than the plain one."""

_FORMAT = b"\x01"
_FINGERPRINT_BYTES = 8
_NONCE_BYTES = 12
_HEAD_BYTES = 1 + _FINGERPRINT_BYTES + _NONCE_BYTES
_NAME = re.compile(r"[a-z0-9][a-z0-9:._-]{0,79}\Z")
_FILE_LINE = re.compile(r"doudi-master-key-1:([0-9a-f]{64})\n?\Z")


class SealingError(Exception):
    """Sealed bytes that cannot be opened. Never carries plain or sealed bytes."""


class WrongKey(SealingError):
    """The bytes were sealed under another key than the one that tries to open them."""


class Tampered(SealingError):
    """The bytes, or the context they belong to, are not those that were sealed."""


class UnsafeMasterKey(Exception):
    """The master key's file cannot be used: its permissions, its form, or that it is missing."""


class SealingKey:
    """One named key: seals, opens and digests.

    ``name`` is bound into everything sealed, so that a key filed under another name opens
    nothing. Two keys, one for sealing and one for digests, are derived from ``secret`` (32
    bytes). Raises ``ValueError`` for a secret of another length or a malformed name.
    """

    __slots__ = ("_aead", "_digest_key", "_secret", "fingerprint", "name")

    def __init__(self, name: str, secret: bytes) -> None:
        if not _NAME.match(name):
            raise ValueError("a key's name has 1 to 80 of the characters a-z 0-9 : . _ -")
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(secret)}")
        self.name = name
        self._secret = secret
        self._aead = AESGCM(_derive(secret, b"doudi seal"))
        self._digest_key = _derive(secret, b"doudi digest")
        self.fingerprint = _derive(secret, b"doudi fingerprint")[:_FINGERPRINT_BYTES]

    @classmethod
    def generate(cls, name: str) -> SealingKey:
        """A fresh random key."""
        return cls(name, token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return f"SealingKey({self.name!r})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key is not pickled: wrap it instead")

    def seal(self, plaintext: bytes, aad: bytes = b"") -> bytes:
        """Encrypt; ``aad`` is the context (such as the row's key) that opening must repeat."""
        nonce = token_bytes(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, plaintext, self._context(aad))
        return _FORMAT + self.fingerprint + nonce + sealed

    def open(self, sealed: bytes, aad: bytes = b"") -> bytes:
        """Decrypt what ``seal`` made with the same context.

        Raises ``WrongKey`` where another key sealed it and ``Tampered`` where the bytes or the
        context differ from what was sealed.
        """
        if len(sealed) < OVERHEAD_BYTES or sealed[:1] != _FORMAT:
            raise Tampered("not a sealed text of a known format")
        if sealed[1 : 1 + _FINGERPRINT_BYTES] != self.fingerprint:
            raise WrongKey(f"sealed under another key than {self.name!r}")
        nonce = sealed[1 + _FINGERPRINT_BYTES : _HEAD_BYTES]
        try:
            return self._aead.decrypt(nonce, sealed[_HEAD_BYTES:], self._context(aad))
        except InvalidTag:
            raise Tampered("the sealed bytes or their context were changed") from None

    def digest(self, data: bytes) -> bytes:
        """HMAC-SHA256 of the data, 32 bytes: equal for equal data, and no one else can test."""
        return hmac.digest(self._digest_key, data, sha256)

    def wrap(self, key: SealingKey) -> bytes:
        """Seal another key under this one, bound to its name."""
        return self.seal(key._secret, key.name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> SealingKey:
        """The key of that name that ``wrap`` sealed. Raises as ``open`` does."""
        return SealingKey(name, self.open(wrapped, name.encode()))

    def derive(self, name: str) -> SealingKey:
        """Another key of its own, which this key and the name determine."""
        return SealingKey(name, _derive(self._secret, b"doudi key " + name.encode()))

    def _context(self, aad: bytes) -> bytes:
        return self.name.encode() + b"\x00" + aad


class KeyRing:
    """The keys of one service: all derived, by name, from its master key.

    ``key("parking")`` is the same key in every process that holds the same master key. Each
    purpose takes a name of its own; keys of different names know nothing of each other.
    """

    def __init__(self, master: SealingKey) -> None:
        self._master = master
        self._keys: dict[str, SealingKey] = {}

    @classmethod
    def load(cls, path: Path, *, create: bool = True) -> KeyRing:
        """Read the master key's file, made on the first start (mode 0600) if ``create``.

        Several processes may start at once: one makes the file, all read the same key. Raises
        ``UnsafeMasterKey`` where the file can be read or written by others than its owner, has
        another form, or is missing and may not be made.
        """
        try:
            return cls(_read_master(path))
        except FileNotFoundError:
            if not create:
                raise UnsafeMasterKey(f"no master key at {path}") from None
        _make_master(path)
        return cls(_read_master(path))

    @classmethod
    def ephemeral(cls) -> KeyRing:
        """A ring with a random master key that ends with the process (tests, simulation)."""
        return cls(SealingKey.generate("master"))

    def __repr__(self) -> str:
        return f"KeyRing({self.fingerprint.hex()})"

    @property
    def fingerprint(self) -> bytes:
        """Which master key this is, eight bytes that tell nothing about it."""
        return self._master.fingerprint

    def key(self, name: str) -> SealingKey:
        """The key of that name. Raises ``ValueError`` for a malformed name."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys.setdefault(name, self._master.derive(name))
        return known


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _read_master(path: Path) -> SealingKey:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        mode = stat.S_IMODE(about.st_mode)
        if not stat.S_ISREG(about.st_mode) or mode & 0o077:
            raise UnsafeMasterKey(
                f"{path} has mode {mode:04o}; a master key is a file with 0600 or less"
            )
        line = _FILE_LINE.match(file.read(256).decode("ascii", "replace"))
    if line is None:
        raise UnsafeMasterKey(f"{path} does not hold a master key")
    return SealingKey("master", bytes.fromhex(line.group(1)))


def _make_master(path: Path) -> None:
    """Write a new key beside the path and link it there, so that no half file is ever read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"doudi-master-key-1:{token_hex(KEY_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first; its key is the one
        _sync_folder(path.parent)
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
