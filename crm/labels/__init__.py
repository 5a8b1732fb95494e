"""Labels: what people say posts are. A company's newest label wins for that company; all of them teach the model."""

from crm.labels.files import BadLabelLine, Line, Taken, export, read_line, take
from crm.labels.giving import give, withdraw
from crm.labels.reviewing import Disagreement, Said, disagreements, review_queue, said_by_others
from crm.labels.teaching import LabelledPost, changed_at, examples

__all__ = [
    "BadLabelLine",
    "Disagreement",
    "LabelledPost",
    "Line",
    "Said",
    "Taken",
    "changed_at",
    "disagreements",
    "examples",
    "export",
    "give",
    "read_line",
    "review_queue",
    "said_by_others",
    "take",
    "withdraw",
]
