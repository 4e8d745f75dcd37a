import io
import os
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from dlrun.data import fingerprint, prepare
from dlrun.data.image_folder import image_table
from dlrun.data.picture import pixels_of, size_of
from dlrun.data.sources import load_source
from dlrun.data.table import TEST, TRAIN, VALIDATION
from dlrun.errors import DataError
from dlrun.spec import Data, Experiment

RNG = np.random.default_rng(0)


def encoded(pixels, kind="PNG", **options):
    stream = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(np.asarray(pixels, np.uint8))
    image.save(stream, kind, **options)
    return stream.getvalue()


def grey(size=(4, 5)):
    return RNG.integers(0, 256, size, dtype=np.uint8)


def colour(size=(4, 5)):
    return RNG.integers(0, 256, (*size, 3), dtype=np.uint8)


def put(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return str(root)


def read(source, **keys):
    return image_table(source, Data(source=source, **keys))


def images(table):
    return np.stack([column.values for name, column in table.columns.items() if name != "label"], axis=1)


def labels(table):
    column = table.columns["label"]
    return [column.levels[code] for code in column.codes]


def test_class_folders(tmp_path):
    pictures = {name: grey() for name in ("나무/1.png", "나무/2.png", "[x] a.b/1.bmp", "(script)/1.gif")}
    table = read(put(tmp_path / "그림 set", {name: encoded(one, name[-3:].upper()) for name, one in pictures.items()}))
    assert labels(table) == ["(script)", "[x] a.b", "나무", "나무"]
    wanted = [pictures[name].reshape(-1) for name in ("(script)/1.gif", "[x] a.b/1.bmp", "나무/1.png", "나무/2.png")]
    np.testing.assert_array_equal(images(table), wanted)
    assert images(table).dtype == np.uint8
    assert (table.size, table.white, table.target, table.part, table.notes) == ((4, 5), 255, "label", None, ())


def test_colours_are_kept_where_there_are_any(tmp_path):
    table = read(put(tmp_path, {"a/1.png": encoded(colour()), "b/1.png": encoded(grey())}))
    assert table.size == (4, 5, 3)
    assert list(table.columns)[:3] == ["pixel_0_0_red", "pixel_0_0_green", "pixel_0_0_blue"]


@pytest.mark.parametrize("words", [("train", "val", "test"), ("Train", "validation", "testing")])
def test_given_parts(tmp_path, words):
    files = {f"set/{part}/{label}/{n}.png": encoded(grey()) for part in words for label in "ab" for n in range(3)}
    table = read(put(tmp_path, files))
    assert sorted(table.part.tolist()) == [TRAIN] * 6 + [VALIDATION] * 6 + [TEST] * 6
    data = prepare(Experiment.model_validate({"data": {"source": str(tmp_path)}}))
    assert [len(rows) for rows in (data.train, data.validation, data.test)] == [6, 6, 6]


def test_classes_may_be_called_test(tmp_path):
    table = read(put(tmp_path, {f"{label}/1.png": encoded(grey()) for label in ("test", "control")}))
    assert sorted(labels(table)) == ["control", "test"]
    assert table.part is None


@pytest.mark.parametrize(
    ("keys", "size", "note"),
    [
        (
            {},
            (32, 32),
            "images have 2 sizes, most often 4 x 5; they are scaled to 32 x 32 (data.image_size gives another",
        ),
        ({"image_size": 6}, (6, 6), None),
        ({"image_size": (3, 7)}, (3, 7), None),
    ],
)
def test_sizes(tmp_path, keys, size, note):
    files = {"a/1.png": encoded(grey()), "a/2.png": encoded(grey()), "b/1.png": encoded(grey((9, 9)))}
    table = read(put(tmp_path, files), **keys)
    assert table.size == size
    assert (note in table.notes[0]) if note else table.notes == ()


def test_large_images_are_scaled(tmp_path):
    table = read(put(tmp_path, {f"{label}/1.png": encoded(grey((200, 300))) for label in "ab"}))
    assert table.size == (32, 32)
    assert "images are 200 x 300; they are scaled to 32 x 32" in table.notes[0]


def test_scaling_is_that_of_pillow(tmp_path):
    one = grey((40, 30))
    scaled = pixels_of("f", encoded(one), (8, 6))
    wanted = np.asarray(Image.fromarray(one).convert("RGB").resize((6, 8), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(scaled, wanted)


def test_other_files_are_left_out_and_said(tmp_path):
    files = {"a/1.png": encoded(grey()), "b/1.png": encoded(grey()), "b/notes.txt": b"x", "lone.png": encoded(grey())}
    hidden = {".DS_Store": b"x", "a/.2.png": b"x", "__MACOSX/a/1.png": b"x", "a/Thumbs.db": b"x"}
    table = read(put(tmp_path, files | hidden))
    assert len(table) == 2
    assert table.notes == (
        "1 file is no image and left out (the first is 'b/notes.txt').",
        "1 image is in no class folder and left out (the first is 'lone.png').",
    )


def test_a_zip_archive_is_the_same_data(tmp_path):
    files = {f"set/{label}/{n}.png": encoded(colour()) for label in "ab" for n in range(4)}
    folder = put(tmp_path / "x", files)
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    np.testing.assert_array_equal(images(read(folder)), images(read(str(archive))))
    assert labels(read(folder)) == labels(read(str(archive)))


def test_links_are_followed(tmp_path):
    put(tmp_path / "real", {"1.png": encoded(grey())})
    put(tmp_path / "set", {"b/1.png": encoded(grey())})
    os.symlink(tmp_path / "real", tmp_path / "set" / "a")
    assert labels(read(str(tmp_path / "set"))) == ["a", "b"]


def test_a_link_in_a_circle_is_named(tmp_path):
    put(tmp_path / "set", {"b/1.png": encoded(grey())})
    os.symlink(tmp_path / "set", tmp_path / "set" / "b" / "again")
    with pytest.raises(DataError, match="folders are nested too deeply: b/again/b/again"):
        read(str(tmp_path / "set"))


def test_new_images_are_brought_to_the_size_that_was_trained_on(tmp_path):
    new = put(tmp_path, {"1.png": encoded(colour((9, 9))), "2.png": encoded(grey((3, 3)))})
    table = load_source(new, Data(source=new), "FILE", like=(4, 5))
    assert (table.size, table.target, len(table)) == ((4, 5), None, 2)
    assert load_source(new, Data(source=new), "FILE", like=(4, 5, 3)).size == (4, 5, 3)


def test_pixels_reach_the_net_between_0_and_1(tmp_path):
    files = {f"{label}/{n}.png": encoded(np.full((2, 2), 51 * n)) for label in "ab" for n in range(6)}
    data = prepare(Experiment.model_validate({"data": {"source": put(tmp_path, files), "validation_split": 0}}))
    assert sorted(set(data.train.x[:, 0].tolist())) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_images_of_little_contrast_are_centred(tmp_path):
    pixels = {f"{name}/{n}.png": RNG.integers(100, 130, (4, 5), dtype=np.uint8) for n in range(20) for name in "ab"}
    source = put(tmp_path / "dim", {name: encoded(one) for name, one in pixels.items()})
    prepared = prepare(Experiment.model_validate({"data": {"source": source}}))
    assert prepared.train.x.mean() == pytest.approx(0, abs=1e-5)
    assert prepared.train.x.std() == pytest.approx(1, rel=1e-5)
    assert prepared.notes == (
        f"{source}: its pixels are close together (mean 0.45, spread 0.03 of white), so they are centred and scaled "
        "(data.scaling: none leaves them from 0 to 1).",
    )
    plain = prepare(Experiment.model_validate({"data": {"source": source, "scaling": "none"}}))
    assert (plain.notes, plain.train.x.min() >= 100 / 255) == ((), True)


def test_images_to_predict_are_all_taken_and_have_names(tmp_path):
    source = put(tmp_path / "new", {name: encoded(grey()) for name in ("b.png", "나무/a.png", "test/c.png")})
    table = image_table(source, Data(source=source), (4, 5), labelled=False)
    assert (table.files, table.target) == (("b.png", "test/c.png", "나무/a.png"), None)
    assert table.take(np.array([2, 0])).files == ("나무/a.png", "b.png")
    assert table.take(table.numbers > 0).files == ("test/c.png", "나무/a.png")


def test_names_of_images_start_at_the_source(tmp_path):
    source = put(tmp_path / "set", {f"all/train/{label}/{n}.png": encoded(grey()) for label in "ab" for n in range(2)})
    assert read(source).files == ("all/train/a/0.png", "all/train/a/1.png", "all/train/b/0.png", "all/train/b/1.png")


def test_a_single_image_is_predicted(tmp_path):
    one = colour()
    path = tmp_path / "[x] 나무.png"
    path.write_bytes(encoded(one))
    table = load_source(str(path), Data(source=str(path)), "FILE", (4, 5, 3), labelled=False)
    assert (table.files, len(table), table.target) == ((path.name,), 1, None)
    np.testing.assert_array_equal(images(table)[0], one.reshape(-1))
    with pytest.raises(DataError, match="which was trained on no images"):
        load_source(str(path), Data(source=str(path)), "FILE", None, labelled=False)


def rotated():
    image = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3) * 40)
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(image, "TIFF", exif=exif)


MODES = [
    ("16 bits", encoded(Image.fromarray(np.array([[0, 65535]], np.uint16))), [[0, 255]]),
    ("a palette", encoded(Image.fromarray(np.array([[0, 255]], np.uint8)).convert("P")), [[0, 255]]),
    ("one bit", encoded(Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")), [[0, 255]]),
    ("transparency", encoded(Image.fromarray(np.array([[[9, 9, 9, 0], [7, 7, 7, 255]]], np.uint8))), [[255, 7]]),
    ("four inks", encoded(Image.new("CMYK", (2, 1)), "TIFF"), [[255, 255]]),
    ("turned", rotated(), [[120, 0], [160, 40], [200, 80]]),
]


@pytest.mark.parametrize(("raw", "pixels"), [mode[1:] for mode in MODES], ids=[mode[0] for mode in MODES])
def test_modes(raw, pixels):
    size = size_of("f", raw)
    assert size == np.shape(pixels)
    np.testing.assert_array_equal(pixels_of("f", raw, size), np.repeat(np.array(pixels)[..., None], 3, axis=2))


def test_moving_images_give_their_first_picture():
    raw = encoded(Image.new("L", (2, 2), 0), "GIF", save_all=True, append_images=[Image.new("L", (2, 2), 255)])
    assert pixels_of("f", raw, (2, 2)).max() == 0


def test_a_huge_image_is_named_not_decoded():
    header = encoded(Image.new("1", (20_000, 20_000)))
    with pytest.raises(DataError, match=r"f: is too large"):
        size_of("f", header)


class TestFingerprint:
    FILES = {f"{label}/{n}.png": encoded(np.full((2, 2), n)) for label in "ab" for n in range(3)}  # noqa: RUF012

    def test_of_content_and_class_names_not_of_paths(self, tmp_path):
        one = put(tmp_path / "one", self.FILES)
        shutil.copytree(one, tmp_path / "other" / "place")
        assert fingerprint(Data(source=one)) == fingerprint(Data(source=str(tmp_path / "other" / "place")))
        renamed = put(tmp_path / "c", {name.replace("b/", "c/"): content for name, content in self.FILES.items()})
        assert fingerprint(Data(source=renamed)) != fingerprint(Data(source=one))
        changed = put(tmp_path / "d", self.FILES | {"a/1.png": encoded(np.full((2, 2), 9))})
        assert fingerprint(Data(source=changed)) != fingerprint(Data(source=one))

    def test_the_same_as_in_the_prepared_data(self, tmp_path):
        data = {"source": put(tmp_path, self.FILES), "validation_split": 0}
        assert prepare(Experiment.model_validate({"data": data})).fingerprint == fingerprint(Data(**data))
