# What the kvm home uses of <linux/kvm.h> and of the C library's threads, as kvm.pyx includes it.
#
# C only where Cython has no word: macros of the header, structures that end in an array without a length, atomics,
# sigsetjmp (which must stay in the frame that it returns to), and the device thread's lock.
cdef extern from *:
    """
    #include <linux/kvm.h>
    #include <pthread.h>
    #include <setjmp.h>
    #include <sys/eventfd.h>
    #include <sys/ioctl.h>

    /* Events wait here for the vCPU's thread; the device thread adds its own. */
    #define pending_load(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
    #define pending_set(p, bits) __atomic_fetch_or((p), (bits), __ATOMIC_ACQ_REL)
    #define pending_clear(p, bits) __atomic_fetch_and((p), ~(bits), __ATOMIC_ACQ_REL)

    static pthread_t device_thread;
    static pthread_mutex_t devices_lock;
    static sigjmp_buf device_escape_to;
    /* Runs `loop`; nonzero if device_escape ended it. */
    static int device_guarded(void (*loop)(void)) {
        if (sigsetjmp(device_escape_to, 1)) return 1;
        loop();
        return 0;
    }
    static void device_escape(void) { siglongjmp(device_escape_to, 1); }
    /* Starts the device thread with `mask` blocked; 0 or an errno. */
    static int thread_start(void *(*work)(void *), const sigset_t *mask) {
        sigset_t before;
        pthread_sigmask(SIG_SETMASK, mask, &before);
        int error = pthread_create(&device_thread, NULL, work, NULL);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return error;
    }
    static void thread_join(void) { pthread_join(device_thread, NULL); }
    static void lock_init(void) { pthread_mutex_init(&devices_lock, NULL); }
    static int lock_try(void) { return pthread_mutex_trylock(&devices_lock) == 0; }
    static void lock_take(void) { pthread_mutex_lock(&devices_lock); }
    static void lock_give(void) { pthread_mutex_unlock(&devices_lock); }

    static sigjmp_buf kvm_escape_to;
    /* Runs `loop`; returns what it returns, or what kvm_escape was called with. */
    static int kvm_guarded(int (*loop)(void)) {
        int code = sigsetjmp(kvm_escape_to, 1);
        return code ? code - 2 : loop();
    }
    static void kvm_escape(int code) { siglongjmp(kvm_escape_to, code + 2); }

    /* KVM_SET_SIGNAL_MASK takes the kernel's signal set: 8 bytes. */
    static int kvm_set_signal_mask(int vcpu, const sigset_t *set) {
        struct { struct kvm_signal_mask head; unsigned char bits[8]; } arg;
        arg.head.len = 8;
        __builtin_memcpy(arg.head.sigset, set, 8);
        return ioctl(vcpu, KVM_SET_SIGNAL_MASK, &arg);
    }
    static int kvm_set_cpuid(int kvm, int vcpu) {
        struct { struct kvm_cpuid2 head; struct kvm_cpuid_entry2 entries[128]; } all;
        __builtin_memset(&all, 0, sizeof all);
        all.head.nent = 128;
        if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &all) < 0) return -1;
        return ioctl(vcpu, KVM_SET_CPUID2, &all);
    }
    static int kvm_has_fsgsbase(int kvm) {
        struct { struct kvm_cpuid2 head; struct kvm_cpuid_entry2 entries[128]; } all;
        __builtin_memset(&all, 0, sizeof all);
        all.head.nent = 128;
        if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &all) < 0) return 0;
        for (unsigned i = 0; i < all.head.nent; i++)
            if (all.head.entries[i].function == 7 && all.head.entries[i].index == 0) return all.head.entries[i].ebx & 1;
        return 0;
    }
    """
    int kvm_guarded(int (*loop)() noexcept nogil) noexcept nogil
    void kvm_escape(int code) noexcept nogil
    int kvm_set_signal_mask(int vcpu, const sigset_t* set) noexcept nogil
    int kvm_set_cpuid(int kvm, int vcpu) noexcept nogil
    int kvm_has_fsgsbase(int kvm) noexcept nogil
    int ioctl(int fd, unsigned long request, ...) noexcept nogil
    u64 pending_load(const u64* pending) noexcept nogil
    void pending_set(u64* pending, u64 bits) noexcept nogil
    void pending_clear(u64* pending, u64 bits) noexcept nogil
    int device_guarded(void (*loop)() noexcept nogil) noexcept nogil
    void device_escape() noexcept nogil
    int thread_start(void* (*work)(void*) noexcept nogil, const sigset_t* mask) noexcept nogil
    void thread_join() noexcept nogil
    void lock_init() noexcept nogil
    bint lock_try() noexcept nogil
    void lock_take() noexcept nogil
    void lock_give() noexcept nogil
    int eventfd(unsigned int value, int flags) noexcept nogil
    int EFD_CLOEXEC, EFD_NONBLOCK

    struct kvm_ioeventfd:
        unsigned long long datamatch
        unsigned long long addr
        unsigned int len
        int fd
        unsigned int flags
    unsigned long KVM_IOEVENTFD
    unsigned int KVM_IOEVENTFD_FLAG_DATAMATCH

    struct kvm_userspace_memory_region:
        unsigned int slot
        unsigned int flags
        unsigned long long guest_phys_addr
        unsigned long long memory_size
        unsigned long long userspace_addr
    struct kvm_segment:
        unsigned long long base
        unsigned int limit
        unsigned short selector
        unsigned char type
        unsigned char present, dpl, db, s, l, g, avl, unusable
    struct kvm_dtable:
        unsigned long long base
        unsigned short limit
    struct kvm_sregs:
        kvm_segment cs, ds, es, fs, gs, ss, tr, ldt
        kvm_dtable gdt, idt
        unsigned long long cr0, cr2, cr3, cr4, cr8, efer
    struct kvm_regs:
        unsigned long long rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags
    struct kvm_fpu:
        unsigned short fcw
        unsigned int mxcsr
    struct kvm_interrupt:
        unsigned int irq
    struct mmio_t:
        unsigned long long phys_addr
        unsigned char data[8]
        unsigned int len
        unsigned char is_write
    struct internal_t:
        unsigned int suberror
    struct fail_t:
        unsigned long long hardware_entry_failure_reason
    struct kvm_run:
        unsigned char request_interrupt_window
        unsigned int exit_reason
        unsigned char ready_for_interrupt_injection
        unsigned char if_flag
        mmio_t mmio
        internal_t internal
        fail_t fail_entry
    unsigned long KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_CREATE_VCPU, KVM_GET_VCPU_MMAP_SIZE
    unsigned long KVM_SET_USER_MEMORY_REGION, KVM_SET_SREGS, KVM_GET_SREGS, KVM_SET_REGS, KVM_GET_REGS
    unsigned long KVM_SET_FPU, KVM_GET_FPU, KVM_RUN, KVM_INTERRUPT, KVM_GET_TSC_KHZ, KVM_CHECK_EXTENSION
    unsigned int KVM_MEM_READONLY
    int KVM_CAP_READONLY_MEM
    int KVM_EXIT_MMIO, KVM_EXIT_SHUTDOWN, KVM_EXIT_IRQ_WINDOW_OPEN, KVM_EXIT_INTR, KVM_EXIT_INTERNAL_ERROR
    int KVM_EXIT_FAIL_ENTRY, KVM_EXIT_HLT, KVM_EXIT_IO
