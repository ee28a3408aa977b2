# From a file to a running program.
from kernel.types cimport u64
from kernel.diagnostics.format cimport Text
from cabi.process.program cimport Process, ProgramThread

# Loads the ELF file at process.path into the process and lays out its first stack: 0 and the stack pointer, or a negative
# errno with one line of text.  `arguments` and `environment` end with NULL.
cdef extern int program_load(Process* process, const char** arguments, const char** environment, u64* sp, Text* why) noexcept nogil
# The program that the configuration names; returns only if it cannot be started: the exit code.
cdef extern int program_main() noexcept nogil
# Descriptors and working directory of a process that has ended.
cdef extern void program_close(Process* process) noexcept nogil
