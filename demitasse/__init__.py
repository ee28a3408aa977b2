"""Demitasse: one application, one small image, its own JVM."""

__version__ = "0.1.0"
