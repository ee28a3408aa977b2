"""Tests of `demitasse bench`, and its wrappers for pytest-benchmark."""
