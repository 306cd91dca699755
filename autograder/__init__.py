"""The instructor's tool: repair a submission, run it in a sandbox, probe its functions, judge, record, report."""

import sys

# jsonschema, which nbformat imports, loads this for one format that no notebook uses; that takes more than a second in
# every process. It does without where the package is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
