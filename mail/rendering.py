"""Templates to letters: `templates/<email>/{subject.txt,body.txt,body.html}`."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from i18n.translator import Translate

SUBJECT_AT_MOST = 150

_FOLDER = PackageLoader("mail")
_PLAIN = Environment(  # noqa: S701  text is not HTML
    loader=_FOLDER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
_HTML = Environment(loader=_FOLDER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True)


@dataclass(frozen=True)
class Rendered:
    subject: str
    """one line"""
    text: str
    html: str


def render(email: str, t: Translate, /, **values: object) -> Rendered:
    """`values` are plain; whatever came from outside is escaped where it has to be."""
    subject = " ".join(_PLAIN.get_template(f"{email}/subject.txt").render(values, t=t).split())
    if len(subject) > SUBJECT_AT_MOST:
        subject = f"{subject[: SUBJECT_AT_MOST - 1].rstrip()}…"
    return Rendered(
        subject=subject,
        text=_PLAIN.get_template(f"{email}/body.txt").render(values, t=t),
        html=_HTML.get_template(f"{email}/body.html").render(values, t=t, subject=subject),
    )
