# The report on all threads that the host JVM prints on SIGQUIT: threads with their frames and monitors,
# deadlocks, the heap in short.
#
# Interface: in STATE_JAVA; stops the other threads while it collects, and writes to standard output
# when they run again.
from jvm.loader.classes cimport JavaThread

cdef extern void thread_dump(JavaThread* t) noexcept nogil
