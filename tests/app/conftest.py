"""The quickly trained model of the tests of models, for what the application composes with one."""

from tests.ml.conftest import examples, labeller, trained

__all__ = ["examples", "labeller", "trained"]
