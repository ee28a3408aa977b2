"""Monitors: they map an image, give it devices and run it."""
