"""Idempotency keys (rule 4, docs/design.md): 128 random bits, unique in the whole installation, never logged."""

import hashlib
import json
import uuid

from django.db import connection

from conference.board.models import Post, SentKey
from conference.event.models import Participant


class KeyReused(Exception):
    """The key was sent before with other content."""


def new_key() -> str:
    """A fresh key for a form that is made for one browser."""
    return uuid.uuid4().hex


def parsed(key: str) -> uuid.UUID | None:
    """The key that a form holds; None when it is not 32 hexadecimal digits."""
    try:
        return uuid.UUID(hex=key) if len(key) == 32 else None
    except ValueError:
        return None


def digest_of(*content: object) -> bytes:
    """SHA-256 of what is sent, so that a key's first content is recognised."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()


def is_spent(key: str) -> bool:
    """Whether something was sent with the key before: sending it again is then a retry, or a contradiction."""
    return SentKey.objects.filter(pk=uuid.UUID(hex=key)).exists()


def claim(key: str, digest: bytes) -> SentKey | None:
    """What the key was used for, or None with the key locked for this transaction. Raises KeyReused, ValueError.

    The lock makes a retry that overtakes its first try wait for it.
    """
    identity = uuid.UUID(hex=key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [identity.int % (1 << 63)])
    used = SentKey.objects.select_related("post__item", "participant").filter(pk=identity).first()
    if used is not None and bytes(used.digest) != digest:
        raise KeyReused
    return used


def keep(key: str, digest: bytes, post: Post, participant: Participant | None) -> None:
    """Remember what a claimed key was used for, and by which device; None for staff."""
    SentKey.objects.create(key=uuid.UUID(hex=key), digest=digest, post=post, participant=participant)
