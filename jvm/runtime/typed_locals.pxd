# Which locals of a frame are references, by the types that the verifier knows (JVMS §4.10.1).
#
# A local that is out of scope still holds what was last in it; the collector should not meet that: in
# `while (true) { Task task = queue.take(); task.run(); }` the last task would be kept until the next comes.
# What is assigned stays, used again or not, as in the host JVM's interpreter.
from kernel.types cimport u64
from jvm.loader.classes cimport Frame

cdef enum:
    TYPED_LOCALS = 64                    # local variables of such an index and more are always scanned

# A bit for each local that may hold a reference; all ones where nothing is known.  The frame is at a call: its pc
# is stored.  In a collection only.
cdef extern u64 typed_locals(Frame* frame) noexcept nogil
cdef extern void typed_locals_begin() noexcept nogil     # a collection begins: methods may have gone since the last
