"""Where learners' code runs: a warm interpreter that forks a confined child for every submission."""
