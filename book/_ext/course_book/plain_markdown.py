"""A chapter's text without what only Sphinx understands, for the notebooks that a reader opens elsewhere.

Directives become what any notebook shows, roles become links into the published book, equations keep their numbers.
"""

import posixpath
import re
from collections.abc import Callable
from html import escape
from textwrap import indent

from sphinx.environment import BuildEnvironment

from course_book.quiz import parse
from course_book.step_formula import formula_of
from course_book.step_source import source_of

_DIRECTIVE = re.compile(r"^```\{([\w-]+)\} ?(.*)\n((?::[\w-]+:.*\n)*)((?:.*\n)*?)```$", re.M)
_SOLUTION = re.compile(r"^```\{solution-start\}.*\n(?::.*\n)*```$(.*?)(?:^```\{solution-end\}\n```$|\Z)", re.M | re.S)
_LABEL = re.compile(r"^\([\w-]+\)=\n", re.M)
_EQUATION = re.compile(r"^\$\$\n(.*?)\n\$\$ \(([\w-]+)\)$", re.M | re.S)
_ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
_LINK = re.compile(r"\[([^\]]*)\]\(([\w./-]+?)(?:\.md)?(#[\w-]+)?\)")


class PlainMarkdown:
    """Rewrites the text of one page, ``docname``, of a book that has been read and is published at ``home``."""

    def __init__(self, env: BuildEnvironment, docname: str, home: str) -> None:
        self.env, self.docname, self.home = env, docname, home

    def __call__(self, text: str) -> str:
        text = _SOLUTION.sub(lambda found: _folded("Solution", found[1]), text)
        text = _DIRECTIVE.sub(self._directive, text)
        text = _EQUATION.sub(lambda found: f"$$\n{found[1]}\n\\tag{{{self._number(found[2])}}}\n$$", text)
        text = _ROLE.sub(self._role, _LABEL.sub("", text))
        return _LINK.sub(self._link, text).strip()

    def _directive(self, found: re.Match[str]) -> str:
        name, argument, _, body = found.groups()
        known: dict[str, Callable[[], str]] = {
            "exercise-start": lambda: f"**Exercise: {argument}**\n",
            "exercise-end": str,
            "solution-end": str,
            "bibliography": str,
            "eval-rst": lambda: f"(See [the page]({self._page(self.docname)}).)",
            "quiz": lambda: _question(body),
            "step-formula": lambda: f"$$\n{formula_of(argument)[0]}\n$$",
            "step-source": lambda: "\n".join(f"```python\n{source_of(dotted)[0]}\n```" for dotted in argument.split()),
        }
        if name in known:
            return known[name]()
        return "\n".join(f"> {line}" for line in [f"**{argument or name.title()}**", "", *body.splitlines()])

    def _role(self, found: re.Match[str]) -> str:
        role, text = found.groups()
        try:
            return self._resolved(role, text)
        except KeyError:  # what it refers to is not there; the build has warned of it
            return text

    def _resolved(self, role: str, text: str) -> str:
        if role == "eq":
            return f"({self._number(text)})"
        if role == "ref":
            named = re.fullmatch(r"(.*?) ?<([\w-]+)>", text)
            return self._labelled(named[2], named[1]) if named else self._labelled(text)
        if role in ("cite:p", "cite:t"):
            return self._cited(re.findall(r"([\w-]+)(?:\{([^}]*)\})?,?", text), in_brackets=role == "cite:p")
        return f"`{text}`"

    def _number(self, label: str) -> str:
        return str(self.env.get_domain("math").data["objects"][label][1])

    def _labelled(self, label: str, text: str = "") -> str:
        labels = self.env.get_domain("std").data["labels"]
        if label in labels:
            page, anchor, title = labels[label]
            return f"[{text or title}]({self._page(page)}#{anchor})"
        exercise = self.env.sphinx_exercise_registry[label]  # these have a list of their own
        title = text or exercise["node"][0].astext()
        return f"[{title}]({self._page(exercise['docname'])}#{label})"

    def _cited(self, sources: list[tuple[str, str]], *, in_brackets: bool) -> str:
        domain = self.env.get_domain("cite")
        places = {one.key: (one.bibliography_key.docname, one.citation_id) for one in domain.citations}
        said = []
        for key, part in sources:
            entry, (page, anchor) = domain.bibdata.data.entries[key], places[key]
            names = [" ".join(person.last_names).strip("{}") for person in entry.persons["author"]]
            who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
            details = ", ".join(filter(None, (entry.fields["year"], part)))
            said.append(f"[{who}{f', {details}' if in_brackets else f' ({details})'}]({self._page(page)}#{anchor})")
        return f"({'; '.join(said)})" if in_brackets else ", ".join(said)

    def _link(self, found: re.Match[str]) -> str:
        """Links by label and to other pages of the book; what is neither stays as it is."""
        text, target, anchor = found.groups()
        if target in self.env.get_domain("std").data["labels"]:
            return self._labelled(target, text)
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self.docname), target))
        if page in self.env.found_docs:
            return f"[{text or self.env.titles[page].astext()}]({self._page(page)}{anchor or ''})"
        return found[0]

    def _page(self, docname: str) -> str:
        return f"{self.home}/{docname}.html"


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>\n\n{text.strip()}\n\n</details>\n"


def _question(body: str) -> str:
    question, answers = parse(body.splitlines())
    shown = ["**" + " ".join(" ".join(question).split()) + "**"]
    for answer in answers:
        verdict = "Right." if answer.right else "Not this one."
        reply = _folded("Is it?", f"{verdict} {' '.join(answer.reply)}")
        shown.append(f"- {' '.join(answer.text)}\n\n{indent(reply, '  ')}")
    return "\n\n".join(shown)
