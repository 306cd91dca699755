"""Downloads from other systems into ``submitted/``."""
