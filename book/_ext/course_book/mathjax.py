"""Formulas without a network: the part of MathJax that a page loads, from the package ``sphinx-mathjax-offline``.

The package, used as the extension that it is, copies all of MathJax into the book: 24 MB, of which this is a tenth.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

# The program (MathML for screen readers is in it), TeX packages that formulas may ask for, and the fonts.
PARTS = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts/woff-v2")


def setup(app: Sphinx) -> None:
    app.setup_extension("sphinx.ext.mathjax")
    app.connect("config-inited", point_there)
    app.connect("builder-inited", copy_parts)


def point_there(app: Sphinx, config: Config) -> None:
    config["mathjax_path"] = f"mathjax/{PARTS[0]}"


def copy_parts(app: Sphinx) -> None:
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ImportError("the package sphinx-mathjax-offline is missing: pip install -r requirements.txt")
    source, target = Path(spec.origin).parent / "static" / "mathjax", Path(app.outdir).parent / "generated" / "mathjax"
    for part in PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copy2(source / part, target / part)
