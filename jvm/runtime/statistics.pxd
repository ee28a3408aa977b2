# Figures of a run, for `--stats`: what the machine did, told to whoever runs it when it ends.
#
# The figures are lines of text in guest memory, named by GuestMarks.figures_address: a name, a space, a
# number.  The hottest methods are lines "method SAMPLES NAME"; runtime/figures.py reads it all.
#
# Sampling: while figures are wanted, a timer asks every SAMPLE_PERIOD which method runs.  A thread answers
# at its next safepoint poll (a call, a return, a backward jump), so that a sample may fall a few
# instructions late; one in a native method that does not poll until the next tick counts for that method.
#
# Interface: everything here costs a load and a branch at most when no figures are wanted.
from kernel.types cimport u32, u64
from jvm.loader.classes cimport JavaThread, LoaderData

# Nonzero: the interpreter counts in JavaThread.bytecodes.  Set once, before any Java code runs.
cdef extern u32 bytecodes_counted

cdef extern void statistics_init() noexcept nogil                                   # reads the configuration
cdef extern void statistics_sample(JavaThread* t) noexcept nogil                    # t runs, and polls
cdef extern void statistics_thread_ends(JavaThread* t) noexcept nogil               # masked
cdef extern bint statistics_wanted() noexcept nogil
# Classes that do not stay (jvm/loader/unloading.pxd): their methods' calls so far count, and nothing more.
cdef extern void statistics_purge(LoaderData* dead) noexcept nogil                  # linked through `gray`
# The heap's used bytes on both sides of a collection.
cdef extern void statistics_collection(u64 before, u64 after) noexcept nogil
cdef extern void statistics_publish() noexcept nogil                                # the end: nothing is counted after it
