"""Passwords: what is asked of one, and how it is kept so that nobody can read it."""

import unicodedata
from collections.abc import Callable
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import RefusedError

# Gives so many bytes of chance.
Chance = Callable[[int], bytes]

LEAST_LETTERS = 12
# Enough for any sentence; what is longer is no password, but somebody who wants to keep the machine busy.
MOST_LETTERS = 1000


class Passwords:
    """Keeps passwords as Argon2id, each with a salt of its own, in the text form that says how it was made.

    Parameters
    ----------
    chance
        Where salts come from.
    hasher
        How much work one guess shall be; without it what argon2-cffi holds right, which is that of RFC 9106.

    References
    ----------
    Biryukov, Dinu, Khovratovich, Josefsson (2021), RFC 9106: Argon2 Memory-Hard Function.
    """

    def __init__(self, chance: Chance, hasher: PasswordHasher | None = None) -> None:
        self._chance = chance
        self._hasher = hasher or PasswordHasher()

    def kept(self, password: str) -> str:
        """A password as it is kept."""
        return self._hasher.hash(_plain(password), salt=self._chance(self._hasher.salt_len))

    def matches(self, kept: str, password: str) -> bool:
        """Whether it is this password; takes as long where nothing is kept, so that nobody learns whether there is one."""
        if len(password) > MOST_LETTERS:
            return False
        nobodys = self._nobodys
        try:
            self._hasher.verify(kept or nobodys, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    def outdated(self, kept: str) -> bool:
        """Whether it is kept with less or other work than one that is set now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        """What a guess is compared with where there is nobody."""
        return self.kept(self._chance(LEAST_LETTERS).hex())


def refuse_weak(password: str, person_id: str) -> None:
    """Refuse what can be guessed.

    Raises
    ------
    RefusedError
        When it is shorter than 12 letters, longer than 1,000, one letter again and again, or the id in it is most of it.

    Examples
    --------
    >>> refuse_weak("four words are enough", "li")
    >>> refuse_weak("", "li")
    Traceback (most recent call last):
    ...
    casework.errors.RefusedError: A password needs at least 12 letters: four words are easy to keep in mind.
    """
    plain = _plain(password)
    if len(plain) < LEAST_LETTERS:
        raise RefusedError(
            "A password needs at least {least} letters: four words are easy to keep in mind.", least=LEAST_LETTERS
        )
    if len(password) > MOST_LETTERS:
        raise RefusedError("A password has at most {most} letters.", most=MOST_LETTERS)
    if len(set(plain)) <= 2:  # noqa: PLR2004  # one letter, or two in turn
        raise RefusedError("This password is the same letter again and again: take four words instead.")
    if plain.lower().replace(person_id.lower(), "") == "":
        raise RefusedError("This password is the name you sign in with: take four words instead.")


def _plain(password: str) -> str:
    """The same text however a keyboard made it: full-width and half-width letters are one."""
    return unicodedata.normalize("NFKC", password)
