# What the machine says of itself.

# The value of a java.vm.… property that is fixed, NULL if there is none of that name.
cdef extern const char* vm_property(const char* name) noexcept nogil
