# In-image tests, run by configuration application=selftest, selftest=<name>.
cdef extern int selftest_run(const char* name) noexcept nogil           # exit code: 0 passed, 1 failed, 2 no such test
