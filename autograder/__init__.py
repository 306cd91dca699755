"""The instructor's tool: repair a submission, run it in a sandbox, probe its functions, judge, record, report."""
