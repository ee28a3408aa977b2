"""Tests of the command line, of launching, and of what bad input gets."""
