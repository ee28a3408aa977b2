# Which class a name means to a loader: those it defined and those it is recorded to have found
# (JVMS §5.3: an initiating loader); and the list of all classes.
#
# Invariant: an entry, once there, never changes.  Changes and searches run with events masked.
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Symbol

cdef extern void dictionary_forget() noexcept nogil             # loader_forget
cdef extern Class* dictionary_find(LoaderData* data, Symbol* name) noexcept nogil
# Adds the class under its name unless another is there.  Returns the class that is there now; NULL: no memory.
cdef extern Class* dictionary_add(LoaderData* data, Class* klass) noexcept nogil
# Links the class into its owner's list (loader_for_each_class), without a name to find it by.
cdef extern void dictionary_link(Class* klass) noexcept nogil
# Makes `array` the array class of `element` unless there is one; returns the one that is there now.
cdef extern Class* dictionary_add_array(Class* element, Class* array) noexcept nogil

# The record goes, with its entries and classes.
cdef extern void dictionary_drop(LoaderData* data) noexcept nogil

# A class being loaded: lies on the loading thread's stack while its superclasses are looked for.
cdef struct Loading:
    LoaderData* data
    Symbol* name
    JavaThread* thread
    Loading* next

# Notes that `t` loads the class.  0: go on; 1: another thread did it meanwhile (look again); -1: thrown,
# ClassCircularityError.  With `wait`, waits for another thread that is loading the same class.
cdef extern int loading_begin(JavaThread* t, Loading* loading, LoaderData* data, Symbol* name, int wait) noexcept nogil
cdef extern void loading_end(Loading* loading) noexcept nogil
