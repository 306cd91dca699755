"""Which submissions are more alike than chance makes them: groups for a person to look at, never a verdict."""
