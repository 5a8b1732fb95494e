"""What a proof says at its end, on lines of its own."""

import sys
from collections.abc import Mapping


def tell(what: str, injected: Mapping[str, int], counted: Mapping[str, int]) -> None:
    sys.stdout.write(f"\n{what}\n  injected: {_line(injected)}\n  counted:  {_line(counted)}\n")


def _line(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in numbers.items()) or "nothing"
