# Where the upper layer hands itself to the kernel: which application the configuration asks for.
#
#   application=java              the virtual machine (jvm/runtime/vm.pyx); the default
#   application=program           a C program (cabi/process/start.pyx)
#   application=selftest          kernel/boot/selftest.pyx, selftest=<name>
from kernel.boot.config cimport config_get
from kernel.boot.selftest cimport selftest_run
from kernel.diagnostics.format cimport kprint
from kernel.diagnostics.panic cimport EXIT_BOOT
from kernel.memory.string cimport strcmp
from jvm.runtime.vm cimport jvm_main
from cabi.process.start cimport program_main


cdef public int application_main() noexcept nogil:
    cdef const char* application = config_get(b"application", 0)
    if application == NULL or strcmp(application, b"java") == 0:
        return jvm_main()
    if strcmp(application, b"program") == 0:
        return program_main()
    if strcmp(application, b"selftest") == 0:
        return selftest_run(config_get(b"selftest", 0))
    kprint(b"demitasse: no such application: %s\n", application)
    return EXIT_BOOT
