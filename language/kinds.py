"""The closed lists of labels: values as written in labelled files and in the database."""

from enum import StrEnum


class Kind(StrEnum):
    REQUEST = "request"
    OFFER = "offer"
    UPDATE = "update"
    JUNK = "junk"


class Engagement(StrEnum):
    OUTSTAFF = "outstaff"
    INHOUSE = "inhouse"
    FREELANCE = "freelance"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    JUNIOR = "junior"
    MIDDLE = "middle"
    SENIOR = "senior"
    LEAD = "lead"


class Remote(StrEnum):
    REMOTE = "remote"
    OFFICE = "office"
    HYBRID = "hybrid"


class ListingState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
