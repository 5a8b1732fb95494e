"""A model trained in seconds on every third post of the corpus, once for all tests."""

import pytest

from ml import corpus_files
from ml.corpus_files import Example
from ml.labeller import Labeller, load
from ml.training import Trained, train


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    return corpus_files.read()[::3]


@pytest.fixture(scope="session")
def trained(examples: list[Example]) -> Trained:
    return train(examples)


@pytest.fixture(scope="session")
def labeller(trained: Trained) -> Labeller:
    return load(trained.artifact)
