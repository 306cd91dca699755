"""What runs inside the sandbox, beside the learner's code; it may import the standard library and what is staged."""
