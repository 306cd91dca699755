"""``python book/pdf.py``: the book as a PDF, by XeLaTeX. What is missing is named, with the packages that have it."""

import shutil
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).parent
TEX = "optimizers-step-by-step.tex"

# Programs, and files that TeX must find, with the Debian package of each.
PROGRAMS = {"xelatex": "texlive-xetex", "latexmk": "latexmk", "fc-list": "fontconfig"}
FILES = {
    "xeCJK.sty": "texlive-lang-chinese",
    "FandolSong-Regular.otf": "texlive-lang-chinese",
    "tabulary.sty": "texlive-latex-extra",
    "fontawesome5.sty": "texlive-fonts-extra",
    "pzdr.tfm": "texlive-fonts-recommended",
}
FONTS = {"DejaVu Serif": "fonts-dejavu"}


def missing() -> dict[str, str]:
    """What is needed and not there, with the package that has it."""
    found = {program: package for program, package in PROGRAMS.items() if not shutil.which(program)}
    if found:
        return found  # the rest is asked of these
    found = {name: package for name, package in FILES.items() if not _answer("kpsewhich", name)}
    return found | {font: package for font, package in FONTS.items() if not _answer("fc-list", font)}


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def main() -> int:
    """Build it and say where it is; 1 if something is missing or fails."""
    if lacking := missing():
        print(f"The PDF needs what is not here: {', '.join(lacking)}.")
        print(f"On Debian or Ubuntu: apt-get install {' '.join(sorted(set(lacking.values())))}")
        return 1
    build = [sys.executable, "-m", "jupyter", "book", "build", "-W", "--keep-going", "--builder", "latex", str(BOOK)]
    folder = BOOK / "_build" / "latex"
    typeset = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "-quiet", TEX]
    for command, where in ((build, BOOK), (typeset, folder)):
        if code := subprocess.run(command, cwd=where, check=False).returncode:
            print(f"This failed, see above: {' '.join(command)}")
            return code
    print(f"The book as a PDF: {folder / TEX.replace('.tex', '.pdf')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
