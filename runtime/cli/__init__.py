"""The command `demitasse`: its command tree, and java's own way of reading options for `run`."""
