"""What parties share, and when all of them have consented."""

from datetime import UTC, datetime

from casework.sharing import Consent, Field, Share
from tests.store.specimens import agreement

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_party_that_says_nothing_shares_every_field_of_the_agreed_categories():
    terms = agreement()
    share = terms.share_of(terms.a)
    assert (share.categories, share.fields) == (tuple(str(one) for one in terms.categories), tuple(Field))


def test_a_party_shares_what_it_says():
    own = Share("w", ("water",), (Field.RISK,))
    assert agreement(shares=(own,)).share_of("w") == own


def test_agreed_is_what_every_party_has_consented_to():
    terms = agreement()
    assert not terms.agreed
    some = tuple(Consent(party, "li", AT) for party in terms.parties)
    assert not agreement(consents=some[:1]).agreed
    assert agreement(consents=some).agreed
