"""The JVM: host tools in `model`, guest sources beside it."""
