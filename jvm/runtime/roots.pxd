# The JVM as the heap's client: its roots, mirrors, weak tables, and the heap's memory.
#
# Interface: roots_init before heap_init(config, roots_client()).  Each part of the VM that holds
# objects in memory of its own registers a function that calls heap_mark_root for each of them; a
# table whose entries die with their objects registers a sweep that uses heap_is_marked.  Both run
# while every other Java thread is stopped and must not allocate.
from jvm.heap.heap cimport HeapClient
from jvm.heap.object cimport Object

cdef extern void roots_init() noexcept nogil
cdef extern HeapClient* roots_client() noexcept nogil
cdef extern void roots_register(void (*visit)() noexcept nogil) noexcept nogil
cdef extern void roots_register_sweep(void (*sweep)() noexcept nogil) noexcept nogil
# A variable of its own that holds an object for ever (or NULL).
cdef extern void roots_register_variable(Object** variable) noexcept nogil
