"""A labeller for tests that runs in the worker's child process: it asks for Java where a text does."""

import os
from collections.abc import Sequence

from language.prediction import Prediction
from tests import make


class Rules:
    """Raises over a text with РАЗБОР, dies over one with СМЕРТЬ."""

    def label(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._label(text) for text in texts]

    def _label(self, text: str) -> Prediction:
        if "РАЗБОР" in text:
            raise ValueError("this text cannot be read")
        if "СМЕРТЬ" in text:
            os._exit(9)
        return make.request(make.item("backend", "java", text=text)) if "Java" in text else make.junk()


def load(_artifact: bytes) -> Rules:
    return Rules()


class Versioned:
    """Each post «ID: number …» asks for what the version's artifact names."""

    def __init__(self, stack: str) -> None:
        self._stack = stack

    def label(self, texts: Sequence[str]) -> list[Prediction]:
        return [
            make.request(make.item("backend", self._stack, text=text, request_id=text.split()[1])) for text in texts
        ]


def load_versioned(artifact: bytes) -> Versioned:
    return Versioned(artifact.decode())
