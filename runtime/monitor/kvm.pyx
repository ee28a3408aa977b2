"""The kvm home: a virtual machine of our own on /dev/kvm, with one processor.

The guest starts in long mode at the image's entry, in ring 3 unless asked otherwise, with page tables,
GDT and TSS made here (kernel/platform/control.pxd).  It reaches the monitor by one page of registers
that has no memory behind it; each access is an exit, served in the vCPU's thread.  Only the doorbells of
virtio queues are not: each is an eventfd (KVM_IOEVENTFD), and a second thread works through the queues
and waits for the host's descriptors, so a slow reader never stops the processor.  Folders are served in
the vCPU's thread: their requests are short, and one exit costs less than waking two threads.

The interrupt controller is this monitor: an event becomes an interrupt with its EventVector by
KVM_INTERRUPT when the guest can take it.  Timers, keys and the device thread's news are signals, blocked
except in KVM_RUN and ppoll, which they end; so nothing is interrupted here but those two, and no event
is lost.

Locks: `devices_lock` around every use of a device model; the device thread holds it for no longer than a
queue takes, and never while it waits.

Invariant: every address, length and register number from the guest is checked; whatever the guest does
ends as an exit code or a crash report.  Descriptors, signal dispositions and mappings are put back.
"""
include "signals.pxi"
include "bootdata.pxi"
include "kvm_abi.pxi"

import os

from cpython.buffer cimport PyBUF_WRITE
from cpython.memoryview cimport PyMemoryView_FromMemory
from libc.stddef cimport size_t
from kernel.platform.control cimport *
from kernel.platform.paging cimport (PAGE_ACCESSED, PAGE_DIRTY, PAGE_LARGE, PAGE_PRESENT, PAGE_USER, PAGE_WRITABLE)
from runtime.devices.device cimport DEVICE_QUEUES_MAX
from runtime.devices.memory cimport memory_at

cdef enum:
    LARGE_PAGE = 2 << 20
    BELLS = DEVICES * DEVICE_QUEUES_MAX
    # Control registers' bits (Intel SDM volume 3, section 2.5).
    CR0_BITS = 0x80010033                # PG WP NE ET MP PE
    CR4_BITS = 0x620                     # OSXMMEXCPT OSFXSR PAE
    CR4_FSGSBASE = 0x10000
    EFER_BITS = 0xd00                    # NXE LMA LME
    RUNNING = -1                         # the guest goes on
    FAULTED = -1                         # of kvm_guarded: the monitor faulted

cdef struct Machine:
    int kvm, vm, vcpu
    kvm_run* state
    size_t state_size
    u8* ram                              # guest-physical 0
    u64 ram_size
    u64 ram_start                        # first guest-physical byte that the guest may release
    u8* stacks                           # the range for stacks
    u32 next_slot                        # of KVM's table of memory
    u64 stacks_high                      # behind its last part that is memory, from its start
    bint stacks_done                     # the last part asked for is memory
    u64 tables                           # next free page for page tables
    long tid
    bint inside
    bint handled                         # the guest has an event handler
    bint injected                        # an event was delivered since the last wait returned
    bint in_device                       # the vCPU's thread waits for a device or descriptor, with signals open
    int bells[BELLS]                     # eventfds of the queues' doorbells, queue by queue; -1: none
    int stop_bell                        # ends the device thread
    bint device_started
    long device_tid                      # the device thread, while it runs
    bint device_failed                   # it faulted
    u64 pending                          # events by vector number
    u64 print_address, release_address
    int exit_code
    u64 entry_memory                     # private memory of the process before the guest had any
    u64 peak
    int print_fd
    int detail_reason
    u64 detail_value
    void* timer
    sigset_t open_mask, closed_mask, our_signals
    sigaction_t old[8]
    int caught[8]
    int caught_count
    Patience patience
    CrashRecord crash
    Devices devices

cdef Machine m
cdef bint busy = False

#: For runtime/monitor/measure.py: where GuestMarks lie behind BootInfo.
BOOT_INFO_SIZE = sizeof(BootInfo)


# --- signals --------------------------------------------------------------------------------------

cdef void take_signal(int sig) noexcept nogil:
    """Turns a signal that has arrived into a pending event, or into the end of the guest."""
    cdef int code
    if sig == signal_timer():
        pending_set(&m.pending, <u64>1 << EVENT_TIMER)
    elif sig == signal_device():         # the device thread has set its bit itself
        if m.device_failed and m.in_device:
            kvm_escape(FAULTED)          # out of waiting for the lock that it kept
    else:
        code = forced_exit(&m.patience, sig, m.handled)
        if code:
            m.exit_code = code
            if m.in_device:
                kvm_escape(code)         # out of a write that nobody reads
        pending_set(&m.pending, <u64>1 << event_of(sig))


cdef void on_signal(int sig, siginfo_t* info, void* uc) noexcept nogil:
    if not m.inside:
        return
    if host_tid() == m.device_tid:
        return                           # it was to leave a write that blocks
    if host_tid() != m.tid:
        host_signal(m.tid, sig)
    else:
        take_signal(sig)


cdef void on_fault(int sig, siginfo_t* info, void* uc) noexcept nogil:
    cdef int i
    if m.inside and host_tid() == m.tid and m.crash.kind == CRASH_NONE:
        m.crash.kind = CRASH_IN_MONITOR
        kvm_escape(FAULTED)
    if m.inside and host_tid() == m.device_tid:
        device_escape()
    for i in range(m.caught_count):
        if m.caught[i] == sig:
            sigaction(sig, &m.old[i], NULL)


cdef void drain_signals() noexcept nogil:
    """Takes what made KVM_RUN return: it is pending still, since the thread blocks it."""
    cdef timespec none
    cdef siginfo_t info
    cdef int sig
    none.tv_sec = 0
    none.tv_nsec = 0
    while True:
        sig = sigtimedwait(&m.our_signals, &info, &none)
        if sig <= 0:
            return
        take_signal(sig)


cdef void raise_device(void* context) noexcept nogil:
    pending_set(&m.pending, <u64>1 << EVENT_DEVICE)
    if host_tid() == m.device_tid:
        host_signal(m.tid, signal_device())


cdef void enter_device() noexcept nogil:
    """Signals get through while a device may block; a second Ctrl-C leaves the device (take_signal)."""
    m.in_device = True
    pthread_sigmask(SIG_SETMASK, &m.open_mask, NULL)

cdef void leave_device() noexcept nogil:
    pthread_sigmask(SIG_SETMASK, &m.closed_mask, NULL)
    m.in_device = False


cdef void enter_models() noexcept nogil:
    """Takes devices_lock, which the device thread may hold for long only when the host does not take its output."""
    if not lock_try():
        enter_device()
        lock_take()
        leave_device()


# --- the device thread ------------------------------------------------------------------------------

cdef inline u32 bell_of(u32 device, u32 queue) noexcept nogil:
    return device * DEVICE_QUEUES_MAX + queue


cdef void answer_bells() noexcept nogil:
    """Until the stop bell: notified queues, and descriptors that are ready."""
    cdef pollfd polls[1 + BELLS + DEVICE_POLLS]
    cdef u64 count
    cdef u32 i
    polls[0].fd = m.stop_bell
    polls[0].events = POLLIN
    for i in range(BELLS):
        polls[1 + i].fd = m.bells[i]
        polls[1 + i].events = POLLIN
    while True:
        lock_take()
        devices_poll(&m.devices, &polls[1 + BELLS])
        lock_give()
        if ppoll(polls, 1 + BELLS + DEVICE_POLLS, NULL, NULL) < 0:
            continue
        if polls[0].revents:
            return
        lock_take()
        for i in range(BELLS):
            if polls[1 + i].revents and os_read(m.bells[i], &count, sizeof(count)) == sizeof(count):
                device_notify(m.devices.at[i // DEVICE_QUEUES_MAX], i % DEVICE_QUEUES_MAX)
        devices_serve(&m.devices)
        lock_give()


cdef void* device_work(void* argument) noexcept nogil:
    m.device_tid = host_tid()
    if device_guarded(answer_bells):
        # The lock stays taken: nobody may use a device that faulted.
        m.device_failed = True
        host_signal(m.tid, signal_device())
    return NULL


cdef int hang_bells() except -1:
    """An eventfd for each doorbell; where KVM has none, doorbells are exits and the thread waits for descriptors only."""
    cdef kvm_ioeventfd bell
    cdef u32 device, queue
    cdef int fd
    for device in range(DEVICES):
        for queue in range(m.devices.at[device].queue_count):
            fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
            if fd < 0:
                raise MachineError(f"cannot create an eventfd: {os.strerror(errno)}")
            memset(&bell, 0, sizeof(bell))
            bell.datamatch = queue
            bell.addr = CONTROL_PHYSICAL + CONTROL_DEVICES + device * CONTROL_DEVICE_SIZE + REG_QUEUE_NOTIFY
            bell.len = 4
            bell.fd = fd
            bell.flags = KVM_IOEVENTFD_FLAG_DATAMATCH
            if ioctl(m.vm, KVM_IOEVENTFD, &bell) < 0:
                os_close(fd)
            else:
                m.bells[bell_of(device, queue)] = fd
    m.stop_bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
    if m.stop_bell < 0:
        raise MachineError(f"cannot create an eventfd: {os.strerror(errno)}")
    return 0


cdef void stop_devices() noexcept:
    """Ends the device thread, out of a write to a reader who does not read as well."""
    cdef u64 one = 1
    cdef timespec soon
    soon.tv_sec = 0
    soon.tv_nsec = 1000
    if m.device_started:
        while not m.device_tid:
            ppoll(NULL, 0, &soon, NULL)
        m.devices.console.output_gone = True
        m.devices.errors.output_gone = True
        write(m.stop_bell, &one, sizeof(one))
        host_signal(m.device_tid, signal_device())
        with nogil:
            thread_join()
        m.device_tid = 0
        m.device_started = False
    for i in range(BELLS):
        if m.bells[i] >= 0:
            os_close(m.bells[i])
            m.bells[i] = -1
    if m.stop_bell >= 0:
        os_close(m.stop_bell)
        m.stop_bell = -1


# --- what the guest asks for (control.pxd) ----------------------------------------------------------

cdef void wait_for_event(u64 deadline) noexcept nogil:
    cdef timespec rest
    cdef u64 time
    while not pending_load(&m.pending) and not m.injected and m.exit_code == RUNNING and not m.device_failed:
        if deadline:
            time = now(CLOCK_MONOTONIC)
            if time >= deadline:
                break
            rest.tv_sec = (deadline - time) // NANOSECONDS
            rest.tv_nsec = (deadline - time) % NANOSECONDS
        if ppoll(NULL, 0, &rest if deadline else NULL, &m.open_mask) == 0:
            break
    # What is pending now is injected before the guest goes on, so it counts as delivered before the wait.
    m.injected = False


cdef void print_text(u64 address, u64 length) noexcept nogil:
    cdef u8* text = memory_at(&m.devices.memory, address, length, False)
    cdef long done
    while text != NULL and length:
        done = write(m.print_fd, text, length)
        if done < 0:
            if errno == EINTR:
                continue
            return
        text += done
        length -= <u64>done


cdef void release(u64 address, u64 length) noexcept nogil:
    cdef u64 current
    cdef u8* at = m.ram + address
    if (address | length) & (PAGE_SIZE - 1) or length == 0:
        return
    if STACKS_PHYSICAL <= address < STACKS_PHYSICAL + STACKS_SIZE and length <= STACKS_PHYSICAL + STACKS_SIZE - address:
        at = m.stacks + (address - STACKS_PHYSICAL)
    elif address < m.ram_start or address > m.ram_size or length > m.ram_size - address:
        return
    current = private_memory()
    if current > m.entry_memory:
        m.peak = max(m.peak, current - m.entry_memory)
    madvise(at, length, MADV_DONTNEED)


cdef bint read_guest(u64 address, void* to, u64 length) noexcept nogil:
    """Copies from a guest-virtual address of the window."""
    cdef u8* at = memory_at(&m.devices.memory, address - WINDOW_BASE, length, False)
    if at == NULL:
        return False
    memcpy(to, at, length)
    return True


cdef void record_calls(EventFrame* frame) noexcept nogil:
    cdef u64 pair[2]
    cdef u64 rbp = frame.rbp
    cdef CrashRecord* c = &m.crash
    if c.depth < BACKTRACE_MAX:
        c.backtrace[c.depth] = frame.rip
        c.depth += 1
    if c.depth < BACKTRACE_MAX and frame.rip < WINDOW_BASE and read_guest(frame.rsp, pair, 8):
        c.backtrace[c.depth] = pair[0]
        c.depth += 1
    while c.depth < BACKTRACE_MAX and read_guest(rbp, pair, 16) and pair[1] > WINDOW_BASE:
        c.backtrace[c.depth] = pair[1]
        c.depth += 1
        if pair[0] <= rbp:
            break
        rbp = pair[0]


cdef void record_registers(int kind) noexcept nogil:
    """The processor's own registers, when there is no frame."""
    cdef kvm_regs r
    cdef kvm_sregs s
    cdef EventFrame* f = &m.crash.frame
    m.crash.kind = kind
    m.crash.depth = 0
    memset(f, 0, sizeof(EventFrame))
    if ioctl(m.vcpu, KVM_GET_REGS, &r) < 0 or ioctl(m.vcpu, KVM_GET_SREGS, &s) < 0:
        return
    f.rax, f.rbx, f.rcx, f.rdx, f.rsi, f.rdi, f.rbp, f.rsp = r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp
    f.r8, f.r9, f.r10, f.r11, f.r12, f.r13, f.r14, f.r15 = r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15
    f.rip, f.rflags, f.address, f.cs, f.ss = r.rip, r.rflags, s.cr2, s.cs.selector, s.ss.selector
    record_calls(f)


cdef void record_fatal(u64 address) noexcept nogil:
    cdef FatalReport report
    cdef EventFrame interrupted
    if (not read_guest(WINDOW_BASE + address, &report, sizeof(report))
            or not read_guest(<u64>report.frame, &m.crash.frame, sizeof(EventFrame))
            or report.kind not in (FATAL_NO_HANDLER, FATAL_IN_HANDLER)):
        record_registers(CRASH_PROTOCOL)
        return
    m.crash.kind = <int>report.kind
    record_calls(&m.crash.frame)
    if report.kind == FATAL_IN_HANDLER and read_guest(<u64>report.interrupted, &interrupted, sizeof(EventFrame)):
        record_calls(&interrupted)


cdef bint add_stacks(u64 part) noexcept nogil:
    """Memory for a part of the range for stacks: KVM's tables for all of it would cost every guest some time."""
    cdef kvm_userspace_memory_region region
    if part >= STACKS_SIZE // STACKS_PART:
        return False
    region.slot = m.next_slot
    region.flags = 0
    region.guest_phys_addr = STACKS_PHYSICAL + part * STACKS_PART
    region.memory_size = STACKS_PART
    region.userspace_addr = <u64>m.stacks + part * STACKS_PART
    if ioctl(m.vm, KVM_SET_USER_MEMORY_REGION, &region) < 0:
        return False
    m.next_slot += 1
    m.stacks_high = max(m.stacks_high, (part + 1) * STACKS_PART)
    return True


cdef void write_control(u64 offset, u64 value) noexcept nogil:
    cdef kvm_sregs sregs
    if offset == CONTROL_EXIT:
        m.exit_code = <int>(value & 0xff)
    elif offset == CONTROL_PRINT_ADDRESS:
        m.print_address = value
    elif offset == CONTROL_PRINT:
        enter_device()
        print_text(m.print_address, value)
        leave_device()
    elif offset == CONTROL_WAIT:
        wait_for_event(value)
    elif offset == CONTROL_TIMER:
        set_timer(m.timer, value, 0, TIMER_ABSTIME)
    elif offset == CONTROL_RELEASE_ADDRESS:
        m.release_address = value
    elif offset == CONTROL_RELEASE:
        release(m.release_address, value)
    elif offset == CONTROL_FATAL:
        record_fatal(value)
        m.exit_code = CRASHED
    elif offset == CONTROL_GS_BASE:
        if ioctl(m.vcpu, KVM_GET_SREGS, &sregs) == 0:
            sregs.gs.base = value
            ioctl(m.vcpu, KVM_SET_SREGS, &sregs)
    elif offset == CONTROL_HANDLER:
        m.handled = value != 0
    elif offset == CONTROL_STACKS:
        m.stacks_done = add_stacks(value)


cdef u64 read_control(u64 offset) noexcept nogil:
    if offset == CONTROL_CLOCK:
        return now(CLOCK_MONOTONIC)
    elif offset == CONTROL_WALL:
        return now(CLOCK_REALTIME)
    elif offset == CONTROL_STACKS:
        return m.stacks_done
    return 0


cdef bint serve_mmio() noexcept nogil:
    """Serves one access; False if there is nothing at its address."""
    cdef u64 offset = m.state.mmio.phys_addr - CONTROL_PHYSICAL, value = 0, device
    cdef size_t length = min(m.state.mmio.len, 8u)
    memcpy(&value, m.state.mmio.data, length)
    if m.state.mmio.phys_addr < CONTROL_PHYSICAL or offset >= CONTROL_DEVICES + m.devices.count * CONTROL_DEVICE_SIZE:
        return False
    if offset < CONTROL_DEVICES:
        if m.state.mmio.is_write:
            write_control(offset, value)
        else:
            value = read_control(offset)
    else:
        device = (offset - CONTROL_DEVICES) // CONTROL_DEVICE_SIZE
        offset = (offset - CONTROL_DEVICES) % CONTROL_DEVICE_SIZE
        if m.state.mmio.is_write:
            if m.state.mmio.len != 4:  # §4.2.2.2: registers are written whole
                pass
            elif device >= DEVICES:      # folders: this thread's alone, and served in it
                enter_device()
                device_write(m.devices.at[device], <u32>offset, <u32>value)
                leave_device()
            else:
                enter_models()
                device_write(m.devices.at[device], <u32>offset, <u32>value)
                lock_give()
        else:
            enter_models()
            value = device_read(m.devices.at[device], <u32>offset)
            lock_give()
    if not m.state.mmio.is_write:
        memcpy(m.state.mmio.data, &value, length)
    return True


cdef void inject() noexcept nogil:
    cdef kvm_interrupt interrupt
    cdef u32 vector
    if not m.handled:
        # Nobody there: a timer or key before that is forgotten, as it would have no effect.
        m.injected = m.injected or pending_load(&m.pending) != 0
        pending_clear(&m.pending, ~<u64>0)
    if not pending_load(&m.pending):
        m.state.request_interrupt_window = 0
        return
    if m.state.ready_for_interrupt_injection:
        for vector in range(EVENT_TIMER, EVENT_TERMINATE + 1):
            if pending_load(&m.pending) >> vector & 1:
                interrupt.irq = vector
                if ioctl(m.vcpu, KVM_INTERRUPT, &interrupt) == 0:
                    pending_clear(&m.pending, <u64>1 << vector)
                    m.injected = True
                break
        m.state.ready_for_interrupt_injection = 0
    m.state.request_interrupt_window = pending_load(&m.pending) != 0


cdef int vcpu_loop() noexcept nogil:
    """Runs the processor until the guest ends; returns its exit code."""
    cdef int reason
    while m.exit_code == RUNNING:
        if m.device_failed:
            record_registers(CRASH_IN_MONITOR)
            return CRASHED
        inject()
        if ioctl(m.vcpu, KVM_RUN, 0) < 0:
            if errno == EINTR or errno == EAGAIN:
                drain_signals()
                continue
            m.detail_reason = -errno
            record_registers(CRASH_KVM)
            return CRASHED
        reason = m.state.exit_reason
        if reason == KVM_EXIT_MMIO:
            if not serve_mmio():
                m.detail_value = m.state.mmio.phys_addr
                record_registers(CRASH_PROTOCOL)
                return CRASHED
        elif reason == KVM_EXIT_IRQ_WINDOW_OPEN or reason == KVM_EXIT_INTR:
            continue
        elif reason == KVM_EXIT_HLT:
            wait_for_event(0)
        elif reason == KVM_EXIT_SHUTDOWN:
            record_registers(CRASH_SHUTDOWN)
            return CRASHED
        else:
            m.detail_reason = reason
            m.detail_value = (m.state.internal.suberror if reason == KVM_EXIT_INTERNAL_ERROR
                              else m.state.fail_entry.hardware_entry_failure_reason)
            record_registers(CRASH_KVM)
            return CRASHED
    return m.exit_code


# --- memory and page tables -------------------------------------------------------------------------

cdef u64* table_at(u64 physical) noexcept:
    return <u64*>(m.ram + physical)


cdef u64 new_table() except 0:
    cdef u64 table = m.tables
    if table + PAGE_SIZE > LOW_TABLES_END:
        raise MachineError("the page tables for so much memory do not fit")
    m.tables += PAGE_SIZE
    return table


cdef u64* entry_for(u64 physical, int level) except NULL:
    """The page-table entry of `physical` in the window: level 2 maps 2 MiB, level 1 maps 4 KiB."""
    cdef u64 address = WINDOW_BASE + physical, table = LOW_TABLES
    cdef u64* entry
    cdef int at = 4
    while at > level:
        entry = &table_at(table)[address >> (12 + 9 * (at - 1)) & 511]
        if entry[0] == 0:
            entry[0] = new_table() | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER
        table = entry[0] & <u64>0x000ffffffffff000
        at -= 1
    return &table_at(table)[address >> (12 + 9 * (level - 1)) & 511]


cdef int map_range(u64 start, u64 end, bint writable, bint executable) except -1:
    """Maps guest-physical [start, end) in the window, with the largest pages that fit."""
    cdef u64 bits = PAGE_PRESENT | PAGE_USER | PAGE_ACCESSED | PAGE_DIRTY
    if writable:
        bits |= PAGE_WRITABLE
    if not executable:
        bits |= <u64>1 << 63
    while start < end:
        if start % LARGE_PAGE == 0 and end - start >= LARGE_PAGE:
            entry_for(start, 2)[0] = start | bits | PAGE_LARGE
            start += LARGE_PAGE
        else:
            entry_for(start, 1)[0] = start | bits
            start += PAGE_SIZE
    return 0


cdef int add_slot(u32 number, u64 physical, void* host, u64 size, bint constant) except -1:
    cdef kvm_userspace_memory_region region
    region.slot = number
    region.flags = KVM_MEM_READONLY if constant else 0
    region.guest_phys_addr = physical
    region.memory_size = (size + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
    region.userspace_addr = <u64>host
    if ioctl(m.vm, KVM_SET_USER_MEMORY_REGION, &region) < 0:
        raise MachineError(f"KVM refuses {size >> 10} KiB of guest memory at {physical:#x}: {os.strerror(errno)}")
    if memory_add(&m.devices.memory, physical, size, host, not constant) < 0:
        raise MachineError("too many ranges of guest memory")
    return 0


cdef int map_ram(list mapped, object spec, object plan) except -1:
    cdef u64 size = plan.memory_end, aligned
    cdef u8* at = <u8*>mmap(NULL, size + LARGE_PAGE, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    if at == MAP_FAILED:
        raise MachineError(f"cannot map {size >> 10} KiB for guest memory: {os.strerror(errno)}")
    mapped.append((<u64>at, size + LARGE_PAGE))
    aligned = (<u64>at + LARGE_PAGE - 1) & ~<u64>(LARGE_PAGE - 1)
    m.ram = <u8*>aligned
    m.ram_size = size
    if spec.huge_pages is not False:
        madvise(m.ram, size, MADV_HUGEPAGE)
    else:
        madvise(m.ram, size, MADV_NOHUGEPAGE)
    return 0


cdef int map_stacks(list mapped) except -1:
    m.stacks = <u8*>mmap(NULL, STACKS_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    if m.stacks == MAP_FAILED:
        raise MachineError(f"cannot map {<u64>STACKS_SIZE >> 30} GiB of addresses for stacks: {os.strerror(errno)}")
    mapped.append((<u64>m.stacks, <u64>STACKS_SIZE))
    madvise(m.stacks, STACKS_SIZE, MADV_NOHUGEPAGE)
    memory_add(&m.devices.memory, STACKS_PHYSICAL, STACKS_SIZE, m.stacks, True)
    return 0


cdef void* map_module(list mapped, object module) except NULL:
    """Host address of the module's bytes, which are never written to its file."""
    cdef u64 size = max(<u64>module.size, <u64>1)
    cdef const char* data
    cdef void* at
    if isinstance(module.source, bytes) or module.size == 0:
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        if at != MAP_FAILED and module.size:
            data = module.source
            memcpy(at, data, module.size)
    else:
        try:
            fd = os.open(module.source, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise MachineError(f"boot module {module.name}: cannot read {module.source}: {error.strerror}") from None
        at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0)
        os.close(fd)
    if at == MAP_FAILED:
        raise MachineError(f"cannot map boot module {module.name}: {os.strerror(errno)}")
    mapped.append((<u64>at, size))
    return at


cdef int load_image(object plan) except -1:
    cdef u64 physical
    image = plan.image
    try:
        fd = os.open(image.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            for segment in image.segments:
                physical = <u64>segment.address - WINDOW_BASE
                into = PyMemoryView_FromMemory(<char*>m.ram + physical, segment.file_size, PyBUF_WRITE)
                if os.preadv(fd, [into], segment.offset) != segment.file_size:
                    raise MachineError(f"the kernel image {image.path} became shorter")
                map_range(physical, segment.end - WINDOW_BASE, segment.writable, segment.executable)
        finally:
            os.close(fd)
    except OSError as error:
        raise MachineError(f"cannot read the kernel image {image.path}: {error.strerror}") from None
    return 0


# --- the processor ----------------------------------------------------------------------------------

cdef void flat(kvm_segment* segment, u16 selector, bint code) noexcept:
    memset(segment, 0, sizeof(kvm_segment))
    segment.selector = selector
    segment.limit = <u32>0xffffffff
    segment.type = 11 if code else 3
    segment.present = 1
    segment.dpl = selector & 3
    segment.s = 1
    segment.l = code
    segment.db = not code
    segment.g = 1


cdef int start_processor(u32 ring, u64 entry, u64 boot_info) except -1:
    cdef kvm_sregs sregs
    cdef kvm_regs regs
    cdef kvm_fpu fpu
    cdef u64* gdt = <u64*>(m.ram + LOW_GDT)
    cdef u64 tss = WINDOW_BASE + LOW_TSS, event_stack
    # Descriptors: Intel SDM volume 3, figures 3-8 and 8-4.
    gdt[SELECTOR_KERNEL_CODE >> 3] = <u64>0x00af9b000000ffff
    gdt[SELECTOR_KERNEL_DATA >> 3] = <u64>0x00cf93000000ffff
    gdt[SELECTOR_USER_DATA >> 3] = <u64>0x00cff3000000ffff
    gdt[SELECTOR_USER_CODE >> 3] = <u64>0x00affb000000ffff
    gdt[SELECTOR_TSS >> 3] = 0x67 | (tss & 0xffffff) << 16 | <u64>0x8b << 40 | (tss >> 24 & 0xff) << 56
    gdt[(SELECTOR_TSS >> 3) + 1] = tss >> 32
    # EventFrame.address lies behind what the processor pushes.
    (<u64*>(m.ram + LOW_TSS + 4))[0] = WINDOW_BASE + LOW_TRAP_A - 16       # RSP0
    if ioctl(m.vcpu, KVM_GET_SREGS, &sregs) < 0:
        raise MachineError(f"KVM_GET_SREGS: {os.strerror(errno)}")
    flat(&sregs.cs, SELECTOR_USER_CODE if ring else SELECTOR_KERNEL_CODE, True)
    flat(&sregs.ss, SELECTOR_USER_DATA if ring else SELECTOR_KERNEL_DATA, False)
    sregs.ds = sregs.ss
    sregs.es = sregs.ss
    sregs.fs = sregs.ss
    sregs.gs = sregs.ss
    memset(&sregs.tr, 0, sizeof(kvm_segment))
    sregs.tr.base = tss
    sregs.tr.limit = 0x67
    sregs.tr.selector = SELECTOR_TSS
    sregs.tr.type = 11
    sregs.tr.present = 1
    memset(&sregs.ldt, 0, sizeof(kvm_segment))
    sregs.ldt.unusable = 1
    sregs.gdt.base = WINDOW_BASE + LOW_GDT
    sregs.gdt.limit = 0x3f
    sregs.idt.base = WINDOW_BASE + LOW_IDT
    sregs.idt.limit = 0xfff
    sregs.cr0 = CR0_BITS
    sregs.cr3 = LOW_TABLES
    sregs.cr4 = CR4_BITS | (CR4_FSGSBASE if kvm_has_fsgsbase(m.kvm) else 0)
    sregs.efer = EFER_BITS
    if ioctl(m.vcpu, KVM_SET_SREGS, &sregs) < 0:
        raise MachineError(f"KVM_SET_SREGS: {os.strerror(errno)}")
    memset(&regs, 0, sizeof(regs))
    regs.rip = entry
    regs.rdi = boot_info
    regs.rsp = WINDOW_BASE + LOW_START_STACK
    regs.rflags = 0x202
    if ioctl(m.vcpu, KVM_SET_REGS, &regs) < 0:
        raise MachineError(f"KVM_SET_REGS: {os.strerror(errno)}")
    memset(&fpu, 0, sizeof(fpu))
    fpu.fcw = 0x37f
    fpu.mxcsr = 0x1f80
    if ioctl(m.vcpu, KVM_SET_FPU, &fpu) < 0:
        raise MachineError(f"KVM_SET_FPU: {os.strerror(errno)}")
    return 0


cdef int open_machine() except -1:
    m.kvm = os_open(b"/dev/kvm", O_RDWR | O_CLOEXEC)
    if m.kvm < 0:
        raise MachineError(f"cannot open /dev/kvm: {os.strerror(errno)}")
    if ioctl(m.kvm, KVM_GET_API_VERSION, 0) != 12:
        raise MachineError("/dev/kvm does not speak KVM API version 12")
    m.vm = ioctl(m.kvm, KVM_CREATE_VM, 0)
    if m.vm < 0:
        raise MachineError(f"KVM cannot create a virtual machine: {os.strerror(errno)}")
    m.vcpu = ioctl(m.vm, KVM_CREATE_VCPU, 0)
    if m.vcpu < 0:
        raise MachineError(f"KVM cannot create a virtual processor: {os.strerror(errno)}")
    m.state_size = ioctl(m.kvm, KVM_GET_VCPU_MMAP_SIZE, 0)
    m.state = <kvm_run*>mmap(NULL, m.state_size, PROT_READ | PROT_WRITE, MAP_SHARED, m.vcpu, 0)
    if m.state == MAP_FAILED:
        m.state = NULL
        raise MachineError(f"cannot map the virtual processor: {os.strerror(errno)}")
    if kvm_set_cpuid(m.kvm, m.vcpu) < 0:
        raise MachineError(f"KVM_SET_CPUID2: {os.strerror(errno)}")
    return 0


cdef void close_machine() noexcept:
    if m.state != NULL:
        munmap(m.state, m.state_size)
    for fd in (m.vcpu, m.vm, m.kvm):
        if fd >= 0:
            os_close(fd)


cdef int catch(int sig, bint fault) except -1:
    cdef sigaction_t action
    memset(&action, 0, sizeof(action))
    action.sa_sigaction = on_fault if fault else on_signal
    action.sa_flags = SA_SIGINFO | (SA_NODEFER if fault else 0)
    sigemptyset(&action.sa_mask)
    if sigaction(sig, &action, &m.old[m.caught_count]) != 0:
        raise MachineError(f"cannot catch signal {sig}: {os.strerror(errno)}")
    m.caught[m.caught_count] = sig
    m.caught_count += 1
    return 0


cdef int arm_signals(sigset_t* old_mask) except -1:
    cdef sigaction_t ignore
    cdef int sig
    m.open_mask = old_mask[0]
    m.closed_mask = old_mask[0]
    sigemptyset(&m.our_signals)
    for sig in (signal_timer(), signal_device(), SIGINT, SIGTERM, SIGQUIT):
        sigdelset(&m.open_mask, sig)
        sigaddset(&m.closed_mask, sig)
        sigaddset(&m.our_signals, sig)
        catch(sig, False)
    catch(SIGSEGV, True)
    catch(SIGBUS, True)
    memset(&ignore, 0, sizeof(ignore))
    ignore.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignore, &m.old[m.caught_count])
    m.caught[m.caught_count] = SIGPIPE
    m.caught_count += 1
    if host_timer_create(&m.timer, m.tid, signal_timer()) != 0:
        raise MachineError(f"cannot create a timer: {os.strerror(errno)}")
    if kvm_set_signal_mask(m.vcpu, &m.open_mask) < 0:
        raise MachineError(f"KVM_SET_SIGNAL_MASK: {os.strerror(errno)}")
    return 0


cdef void disarm_signals() noexcept:
    cdef int i
    cdef sigaction_t ignore
    if m.timer != <void*>~<u64>0:
        timer_delete(m.timer)
    memset(&ignore, 0, sizeof(ignore))
    ignore.sa_handler = SIG_IGN
    for sig in (signal_timer(), signal_device()):
        sigaction(sig, &ignore, NULL)
    for i in range(m.caught_count - 1, -1, -1):
        sigaction(m.caught[i], &m.old[i], NULL)


def tsc_khz():
    """Frequency of a guest's time stamp counter in kHz."""
    cdef int kvm = os_open(b"/dev/kvm", O_RDWR | O_CLOEXEC), vm = -1, vcpu = -1, khz = 0
    if kvm >= 0:
        vm = ioctl(kvm, KVM_CREATE_VM, 0)
    if vm >= 0:
        vcpu = ioctl(vm, KVM_CREATE_VCPU, 0)
    if vcpu >= 0:
        khz = ioctl(vcpu, KVM_GET_TSC_KHZ, 0)
    for fd in (vcpu, vm, kvm):
        if fd >= 0:
            os_close(fd)
    if khz <= 0:
        raise MachineError("KVM does not say how fast the time stamp counter runs")
    return khz


def run(spec, plan):
    """Run `spec` as planned in a virtual machine; returns a RunResult."""
    global busy
    if busy:
        raise MachineError("a guest is running in this process already: the kvm home has room for one")
    busy = True
    mapped = []
    memset(&m, 0, sizeof(m))
    m.timer = <void*>~<u64>0             # 0 is a timer: the first of a process
    m.kvm = m.vm = m.vcpu = m.stop_bell = -1
    for i in range(BELLS):
        m.bells[i] = -1
    lock_init()
    try:
        open_machine()
        return run_machine(spec, plan, mapped)
    finally:
        close_machine()
        folders_close(&m.devices)
        for address, size in reversed(mapped):
            munmap(<void*><u64>address, size)
        busy = False


cdef object run_machine(object spec, object plan, list mapped):
    cdef sigset_t old_mask, every_mask
    cdef BootInfo* info
    cdef int error
    cdef u64 boot_data = plan.boot_data, memory_base = boot_data_end(plan.boot_data)
    cdef u32 slot = 1, i, ring = 3 if spec.ring is None else spec.ring
    cdef int code = 0, khz
    cdef void* host
    m.exit_code = RUNNING
    m.print_fd = spec.stderr
    m.entry_memory = private_memory()
    m.tables = LOW_TABLES + PAGE_SIZE
    map_ram(mapped, spec, plan)
    m.ram_start = memory_base
    add_slot(0, 0, m.ram, m.ram_size, False)
    map_stacks(mapped)
    load_image(plan)
    map_range(0, IMAGE_PHYSICAL, True, False)
    map_range(boot_data, m.ram_size, True, False)
    map_range(CONTROL_PHYSICAL, CONTROL_PHYSICAL + LARGE_PAGE, True, False)
    for module in plan.modules:
        host = map_module(mapped, module)
        add_slot(slot, module.physical, host, max(<u64>module.size, <u64>1), True)
        map_range(module.physical, <u64>module.physical + max(<u64>module.size, <u64>1), False, False)
        slot += 1
    m.next_slot = slot
    info = <BootInfo*>(m.ram + boot_data)
    fill_boot_info(info, boot_data, memory_base, spec, plan, HOME_KVM, TRANSPORT_MMIO)
    info.ring = ring
    info.control = WINDOW_BASE + CONTROL_PHYSICAL
    info.tables_free = m.tables
    for i in range(info.device_count):
        info.devices[i].address = info.control + CONTROL_DEVICES + i * CONTROL_DEVICE_SIZE
    khz = ioctl(m.vcpu, KVM_GET_TSC_KHZ, 0)
    if khz <= 0:
        raise MachineError("KVM does not say how fast the time stamp counter runs")
    info.tsc_khz = khz
    devices_init(&m.devices, spec.stdin, spec.stdout, spec.stderr, raise_device, NULL)
    folders_open(&m.devices, spec, raise_device, NULL)
    hang_bells()
    start_processor(ring, plan.image.entry, WINDOW_BASE + boot_data)
    m.tid = host_tid()
    pthread_sigmask(SIG_BLOCK, NULL, &old_mask)
    try:
        arm_signals(&old_mask)
        every_mask = m.closed_mask
        sigdelset(&every_mask, signal_device())
        error = thread_start(device_work, &every_mask)
        if error:
            raise MachineError(f"cannot start the device thread: {os.strerror(error)}")
        m.device_started = True
        pthread_sigmask(SIG_SETMASK, &m.closed_mask, NULL)
        m.inside = True
        info.wall_time = now(CLOCK_REALTIME)
        info.entry_time = now(CLOCK_MONOTONIC)
        entry_time = info.entry_time
        with nogil:
            code = kvm_guarded(vcpu_loop)
        if code == FAULTED:
            record_registers(CRASH_IN_MONITOR)
            code = CRASHED
    finally:
        stop_devices()
        m.inside = False
        disarm_signals()
        pthread_sigmask(SIG_SETMASK, &old_mask, NULL)
    with nogil:
        m.peak = max(m.peak, resident(<u64>m.ram, <u64>m.ram + m.ram_size) + resident(<u64>m.stacks, <u64>m.stacks + m.stacks_high))
    if m.crash.kind == CRASH_PROTOCOL:
        detail = f"it touched guest-physical address {m.detail_value:#x}, where nothing is"
    elif m.detail_reason < 0:
        detail = f"KVM_RUN: {os.strerror(-m.detail_reason)}"
    else:
        detail = f"exit reason {m.detail_reason}, {m.detail_value:#x}"
    return result_of("kvm", code & 0xff, info, entry_time, <u64>m.ram - WINDOW_BASE, WINDOW_BASE + m.ram_size, m.peak,
                     &m.crash, detail)
