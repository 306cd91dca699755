"""TeX → MathML, which browsers draw by themselves: a page with formulas needs no script, no font and no network."""

import re
from functools import lru_cache
from html import escape, unescape

LONGEST = 5000  # characters of a formula; a longer one is shown as its source
# What people write and docutils does not know, and what it knows.
_SPELLINGS = ((r"\\dots(?![a-zA-Z])|…", r"\\ldots "), (r"(\\[dt]?frac)\s*(\d)\s*(\d)", r"\1{\2}{\3}"))
_DELIMITED = re.compile(r"\s*(\$\$|\$|\\\[|\\\()(.*?)(\$\$|\$|\\\]|\\\))\s*", re.DOTALL)


@lru_cache(maxsize=4096)  # the same formulas stand in every learner's notebook
def mathml(tex: str, *, block: bool = False) -> str:
    """The formula as a ``<math>`` element; as its source in ``<code>`` where docutils cannot read it.

    Parameters
    ----------
    tex : str
        Without delimiters. HTML's entities in it are taken for the characters that they stand for. It may come from
        anybody: all text in the result is escaped.
    block : bool
        Whether it stands on lines of its own.
    """
    from docutils.utils.math.latex2mathml import tex2mathml

    tex = unescape(tex)
    try:
        if len(tex) <= LONGEST:
            made = str(tex2mathml(_spelled(tex), as_block=block))
            return made.replace('display="block"', 'display="block" tabindex="0"')  # wide ones scroll, by keyboard too
    except Exception:  # docutils meets what it does not know in many ways
        pass
    return f"<code>{escape(tex)}</code>"


def latex_output(text: str) -> str:
    """A cell's ``text/latex`` output, such as ``$x^2$``."""
    found = _DELIMITED.fullmatch(text)
    return mathml(found[2], block=found[1] in ("$$", r"\[")) if found else mathml(text.strip(), block=True)


def _spelled(tex: str) -> str:
    for written, known in _SPELLINGS:
        tex = re.sub(written, known, tex)
    return tex
