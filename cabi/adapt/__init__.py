"""`demitasse adapt`: what in a C program will not work in a guest, where, why, and what to write instead."""
