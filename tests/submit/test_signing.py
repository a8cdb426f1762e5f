"""The signature follows the vendor's formula."""

from hypothesis import given
from hypothesis import strategies as st

from rosetta_spec.submit.credentials import Credentials, Secret
from rosetta_spec.submit.signing import signature_of, signing_headers

CREDENTIALS = Credentials("key", Secret("secret"))


def test_the_signature_follows_the_vendors_formula():
    assert signature_of(1715948940207, CREDENTIALS) == "ede7b5172293035e35e3789b485163c3"


def test_the_signing_headers_are_the_three_of_the_api():
    assert signing_headers(1715948940207, CREDENTIALS) == {
        "X-STARDUST-KEY": "key",
        "X-TS": "1715948940207",
        "X-SIGN": "ede7b5172293035e35e3789b485163c3",
    }


@given(st.integers(0, 10**15), st.text(min_size=1), st.text(min_size=1))
def test_a_signature_changes_with_the_time_and_is_always_hexadecimal(time, secret, key):
    try:
        secret.encode(), key.encode()
    except UnicodeEncodeError:
        return
    credentials = Credentials(key, Secret(secret))
    sign = signature_of(time, credentials)
    assert len(bytes.fromhex(sign)) == 16
    assert sign != signature_of(time + 1, credentials)
