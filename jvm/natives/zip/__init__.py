"""Compression: java.util.zip."""
