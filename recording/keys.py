"""The node's keys on disk: the master key that wraps data keys, and the Ed25519 key that signs."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

MASTER, NODE = "master.key", "node-ed25519.key"
_SIZE = 32


class KeysRefused(Exception):
    """The key files cannot be used as they are; the message names the file and why."""


class WrongKey(Exception):
    """This data key was wrapped by another master key."""


class Keys:
    """Both keys in memory. `key_id` names the master key, `signer` is the public key in hex."""

    def __init__(self, master: bytes, node: bytes) -> None:
        self._master = master
        self._node = Ed25519PrivateKey.from_private_bytes(node)
        self.key_id = hashlib.sha256(b"visitation master key" + master).hexdigest()[:16]
        self.signer = self._node.public_key().public_bytes_raw().hex()

    @classmethod
    def load_or_create(cls, folder: Path) -> Keys:
        """Makes the folder (0700) and what is missing in it (0600). Raises KeysRefused."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (MASTER, NODE):
            _create(folder / name)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Keys:
        return cls(_read(folder / MASTER), _read(folder / NODE))

    @property
    def public(self) -> Ed25519PublicKey:
        return self._node.public_key()

    def sign(self, data: bytes) -> bytes:
        return self._node.sign(data)

    def new_data_key(self) -> tuple[bytes, bytes]:
        """(key, wrapped): 32 fresh bytes, and the same under RFC 3394."""
        key = secrets.token_bytes(_SIZE)
        return key, aes_key_wrap(self._master, key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Raises WrongKey."""
        if key_id != self.key_id:
            raise WrongKey(f"sealed under master key {key_id}, this is {self.key_id}")
        try:
            return aes_key_unwrap(self._master, wrapped)
        except (InvalidUnwrap, ValueError):
            raise WrongKey("the wrapped data key does not open") from None

    def public_pem(self) -> str:
        """For those who check without secrets."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.public.public_bytes(serialization.Encoding.PEM, form).decode()


def _create(path: Path) -> None:
    """Writes a new key whole or not at all; an existing one wins."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_SIZE))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another start was quicker
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except OSError as error:
        raise KeysRefused(f"{path.name} cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise KeysRefused(f"{path.name} can be read by others: chmod 600")
    if len(data) != _SIZE:
        raise KeysRefused(f"{path.name} is not a key of {_SIZE} bytes")
    return data
