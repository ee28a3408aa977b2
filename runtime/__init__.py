"""Host side: command line, build, monitors, devices, benchmarks."""
