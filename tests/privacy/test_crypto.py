import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from privacy.crypto import Box, CannotDecrypt, keyed_hash
from privacy.tokens import hash_token, new_token

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@given(st.text())
def test_text_comes_back_as_it_was_and_never_lies_there_in_the_clear(text: str) -> None:
    stored = Box([NEW]).encrypt(text)
    assert Box([NEW]).decrypt(stored) == text
    assert len(text) < 4 or text not in stored


def test_the_same_text_never_looks_the_same_twice() -> None:
    box = Box([NEW])
    assert len({box.encrypt("Ana") for _ in range(50)}) == 50


def test_a_wrong_key_raises_and_says_nothing_of_the_value() -> None:
    stored = Box([OLD]).encrypt("Ana Sample")
    with pytest.raises(CannotDecrypt) as error:
        Box([NEW, OTHER]).decrypt(stored)
    assert "Ana" not in str(error.value) and stored not in str(error.value)


@pytest.mark.parametrize("stored", ["", "Ana Sample", "gAAAA", "é", "0" * 120])
def test_what_was_never_encrypted_raises_too(stored: str) -> None:
    with pytest.raises(CannotDecrypt):
        Box([NEW]).decrypt(stored)


def test_one_changed_letter_of_a_stored_value_is_noticed() -> None:
    stored = Box([NEW]).encrypt("Ana Sample")
    for place in (0, 10, 40, len(stored) // 2, len(stored) - 5):
        changed = stored[:place] + ("A" if stored[place] != "A" else "B") + stored[place + 1 :]
        with pytest.raises(CannotDecrypt):
            Box([NEW]).decrypt(changed)


def test_every_key_opens_and_the_first_one_encrypts() -> None:
    stored, both = Box([OLD]).encrypt("Ana"), Box([NEW, OLD])
    assert both.decrypt(stored) == "Ana" and not both.is_newest(stored)
    assert Box([NEW]).decrypt(both.encrypt("Ana")) == "Ana"


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, ""]])
def test_a_missing_or_malformed_key_is_an_error_at_the_start(keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Box(keys)


@given(st.text(), st.text(), st.text(), st.text())
def test_a_blind_index_tells_equal_values_only_within_one_purpose(a: str, b: str, one: str, two: str) -> None:
    same = keyed_hash(a, key=NEW, purpose=one) == keyed_hash(b, key=NEW, purpose=two)
    # NUL divides purpose from value; no purpose holds one, as they are words in our own code.
    if "\0" not in one + two:
        assert same == ((a, one) == (b, two))
    assert keyed_hash(a, key=NEW, purpose=one) != keyed_hash(a, key=OTHER, purpose=one)


def test_a_token_cannot_be_guessed_nor_read_from_its_hash() -> None:
    pairs = {new_token() for _ in range(1000)}
    assert len({token for token, _ in pairs}) == len({stored for _, stored in pairs}) == 1000
    for token, stored in pairs:
        assert len(token) == 32 and len(stored) == 64 and token not in stored and hash_token(token) == stored
