import pytest

from crm import signing
from crm.errors import NotFound

SECRET = b"0123456789abcdef"


class TestTokens:
    def test_no_two_are_the_same_and_each_fits_a_telegram_link(self) -> None:
        tokens = {signing.new_token() for _ in range(100)}
        assert len(tokens) == 100
        assert all(len(token) <= 64 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)

    def test_the_digest_does_not_show_the_token(self) -> None:
        token = signing.new_token()
        assert token not in signing.digest(token)
        assert signing.digest(token) == signing.digest(token)


class TestVerify:
    def test_gives_back_what_was_signed(self) -> None:
        assert signing.verify(SECRET, "unsubscribe", signing.sign(SECRET, "unsubscribe", 42)) == 42

    @pytest.mark.parametrize(
        "change",
        [
            lambda signed: signed.replace("42.", "43."),
            lambda signed: signed.replace("42.", "042."),
            lambda signed: signed[:-1],
            lambda signed: signed + "ы",
            lambda signed: "",
            lambda signed: "42",
            lambda signed: "²." + signed,
            lambda signed: "9" * 5000 + ".x",
        ],
    )
    def test_refuses_what_was_changed(self, change) -> None:
        with pytest.raises(NotFound):
            signing.verify(SECRET, "unsubscribe", change(signing.sign(SECRET, "unsubscribe", 42)))

    def test_refuses_another_purpose_and_another_secret(self) -> None:
        signed = signing.sign(SECRET, "unsubscribe", 42)
        with pytest.raises(NotFound):
            signing.verify(SECRET, "confirm", signed)
        with pytest.raises(NotFound):
            signing.verify(b"another secret, long", "unsubscribe", signed)

    def test_a_short_secret_is_a_mistake_of_the_installation(self) -> None:
        with pytest.raises(ValueError, match="16 bytes"):
            signing.sign(b"short", "unsubscribe", 42)
