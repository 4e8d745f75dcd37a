"""Data files that cannot be trained on: name, what makes them, the words after `dlrun check FILE`, and the message."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TARGET = ("--target", "y")
Content = bytes | Mapping[str, bytes] | Callable[[Path], None]


@dataclass(frozen=True)
class Bad:
    """One bad file."""

    what: str
    file: str
    content: Content
    """Bytes; for a folder name -> bytes; or what writes it."""
    message: str
    """`{file}` stands for its path."""
    words: tuple[str, ...] = TARGET

    def write(self, folder: Path) -> Path:
        path = folder / self.file
        if callable(self.content):
            self.content(path)
        elif isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            for name, content in self.content.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(content)
        return path


def csv(text: str) -> bytes:
    return text.encode()


def rows(line: str, count: int = 20) -> str:
    return "".join(line.format(n=n, c=n % 2) + "\n" for n in range(count))


def npz(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def parquet(columns: Mapping[str, object]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet

    stream = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(dict(columns)), stream)
    return stream.getvalue()


def archive(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def png(value: int = 0, size: tuple[int, int] = (4, 4)) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.full(size, value, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


IMAGES = idx(np.zeros((6, 2, 2)))
LABELS = idx(np.arange(6) % 2)
TABLE = {"x": list(range(20)), "y": [n % 2 for n in range(20)]}
TWENTY = csv("x,y\n" + rows("{n},{c}"))

BAD = (
    Bad(
        "an empty file",
        "a.csv",
        b"",
        "{file}: the file is empty",
    ),
    Bad(
        "blank lines only",
        "a.csv",
        b"\n  \n",
        "{file}: the file is empty",
    ),
    Bad(
        "a byte-order mark alone",
        "a.csv",
        b"\xef\xbb\xbf",
        "{file}: the file is empty",
    ),
    Bad(
        "a header without rows",
        "a.csv",
        b"x,y\n",
        "{file}: has column names but no rows",
    ),
    Bad(
        "one class",
        "a.csv",
        csv("x,y\n" + rows("{n},yes")),
        "{file}: the column to predict, 'y', has one value only, 'yes': nothing can be learned",
    ),
    Bad(
        "a target that never changes",
        "a.csv",
        csv("x,y\n" + rows("{n},3.5")),
        "{file}: the column to predict, 'y', has one value only, '3.5': nothing can be learned",
    ),
    Bad(
        "a target without values",
        "a.csv",
        csv("x,y\n" + rows("{n},")),
        "{file}: the column to predict, 'y', has no values",
    ),
    Bad(
        "inputs without values",
        "a.csv",
        csv("x,y\n" + rows(",{c}")),
        "{file}: no column is left to predict 'y' from. Column 'x' is left out: it has no values.",
    ),
    Bad(
        "a row with one field too many",
        "a.csv",
        csv("x,z,y\n" + rows("{n},1,{c}") + "1,2,3,4\n"),
        "{file}: line 22 has 4 fields, the first line has 3: one too many after column 'y'. Put "
        "texts that hold the separator in \"quotes\", or give data.separator. Received: '1,2,3,4'",
    ),
    Bad(
        "a row with one field too few",
        "a.csv",
        csv("x,z,y\n" + rows("{n},1,{c}") + "1,2\n"),
        "{file}: line 22 has 2 fields, the first line has 3: none for column 'y'. Put texts that "
        "hold the separator in \"quotes\", or give data.separator. Received: '1,2'",
    ),
    Bad(
        "one field too many in the first row",
        "a.csv",
        csv("x,z,y\n1,2,3,4\n" + rows("{n},1,{c}")),
        "{file}: line 2 has 4 fields, the first line has 3: one too many after column 'y'. Put texts "
        "that hold the separator in \"quotes\", or give data.separator. Received: '1,2,3,4'",
    ),
    Bad(
        "one field too many in every row",
        "a.csv",
        csv("x,z,y\n" + rows("{n},1,{c},9")),
        "{file}: line 2 has 4 fields, the first line has 3: one too many after column 'y'. Put texts "
        "that hold the separator in \"quotes\", or give data.separator. Received: '0,1,0,9'",
    ),
    Bad(
        "a short row after a cell of two lines",
        "a.csv",
        csv('x,z,y\n1,"a\nb",0\n2,1\n'),
        "{file}: line 4 has 2 fields, the first line has 3: none for column 'y'. Put texts that hold "
        "the separator in \"quotes\", or give data.separator. Received: '2,1'",
    ),
    Bad(
        "a short row between blanks",
        "a.txt",
        csv("x z y\n" + rows("{n}  1   {c}") + "1 2\n"),
        "{file}: line 22 has 2 fields, the first line has 3: none for column 'y'. Put texts that "
        "hold the separator in \"quotes\", or give data.separator. Received: '1 2'",
    ),
    Bad(
        "a NUL character",
        "a.csv",
        csv("x,y\n1,0\n\0,1\n"),
        "{file}: line 3 holds a NUL character: this is no CSV text, or its encoding is another",
    ),
    Bad(
        "a quote that is never closed",
        "a.csv",
        csv('x,y\n1,0\n"2,1\n3,0\n'),
        "{file}: a quote that opens in line 3 is never closed",
    ),
    Bad(
        "a name for two columns",
        "a.csv",
        csv("x,y,x\n" + rows("{n},{c},1")),
        "{file}: line 1 calls more than one column 'x' (columns 1 and 3). Rename them, or give "
        "data.header: false if line 1 is data",
    ),
    Bad(
        "an infinite number",
        "a.csv",
        csv("x,y\n" + rows("{n},{c}") + "inf,1\n"),
        "{file}: column 'x' is infinite in row 21 (or too large for a number). Correct it, exclude "
        "the column, or give its text in data.na_values to take it as missing",
    ),
    Bad(
        "a number beyond all numbers",
        "a.csv",
        csv("x,y\n" + rows("{n},{c}") + "-1e999,1\n"),
        "{file}: column 'x' is infinite in row 21 (or too large for a number). Correct it, exclude "
        "the column, or give its text in data.na_values to take it as missing",
    ),
    Bad(
        "no such target",
        "a.csv",
        csv("x,Y_\n" + rows("{n},{c}")),
        "data.target: {file} has no column 'y'. Did you mean 'Y_'? It has: 'x', 'Y_'",
    ),
    Bad(
        "no header and a target by name",
        "a.csv",
        csv(rows("{n},{c}")),
        "data.target: {file} has no column 'y'. It has: 'column_1', 'column_2'. Line 1 is read as "
        "data: give the position of the target (-1 is the last), or data.header: true if the line "
        "names the columns",
    ),
    Bad(
        "another separator than given",
        "a.csv",
        TWENTY,
        "data.separator: {file} is not cut by it: only one column comes out. Perhaps it is ','. "
        "Received: ';'. Line 1: 'x,y'",
        (*TARGET, "--set", "data.separator=;"),
    ),
    Bad(
        "one column",
        "a.csv",
        csv("y\n" + rows("{c}")),
        "{file}: only one column was found; looked for the separators comma, semicolon, tab, |, "
        "blanks and others. Give data.separator (one character, or whitespace). Line 1: 'y'",
    ),
    Bad(
        "an encoding that does not exist",
        "a.csv",
        TWENTY,
        "data.encoding: must be an encoding that Python knows, such as utf-8 or cp949. Received: 'utf-99'",
        (*TARGET, "--set", "data.encoding=utf-99"),
    ),
    Bad(
        "another encoding than given",
        "a.csv",
        "x,y\n1,é\n".encode(),
        "{file}: cannot be read as ascii (byte 0xc3 in line 2). Give data.encoding, for example "
        "cp949, latin-1 or utf-16",
        (*TARGET, "--set", "data.encoding=ascii"),
    ),
    Bad(
        "Cyrillic",
        "a.csv",
        "имя,y\nМосква,1\n".encode("cp1251"),
        "{file}: cannot be read as UTF-8 (byte 0xe8 in line 1). Give data.encoding, for example "
        "cp949, latin-1 or utf-16",
    ),
    Bad(
        "Shift JIS",
        "a.csv",
        "名前,y\n田中さん,1\n".encode("shift_jis"),
        "{file}: cannot be read as UTF-8 (byte 0x96 in line 1). Give data.encoding, for example "
        "cp949, latin-1 or utf-16",
    ),
    Bad(
        "UTF-8 with a broken byte",
        "a.csv",
        "이름,y\n김,1\n".encode() + b"\xb1,0\n",
        "{file}: cannot be read as UTF-8 (byte 0xb1 in line 3). Give data.encoding, for example "
        "cp949, latin-1 or utf-16",
    ),
    Bad(
        "an image called a table",
        "a.csv",
        png(),
        "{file}: is a PNG image by its first bytes, not a text table. Give it its own suffix, or a CSV",
    ),
    Bad(
        "an Excel file called a table",
        "a.csv",
        archive({"xl/workbook.xml": b"x"}),
        "{file}: is a zip archive (an .xlsx file is one too) by its first bytes, not a text table. "
        "Give it its own suffix, or a CSV",
    ),
    Bad(
        "Parquet called a table",
        "a.csv",
        parquet(TABLE),
        "{file}: is a Parquet file by its first bytes, not a text table. Give it its own suffix, or a CSV",
    ),
    Bad(
        "bytes of a program",
        "a.dat",
        bytes(range(256)) * 10,
        "{file}: line 1 holds a NUL character: this is no CSV text, or its encoding is another",
    ),
    Bad(
        "a database",
        "a.txt",
        b"SQLite format 3\x00" + bytes(100),
        "{file}: is an SQLite database by its first bytes, not a text table. Give it its own suffix, or a CSV",
    ),
    Bad(
        "Excel",
        "a.xlsx",
        b"PK",
        "data.source: Excel files are not read: save the sheet as CSV UTF-8 and give that. Received: '{file}'",
    ),
    Bad(
        "a single array",
        "a.npy",
        b"x",
        "data.source: single arrays are not read: write inputs and targets together: "
        "numpy.savez('data.npz', x=x, y=y). Received: '{file}'",
    ),
    Bad(
        "a pickle",
        "a.pkl",
        b"x",
        "data.source: pickle files are not read: they can run code when they are opened; write it as "
        "CSV, Parquet or .npz. Received: '{file}'",
    ),
    Bad(
        "a single image",
        "a.png",
        png(),
        "data.source: a single image is no data set. Give a folder with one folder per class. Received: '{file}'",
    ),
    Bad(
        "a tar archive",
        "a.tar.gz",
        b"x",
        "data.source: tar archives are not read: unpack it and give the folder, or make a .zip. Received: '{file}'",
    ),
    Bad(
        "gzip that is cut off",
        "a.csv.gz",
        gzip.compress(TWENTY * 100)[:-20],
        "{file}: is cut off, damaged or not gzip-compressed",
    ),
    Bad(
        "gzip in name alone",
        "a.csv.gz",
        TWENTY,
        "{file}: is cut off, damaged or not gzip-compressed",
    ),
    Bad(
        "Parquet that is cut off",
        "a.parquet",
        parquet(TABLE)[:-10],
        "{file}: is cut off, damaged or no Parquet file",
    ),
    Bad(
        "Parquet with a hole",
        "a.parquet",
        parquet(TABLE)[:200] + parquet(TABLE)[300:],
        "{file}: is cut off, damaged or no Parquet file",
    ),
    Bad(
        "Parquet in name alone",
        "a.parquet",
        TWENTY,
        "{file}: is cut off, damaged or no Parquet file",
    ),
    Bad(
        "Parquet without rows",
        "a.parquet",
        parquet({"x": [], "y": []}),
        "{file}: has column names but no rows",
    ),
    Bad(
        "Parquet of lists",
        "a.parquet",
        parquet({"x": [[1]] * 20}),
        "{file}: has no columns that can be used. Column 'x' is left out: it holds values of type "
        "list<element: int64>.",
    ),
    Bad(
        "Parquet without the target",
        "a.parquet",
        parquet({"x": [1], "Yy": [2]}),
        "data.target: {file} has no column 'y'. Did you mean 'Yy'? It has: 'x', 'Yy'",
    ),
    Bad(
        "NPZ that is cut off",
        "a.npz",
        npz(x=np.zeros((5, 2)), y=np.zeros(5))[:-30],
        "{file}: is cut off, damaged or no NPZ file",
    ),
    Bad(
        "NPZ in name alone",
        "a.npz",
        TWENTY,
        "{file}: is cut off, damaged or no NPZ file",
    ),
    Bad(
        "NPZ with other names",
        "a.npz",
        npz(a=np.zeros(5), b=np.zeros((5, 2))),
        "{file}: needs the arrays x and y, or x_train and y_train (and x_validation, y_validation, "
        "x_test, y_test). It has: 'a' (5), 'b' (5 x 2)",
    ),
    Bad(
        "NPZ with rows of two numbers",
        "a.npz",
        npz(x=np.zeros((5, 2)), y=np.zeros(4)),
        "{file}: 'x' and 'y' need as many rows. Received: 5 and 4",
    ),
    Bad(
        "NPZ with objects",
        "a.npz",
        npz(x=np.array([{}, 1], object), y=np.zeros(2)),
        "{file}: holds Python objects, which can run code when they are opened. Save arrays of numbers or texts",
    ),
    Bad(
        "NPZ with two answers per row",
        "a.npz",
        npz(x=np.zeros((5, 2)), y=np.ones((5, 3))),
        "{file}: 'y' must have one answer per row. Received: 5 x 3. Keep one of its columns",
    ),
    Bad(
        "NPZ with parts of two shapes",
        "a.npz",
        npz(x_train=np.zeros((5, 2)), y_train=np.zeros(5), x_test=np.zeros((5, 3)), y_test=np.zeros(5)),
        "{file}: rows of all parts must have one shape. Received: (2,) and (3,)",
    ),
    Bad(
        "NPZ without rows",
        "a.npz",
        npz(x=np.zeros((0, 2)), y=np.zeros(0)),
        "{file}: its arrays have no rows",
    ),
    Bad(
        "NPZ with half a test set",
        "a.npz",
        npz(x_train=np.zeros((5, 2)), y_train=np.zeros(5), x_test=np.zeros((5, 2))),
        "{file}: needs the arrays x and y, or x_train and y_train (and x_validation, y_validation, "
        "x_test, y_test). It has: 'x_train' (5 x 2), 'y_train' (5), 'x_test' (5 x 2)",
    ),
    Bad(
        "NPZ with a single value",
        "a.npz",
        npz(x=np.float64(3), y=np.zeros(1)),
        "{file}: 'x' must have a row per example. Received: a single value",
    ),
    Bad(
        "NPZ with complex numbers",
        "a.npz",
        npz(x=np.zeros((3, 2), complex), y=np.zeros(3)),
        "{file}: 'x' must hold numbers or texts. Received: complex128",
    ),
    Bad(
        "a zip archive that is cut off",
        "a.zip",
        archive({"a/1.png": png(), "b/2.png": png(9)})[:-40],
        "{file}: is cut off, damaged or no zip archive",
    ),
    Bad(
        "a zip archive that leads outside",
        "a.zip",
        archive({"../a.png": png()}),
        "{file}: holds a path that leads outside of it, '../a.png': it is not read",
    ),
    Bad(
        "a zip archive of two tables",
        "a.zip",
        archive({"a.csv": TWENTY, "b.csv": TWENTY}),
        "{file}: holds 2 tables (a.csv, b.csv). Unpack it and name one",
    ),
    Bad(
        "an empty zip archive",
        "a.zip",
        archive({}),
        "{file}: holds no images (.png, .jpg, .jpeg, .bmp, .gif, .webp, .tif, .tiff, .ppm, .pgm). It "
        "is empty. One folder per class, with its images, is what is read",
    ),
    Bad(
        "a zip archive of documents",
        "a.zip",
        archive({"a.doc": b"x"}),
        "{file}: holds no images (.png, .jpg, .jpeg, .bmp, .gif, .webp, .tif, .tiff, .ppm, .pgm). It "
        "holds 'a.doc'. One folder per class, with its images, is what is read",
    ),
    Bad(
        "a bad table in a zip archive",
        "a.zip",
        archive({"t.csv": b"x,y\n1,2,3\n"}),
        "{file}: t.csv: line 2 has 3 fields, the first line has 2: one too many after column 'y'. "
        "Put texts that hold the separator in \"quotes\", or give data.separator. Received: '1,2,3'",
    ),
    Bad(
        "IDX images that are cut off",
        "m",
        {"train-images-idx3-ubyte": IMAGES[:-3], "train-labels-idx1-ubyte": LABELS},
        "{file}: train-images-idx3-ubyte is cut off or damaged: needs 24 (6 x 2 x 2) bytes after its head, has 21",
        (),
    ),
    Bad(
        "IDX without labels",
        "m",
        {"train-images-idx3-ubyte": IMAGES},
        "{file}: has no file of train labels. It has: train-images-idx3-ubyte",
        (),
    ),
    Bad(
        "IDX with a head that is cut off",
        "m",
        {"train-images-idx3-ubyte": IMAGES[:6], "train-labels-idx1-ubyte": LABELS},
        "{file}: train-images-idx3-ubyte is cut off or damaged: needs more bytes after its head, has 0",
        (),
    ),
    Bad(
        "IDX in name alone",
        "m",
        {"train-images-idx3-ubyte": b"hello", "train-labels-idx1-ubyte": LABELS},
        "{file}: train-images-idx3-ubyte is no IDX file: it begins with 68 65 6c 6c",
        (),
    ),
    Bad(
        "IDX with a label too few",
        "m",
        {"train-images-idx3-ubyte": IMAGES, "train-labels-idx1-ubyte": idx(np.zeros(5))},
        "{file}: 6 train images need as many labels. Received: 5 labels",
        (),
    ),
    Bad(
        "IDX with labels for images",
        "m",
        {"train-images-idx3-ubyte": LABELS, "train-labels-idx1-ubyte": LABELS},
        "{file}: train-images-idx3-ubyte must hold images of bytes, rows x height x width. Received: 6 of uint8",
        (),
    ),
    Bad(
        "packed IDX that is cut off",
        "m",
        {"train-images-idx3-ubyte.gz": gzip.compress(IMAGES)[:-9], "train-labels-idx1-ubyte": LABELS},
        "{file}: train-images-idx3-ubyte.gz: is cut off, damaged or not gzip-compressed",
        (),
    ),
    Bad(
        "an image that is none",
        "m",
        {"a/1.png": png(), "b/2.png": b"no image"},
        "{file}: b/2.png: is no image that can be read (PNG, JPEG, BMP, GIF, WEBP, TIFF, PPM are)",
        (),
    ),
    Bad(
        "an image that is cut off",
        "m",
        {"a/1.png": png(), "b/2.png": png(7, (64, 64))[:-30]},
        "{file}: b/2.png: is cut off or damaged: image file is truncated",
        (),
    ),
    Bad(
        "an empty image",
        "m",
        {"a/1.png": png(), "b/2.png": b""},
        "{file}: b/2.png: is empty",
        (),
    ),
    Bad(
        "images without class folders",
        "m",
        {"1.png": png(), "2.png": png(3)},
        "{file}: has 2 images but no class folders. Put the images of each class into a folder of "
        "its own. Received: '1.png'",
        (),
    ),
    Bad(
        "a folder without images",
        "m",
        {"a/readme.txt": b"x"},
        "{file}: holds no images (.png, .jpg, .jpeg, .bmp, .gif, .webp, .tif, .tiff, .ppm, .pgm). It "
        "holds 'a/readme.txt'. One folder per class, with its images, is what is read",
        (),
    ),
    Bad(
        "a single class of images",
        "m",
        {f"a/{n}.png": png(n) for n in range(9)},
        "{file}: the column to predict, 'label', has one value only, 'a': nothing can be learned",
        (),
    ),
    Bad(
        "a size for what is no image",
        "a.csv",
        TWENTY,
        "data.image_size: is for folders of images. Received: 8 for '{file}'",
        (*TARGET, "--set", "data.image_size=8"),
    ),
    Bad(
        "10,000 columns and a short row",
        "a.csv",
        csv(",".join(["y", *(f"c{n}" for n in range(1, 10000))]) + "\n" + "1," * 9998 + "1\n"),
        "{file}: line 2 has 9999 fields, the first line has 10000: none for column 'c9999'. Put "
        'texts that hold the separator in "quotes", or give data.separator. Received: '
        "'1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,'",
    ),
)
