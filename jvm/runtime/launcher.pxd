# The launcher's complaints about a program that cannot start, in the words of the `java` command.
#
# sun.launcher.LauncherHelper says the same, but through a resource bundle whose code needs
# invokedynamic; so what it would complain about is looked at here first, and it then finds nothing.
from jvm.loader.classes cimport JavaThread

# Can the class of this name (with dots) be loaded by the system class loader, and has it a main
# method?  0, or -1 after the complaint was written to standard error; nothing is pending then.
cdef extern int launcher_check(JavaThread* t, const char* name) noexcept nogil
