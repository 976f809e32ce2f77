"""A small BERT in numpy: reads a sentence encoder's weights, and gives the direction in which a text points."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Positions = NDArray[np.intp]

LONGEST = 128
"""Pieces of a text that the encoder reads."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """MiniLM: six transformer layers over word pieces; a text's vector is the mean over its pieces, of length 1."""

    pieces: Mapping[str, int]
    weights: Mapping[str, Floats]
    layers: int
    heads: int

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Read the weights and the vocabulary as they were published."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        pieces = {piece: at for at, piece in enumerate(lines) if piece}
        weights = _safetensors(folder / "model.safetensors")
        return cls(pieces, weights, config["num_hidden_layers"], config["num_attention_heads"])

    def encode(self, texts: Sequence[str], batch: int = 64) -> Floats:
        """One row a text; texts of equal length are read together, so that nothing needs padding."""
        split = [self.split(text) for text in texts]
        by_length: dict[int, list[int]] = {}
        for at, ids in enumerate(split):
            by_length.setdefault(len(ids), []).append(at)
        vectors = np.empty((len(texts), self.weights["embeddings.LayerNorm.weight"].size), np.float32)
        for length, places in sorted(by_length.items()):
            size = max(1, batch * 16 // length)
            for start in range(0, len(places), size):
                some = places[start : start + size]
                vectors[some] = self._mean(np.array([split[at] for at in some]))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def split(self, text: str) -> list[int]:
        """The numbers of a text's pieces, longest first from the left, between the two marks."""
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
        found = [piece for word in re.findall(r"[^\W_]+|[^\w\s]|_", plain) for piece in self._pieces(word)]
        return [self.pieces["[CLS]"], *found[: LONGEST - 2], self.pieces["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self.pieces)
            end = next(ends, 0)
            if not end:
                return [self.pieces["[UNK]"]]
            found.append(self.pieces[mark + word[start:end]])
            start = end
        return found

    def _mean(self, ids: NDArray[np.int64]) -> Floats:
        weights = self.weights
        state = weights["embeddings.word_embeddings.weight"][ids]
        state = state + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        state = self._level(state + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}."
            mixed = self._linear(self._attend(state, name + "attention.self."), name + "attention.output.dense")
            state = self._level(state + mixed, name + "attention.output.LayerNorm")
            wide = _gelu(self._linear(state, name + "intermediate.dense"))
            state = self._level(state + self._linear(wide, name + "output.dense"), name + "output.LayerNorm")
        return np.asarray(state.mean(axis=1), np.float32)

    def _attend(self, state: Floats, name: str) -> Floats:
        count, length, width = state.shape
        shape = (count, length, self.heads, width // self.heads)
        query, key, value = (
            self._linear(state, name + part).reshape(shape).transpose(0, 2, 1, 3) for part in ("query", "key", "value")
        )
        likeness = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(shape[3]))
        shares = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(state.shape), np.float32)

    def _linear(self, state: Floats, name: str) -> Floats:
        flat = state.reshape(-1, state.shape[-1]) @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]
        return np.asarray(flat.reshape(*state.shape[:-1], -1), np.float32)

    def _level(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return np.asarray(centred / spread * self.weights[name + ".weight"] + self.weights[name + ".bias"], np.float32)


def _gelu(state: Floats) -> Floats:
    """The usual approximation of the error function; it moves a vector by less than 0.001."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (state + np.float32(0.044715) * state * state * state)
    return np.asarray(np.float32(0.5) * state * (1 + np.tanh(inner)), np.float32)


def _safetensors(path: Path) -> dict[str, Floats]:
    """The arrays of a safetensors file: eight bytes of length, that much JSON, then the numbers."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    found: dict[str, Floats] = {}
    for name, entry in json.loads(raw[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            found[name] = np.frombuffer(raw[start + begin : start + end], "<f4").reshape(entry["shape"])
    return found
