"""The interpreter: guest sources, and the generator of its loop (generate.py)."""
