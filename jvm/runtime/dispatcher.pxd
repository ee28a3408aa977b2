# The signal dispatcher: the Java thread that answers Ctrl-C, Ctrl-\ and the wish to end the guest, as the
# host JVM's "Signal Dispatcher" does: INT and TERM go to their Java handlers (at first those of
# java.lang.Terminator, which run the shutdown hooks), QUIT prints the thread report.
#
# Interface: once, after System.initPhase1.  -1: the thread could not be made; signals then end the guest.
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread

cdef extern int dispatcher_start(JavaThread* t, Object* system_group) noexcept nogil
