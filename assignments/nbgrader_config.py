"""An ordinary nbgrader course: folders and names are nbgrader's defaults, so its own tools and tutorials apply.

Run ``nbgrader`` from this folder. ``python -m autograder``, from the repository's root, works on the same folders and
the same ``gradebook.db``.
"""

from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader puts it here)

c.CourseDirectory.course_id = "optimizers-step-by-step"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# `nbgrader autograde` and formgrader's button grade as `python -m autograder grade` does: in the sandbox, judged
# outside. Without this line learners' code runs beside the tests, unconfined, and decides its own marks.
c.Autograde.exporter_class = "autograder.nbgrader_export.GradingExporter"

# `nbgrader generate_feedback` and formgrader's button make the pages that `python -m autograder grade` makes.
c.GenerateFeedback.exporter_class = "autograder.nbgrader_export.FeedbackExporter"
