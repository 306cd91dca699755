"""Marks from the gradebook into other systems' files."""
