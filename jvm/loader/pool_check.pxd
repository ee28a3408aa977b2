# Cross-checks of a constant pool (JVMS §4.4, §4.8): every index names an entry of the right kind, names
# and descriptors are well-formed.  After it, linking follows indices without asking again.
from jvm.loader.classes cimport JavaThread, Symbol
from jvm.loader.parser cimport ParsedClass

cdef extern int pool_check(JavaThread* t, ParsedClass* parsed, Symbol* label) noexcept nogil     # 0, or -1 thrown
