"""How people write lists: the marks that begin their lines, and what stands between the parts of a line. Folded text."""

import re

MARKER = re.compile(
    r"\s*(?P<mark>\d{1,2}[.)](?=\s|[^\d\s])|\d\ufe0f?\u20e3|№\s?\d{1,2}[.)]?|\(\d{1,2}\)|\d{1,2}/(?=\s)|"
    r"[a-zа-я]\d{0,2}\)|[a-zа-я]\d{1,2}\.|\d{2,4}-[a-zа-я][.)]|"
    r"\[.?\]|[-–—•·*▪▫◾◽►▶→+>├└](?=\s)|[^\w\s#@(\[\"'«„“|/\\<>=.,:;!?&%$€£₽~`^*_+-]+)\s*"
)
_FAMILIES = {
    sign: name
    for name, signs in {
        "circle": "🔴🟠🟡🟢🔵🟣🟤⚫⚪",
        "square": "🟥🟧🟨🟩🟦🟪🟫⬛⬜◻◼▪▫◾◽🔲🔳",
        "heart": "❤🧡💛💚💙💜🖤🤍🤎♥",
        "suit": "♠♣♦♥",
    }.items()
    for sign in signs
}
"""signs of different colours begin items of one list"""
LABEL = re.compile(r"[\w /*-]{3,30}:\s")
"""A field of a form: «роль: …»."""
BETWEEN_POSITIONS = re.compile(r"[,;+\n⸱·•|]|\s(?:и|and|&|плюс)\s|[.!?](?=\s)|\s/\s")
BETWEEN_CHANGES = re.compile(r"\n|(?<=[.!?;])\s+|,\s(?=[^\n,]{0,40}\b(?:а|but|остал\w+|остаются)\b)")
AFTER_LOCATION = re.compile(r"[,;](?=\s*(?:\d|удал|remote|гибрид|офис))|\.\s")


def sort_of(mark: str) -> str:
    """Marks of one sort begin the lines of one list: all numbers, all circles whatever their colour."""
    if re.search(r"\d|\w\)", mark):
        return "number"
    return "box" if mark[0] == "[" else _FAMILIES.get(mark[0], mark[0])
