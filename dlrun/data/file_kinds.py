"""What a file is by its first bytes, and what to do with kinds that are known but not read."""

from __future__ import annotations

FIRST_BYTES = (
    (b"PK\x03\x04", "a zip archive (an .xlsx file is one too)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ\x00", "xz-compressed"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel (.xls) or Office file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"ARROW1", "a Feather (Arrow) file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"\0\0\x08\x01", "a file of MNIST's form (give the folder that it is in)"),
    (b"\0\0\x08\x03", "a file of MNIST's form (give the folder that it is in)"),
)
"""The first bytes of kinds of files that are no text tables."""

_AS_CSV = "save the sheet as CSV UTF-8 and give that"
_BY_PANDAS = "write it as CSV or Parquet, for example with pandas"
NOT_READ = {
    ".xlsx": ("Excel files", _AS_CSV),
    ".xls": ("Excel files", _AS_CSV),
    ".xlsm": ("Excel files", _AS_CSV),
    ".ods": ("spreadsheets", _AS_CSV),
    ".numbers": ("spreadsheets", _AS_CSV),
    ".npy": ("single arrays", "write inputs and targets together: numpy.savez('data.npz', x=x, y=y)"),
    ".json": ("JSON files", _BY_PANDAS),
    ".jsonl": ("JSON files", _BY_PANDAS),
    ".feather": ("Feather files", _BY_PANDAS),
    ".arrow": ("Feather files", _BY_PANDAS),
    ".orc": ("ORC files", _BY_PANDAS),
    ".arff": ("ARFF files", _BY_PANDAS),
    ".mat": ("MATLAB files", "write it as CSV (writematrix), or as .npz with SciPy and NumPy"),
    ".sav": ("SPSS files", _BY_PANDAS),
    ".dta": ("Stata files", _BY_PANDAS),
    ".sas7bdat": ("SAS files", _BY_PANDAS),
    ".h5": ("HDF5 files", "write it as Parquet or .npz"),
    ".hdf5": ("HDF5 files", "write it as Parquet or .npz"),
    ".db": ("databases", "export the table as CSV"),
    ".sqlite": ("databases", "export the table as CSV"),
    ".pkl": ("pickle files", "they can run code when they are opened; write it as CSV, Parquet or .npz"),
    ".pickle": ("pickle files", "they can run code when they are opened; write it as CSV, Parquet or .npz"),
    ".joblib": ("pickle files", "they can run code when they are opened; write it as CSV, Parquet or .npz"),
    ".tar": ("tar archives", "unpack it and give the folder, or make a .zip"),
    ".tgz": ("tar archives", "unpack it and give the folder, or make a .zip"),
    ".tar.gz": ("tar archives", "unpack it and give the folder, or make a .zip"),
    ".rar": ("RAR archives", "unpack it and give the folder, or make a .zip"),
    ".7z": ("7z archives", "unpack it and give the folder, or make a .zip"),
    ".bz2": ("bzip2-compressed files", "unpack it, or compress it with gzip"),
    ".xz": ("xz-compressed files", "unpack it, or compress it with gzip"),
    ".html": ("web pages", "save the table as CSV"),
    ".pdf": ("PDF documents", "save the table as CSV"),
    ".docx": ("Word documents", "save the table as CSV"),
    ".mp4": ("videos", "write frames as arrays into an .npz file: x (videos, frames, height, width), y"),
    ".avi": ("videos", "write frames as arrays into an .npz file: x (videos, frames, height, width), y"),
    ".wav": ("sounds", "write features as a table or as an .npz file"),
}
"""Suffix -> what such files are, and the way out."""


def kind_of(first: bytes) -> str | None:
    """What a file that begins with these bytes is, where it is a known kind that is no text."""
    return next((kind for begin, kind in FIRST_BYTES if first.startswith(begin)), None)
