"""The corpus on Demitasse: byte for byte what the host JVM prints."""
