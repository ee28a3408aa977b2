# Signals as jdk.internal.misc.Signal knows them: which numbers Java code handles.
from jvm.loader.classes cimport JavaThread

cdef enum Signal:
    SIGNAL_HUP = 1
    SIGNAL_INT = 2
    SIGNAL_TERM = 15

# 1 if Java code has a handler for the signal.  Any thread state.
cdef extern int signal_is_handled(int number) noexcept nogil
# Run Signal.dispatch(number), which starts a thread that runs the handler; t.exception as from java_call.
cdef extern int signal_dispatch(JavaThread* t, int number) noexcept nogil
