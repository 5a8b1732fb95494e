"""A model that a post can kill."""

import os
import signal
from collections.abc import Sequence

from language.kinds import Kind
from language.prediction import Prediction

POISON = "яд"
LAST_WORDS = "poisoned"


class Mortal:
    """Finds junk in everything; its process dies of POISON as it would of a fault in a library's C code."""

    def label(self, texts: Sequence[str]) -> list[Prediction]:
        if any(POISON in text for text in texts):
            os.write(2, f"{LAST_WORDS}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        return [Prediction(Kind.JUNK, 0.97, engagement=None, relevance=0.02) for _ in texts]


def load(artifact: bytes) -> Mortal:
    return Mortal()
