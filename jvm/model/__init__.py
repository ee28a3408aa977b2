"""Host-side model of what a JVM reads: class files, jars, jimages, opcodes, an assembler."""
