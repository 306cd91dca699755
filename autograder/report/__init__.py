"""The class report: how the class did, what it misunderstood, who needs help and what waits for a person."""

from autograder.report.build import class_report as class_report
from autograder.report.content import Report as Report
from autograder.report.page import report_class as report_class
from autograder.report.page import write_report as write_report
