import pytest

from dlrun.data.encodings import WAY_OUT, decoded
from dlrun.errors import DataError

KOREAN = "이름,값\n김철수,1\n이영희,2\n서울특별시,3\n"
ONE_SYLLABLE = "성별,y\n남,1\n여,0\n"
GERMAN = "Größe,Straße\nÄpfel,1\nÄrger,2\n"
FRENCH = "prénom,ville\nÉlodie,à Créteil\nFrançois,2\n"
FOUND = [
    (KOREAN, "utf-8", None),
    (KOREAN, "utf-8-sig", None),
    (KOREAN, "cp949", "CP949"),
    (KOREAN, "euc-kr", "CP949"),
    (KOREAN + "뷁,4\n", "cp949", "CP949"),
    (ONE_SYLLABLE, "cp949", "CP949"),
    ("온도(℃),면적(㎡)\n1,2\n", "cp949", "CP949"),
    (KOREAN, "utf-16", "UTF-16"),
    (KOREAN, "utf-16-le", "UTF-16-LE without byte-order mark"),
    (KOREAN, "utf-16-be", "UTF-16-BE without byte-order mark"),
    (ONE_SYLLABLE, "utf-16-le", "UTF-16-LE without byte-order mark"),
    ("a,b\n1,2\n", "utf-16-be", "UTF-16-BE without byte-order mark"),
    ("a,b\n1,2\n", "utf-16", "UTF-16"),
    (KOREAN, "utf-32", "UTF-32"),
    (GERMAN, "latin-1", "CP1252 (Latin-1)"),
    (GERMAN, "cp1252", "CP1252 (Latin-1)"),
    (FRENCH, "latin-1", "CP1252 (Latin-1)"),
    ("año,señor\n¿qué?,niño\n", "latin-1", "CP1252 (Latin-1)"),
    ("t (°C),µm,m²\n1,2,3\n", "latin-1", "CP1252 (Latin-1)"),
    ("Preis,x\n5 €,“a”\n", "cp1252", "CP1252 (Latin-1)"),
    ("a,b\n1,2\n", "ascii", None),
    ("", "utf-8", None),
]


@pytest.mark.parametrize(("text", "encoding", "found"), FOUND)
def test_found(text, encoding, found):
    result = decoded("f", text.encode(encoding))
    assert (result.text, result.encoding) == (text, found)


GUESSES_WOULD_BE_WRONG = [
    ("имя,y\nМосква,1\n", "cp1251"),
    ("имя,y\nМосква,1\n", "koi8-r"),
    ("όνομα,y\nΑθήνα,1\n", "cp1253"),
    ("miasto,ulica\nWrocław,1\nŁódź,2\nKraków,3\nWałęsa,źrebię\n", "cp1250"),
    ("miasto,ulica\nWrocław,1\nŁódź,2\n", "iso8859-2"),
    ("名前,値\n田中さん,1\nこんにちは,2\n", "shift_jis"),
    ("名前,値\n田中さん,1\nこんにちは,2\n", "euc-jp"),
    ("性别,y\n男,1\n女,0\n", "gbk"),
    ("城市,y\n北京,1\n上海,2\n", "gbk"),
    ("城市,y\n臺北,1\n高雄,2\n", "big5"),
    (KOREAN, "johab"),
]


@pytest.mark.parametrize(("text", "encoding"), GUESSES_WOULD_BE_WRONG)
def test_what_cannot_be_told_is_refused_and_read_when_given(text, encoding):
    with pytest.raises(DataError, match=r"f: cannot be read as UTF-8 \(byte 0x.. in line 1|2\). Give data.encoding"):
        decoded("f", text.encode(encoding))
    result = decoded("f", text.encode(encoding), encoding)
    assert (result.text, result.encoding) == (text, None)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf_8"])
def test_a_mark_is_left_out_of_given_utf8(encoding):
    assert decoded("f", "a,b\n".encode("utf-8-sig"), encoding).text == "a,b\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "message"),
    [
        (b"a,b\n1,\0\n", None, "f: line 2 holds a NUL character: this is no CSV text, or its encoding is another"),
        (b"a,b\n1,\0\n", "utf-8", "f: line 2 holds a NUL character: this is no CSV text, or its encoding is another"),
        (bytes(range(256)), None, "f: line 1 holds a NUL character: this is no CSV text, or its encoding is another"),
        (
            "a,é\n".encode() * 3 + b"\xff",
            None,
            f"f: cannot be read as UTF-8 (byte 0xff in line 4). {WAY_OUT}",
        ),
        (
            "a,김\n".encode(),
            "ascii",
            f"f: cannot be read as ascii (byte 0xea in line 1). {WAY_OUT}",
        ),
        (
            b"\xff\xfea",
            None,
            f"f: cannot be read as UTF-16 (byte 0x61 in line 1). {WAY_OUT}",
        ),
        (
            b"a",
            "klingon",
            "data.encoding: must be an encoding that Python knows, such as utf-8 or cp949. Received: 'klingon'",
        ),
    ],
)
def test_refused(raw, encoding, message):
    with pytest.raises(DataError) as raised:
        decoded("f", raw, encoding)
    assert str(raised.value) == message
