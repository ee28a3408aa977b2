"""What the tests of the model share: a seeded sample of the class library, and a small class."""

from __future__ import annotations

import functools
import random

from demitasse.jvm.model.assembler import assemble
from demitasse.jvm.model.jimage import JImage, Location

SAMPLE_SEED = 25

SMALL = """
.class public super Small
.source "Small.java"
.field static final X J = 5L
.method public static main ([Ljava/lang/String;)V
    .throws java/io/IOException
start:
    .line 3
    iconst_0
    istore_1
again:
    .frame append int
    iinc 1 1
    iload_1
    lookupswitch { 1: again, default: out }
out:
    .frame same
    getstatic java/lang/System.out Ljava/io/PrintStream;
    ldc "Hello"
    invokevirtual java/io/PrintStream.println (Ljava/lang/String;)V
end:
    return
caught:
    .frame stack class java/lang/Throwable
    athrow
    .catch any from start to end using caught
.end method
"""


@functools.cache
def small_class() -> bytes:
    """The class file of SMALL."""
    return assemble(SMALL)[0].data


@functools.cache
def sample(count: int) -> list[tuple[Location, bytes]]:
    """Classes of the class library, always the same ones."""
    with JImage() as image:
        locations = list(image.classes())
        chosen = random.Random(SAMPLE_SEED).sample(locations, count)
        return [(location, bytes(image.read(location))) for location in chosen]
