"""Tests of the build: what the image check refuses, incremental builds, installing."""
