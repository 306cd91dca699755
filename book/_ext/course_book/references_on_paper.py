"""In the PDF: references to exercises of other chapters, and an index that makeindex can sort."""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import exercise_latex_number_reference


class ExerciseReferences(SphinxPostTransform):
    """sphinx-exercise labels exercises in its own way, and follows it within one chapter alone."""

    default_priority = 400
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        exercises = getattr(self.env, "sphinx_exercise_registry", {})
        for reference in list(self.document.findall(addnodes.number_reference)):
            label = reference.get("refuri", "").rpartition("#")[2]
            if label in exercises:
                numbers = self.env.toc_fignumbers[exercises[label]["docname"]]["exercise"]
                title = self.config.numfig_format["exercise"] % ".".join(map(str, numbers[label]))
                reference.parent.replace(reference, exercise_latex_number_reference("", nodes.Text(title), refid=label))


class LatinIndex(SphinxPostTransform):
    """Leaves the Chinese terms to the glossary: makeindex sorts by bytes, and would head them with half a letter."""

    default_priority = 400
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for index in self.document.findall(addnodes.index):
            index["entries"] = [entry for entry in index["entries"] if entry[1][:1].isascii()]


def setup(app: Sphinx) -> None:
    app.add_post_transform(ExerciseReferences)
    app.add_post_transform(LatinIndex)
