"""Damaged class files and jars, in numbers: the guest always has a Java answer (see campaign.py)."""
