"""A trained model as one file: a zip of CatBoost models, arrays, words and a manifest. Loading it runs no code."""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray

FORMAT = 2
_MANIFEST = "manifest.json"
_LARGEST_PART = 256 * 1024 * 1024
_SAME_DATE = (2026, 1, 1, 0, 0, 0)
"""so that equal models are equal bytes"""
_NOT_OF_THE_MODEL = ("train_finish_time", "model_guid")
"""CatBoost writes them into each model"""


class BadArtifact(ValueError):
    """The bytes are no model of this program, or of another version of it."""


@dataclass
class Parts:
    """What an artifact holds, by names."""

    manifest: dict[str, Any]
    trees: dict[str, CatBoostClassifier] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


def pack(parts: Parts) -> bytes:
    """The bytes of an artifact; equal parts give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        _write(file, _MANIFEST, _json({"format": FORMAT, **parts.manifest}))
        _write(file, "settings.json", _json(parts.settings))
        for name, words in sorted(parts.words.items()):
            _write(file, f"{name}.words.json", _json(words))
        for name, array in sorted(parts.arrays.items()):
            held = io.BytesIO()
            np.save(held, array, allow_pickle=False)
            _write(file, f"{name}.npy", held.getvalue())
        for name, trees in sorted(parts.trees.items()):
            _write(file, f"{name}.cbm", _trees_to_bytes(trees))
    return packed.getvalue()


def unpack(data: bytes) -> Parts:
    """The parts of an artifact. Raises BadArtifact."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _read(file)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadArtifact(f"this is no model of Platon: {error}") from error


def _read(file: zipfile.ZipFile) -> Parts:
    if any(part.file_size > _LARGEST_PART for part in file.infolist()):
        raise BadArtifact("a part of the model is larger than any that is made here")
    manifest = json.loads(file.read(_MANIFEST))
    if manifest.get("format") != FORMAT:
        raise BadArtifact(f"a model of format {manifest.get('format')}; this version reads format {FORMAT}")
    parts = Parts(manifest, settings=json.loads(file.read("settings.json")))
    for name in file.namelist():
        if name.endswith(".words.json"):
            parts.words[name.removesuffix(".words.json")] = json.loads(file.read(name))
        elif name.endswith(".npy"):
            parts.arrays[name.removesuffix(".npy")] = np.load(io.BytesIO(file.read(name)), allow_pickle=False)
        elif name.endswith(".cbm"):
            parts.trees[name.removesuffix(".cbm")] = _trees_from_bytes(file.read(name))
    return parts


def _write(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, date_time=_SAME_DATE), data, zipfile.ZIP_DEFLATED)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _trees_to_bytes(trees: CatBoostClassifier) -> bytes:
    metadata = trees.get_metadata()
    for told in _NOT_OF_THE_MODEL:
        metadata[told] = ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.cbm"
        trees.save_model(str(path))
        return path.read_bytes()


def _trees_from_bytes(data: bytes) -> CatBoostClassifier:
    trees = CatBoostClassifier()
    trees.load_model(blob=data)
    return trees
