"""What "right" means: for every function that a learner writes, when it is right, and which mistake it shows if not."""

from course_lib.checks.judge import draw_cases as draw_cases
from course_lib.checks.judge import judge as judge
from course_lib.checks.judge import spec_for as spec_for
from course_lib.checks.mistakes_table import mistakes_table as mistakes_table
from course_lib.checks.notebook import CheckFailed as CheckFailed
from course_lib.checks.notebook import check as check
from course_lib.checks.report import CheckReport as CheckReport
from course_lib.checks.verdicts import Verdict as Verdict
