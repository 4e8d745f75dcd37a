import pytest

from dlrun.data.booleans import is_boolean, truth
from dlrun.data.table import Text


@pytest.mark.parametrize(
    "texts", [["True", "False"], ["yes", "NO"], ["Y", "N"], ["예", "아니오"], ["0", "1"], ["t", "f"], ["없음", "있음"]]
)
def test_pairs_of_words(texts):
    assert is_boolean(Text.of([*texts, None, texts[0]]))
    assert sorted(truth(text) for text in texts) == [0, 1]


@pytest.mark.parametrize("texts", [["yes"], ["yes", "false"], ["yes", "no", "maybe"], ["m", "f"], [], [None]])
def test_other_words(texts):
    assert not is_boolean(Text.of(texts))


def test_words_in_new_rows():
    assert [truth(text) for text in (" YES ", "1.0", "0", "n")] == [1, 1, 0, 0]
    assert str(truth("maybe")) == "nan"
