# Instructions that neither Cython nor C has a word for.
from kernel.types cimport u8, u16, u32, u64

cdef extern from *:
    """
    #ifndef DEMITASSE_CPU
    #define DEMITASSE_CPU
    static inline unsigned long cpu_tsc(void) {
        unsigned lo, hi; __asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
        return (unsigned long)hi << 32 | lo;
    }
    /* value * multiplier >> 32, exact in 128 bits. */
    static inline unsigned long cpu_scale(unsigned long value, unsigned long multiplier) {
        return (unsigned long)((unsigned __int128)value * multiplier >> 32);
    }
    static inline void cpu_write_gs(void *base) { __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory"); }
    static inline void cpu_write_fs(unsigned long base) { __asm__ volatile("wrfsbase %0" : : "r"(base) : "memory"); }
    static inline unsigned long cpu_read_fs(void) {
        unsigned long base; __asm__ volatile("rdfsbase %0" : "=r"(base) : : "memory"); return base; }
    /* XGETBV of XCR0; only where CR4.OSXSAVE is set. */
    static inline unsigned long cpu_extended(void) {
        unsigned lo, hi; __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0)); return (unsigned long)hi << 32 | lo; }
    static inline unsigned long mmio_read64(unsigned long at) {
        unsigned long v; __asm__ volatile("mov (%1), %0" : "=a"(v) : "r"(at) : "memory"); return v; }
    static inline void mmio_write64(unsigned long at, unsigned long v) {
        __asm__ volatile("mov %0, (%1)" : : "a"(v), "r"(at) : "memory"); }
    static inline unsigned mmio_read32(unsigned long at) {
        unsigned v; __asm__ volatile("mov (%1), %0" : "=a"(v) : "r"(at) : "memory"); return v; }
    static inline void mmio_write32(unsigned long at, unsigned v) {
        __asm__ volatile("mov %0, (%1)" : : "a"(v), "r"(at) : "memory"); }
    static inline void cpu_invlpg(unsigned long at) { __asm__ volatile("invlpg (%0)" : : "r"(at) : "memory"); }
    static inline void cpu_flush(void) {
        unsigned long root; __asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(root) : : "memory"); }
    static inline void cpu_halt_open(void) { __asm__ volatile("sti; hlt" : : : "memory"); }
    static inline void cpu_cli(void) { __asm__ volatile("cli" : : : "memory"); }
    static inline void cpu_sti(void) { __asm__ volatile("sti" : : : "memory"); }
    static inline void cpu_pause(void) { __asm__ volatile("pause"); }
    static inline void cpu_fence(void) { __asm__ volatile("mfence" : : : "memory"); }
    static inline unsigned char port_read8(unsigned short p) {
        unsigned char v; __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
    static inline void port_write8(unsigned short p, unsigned char v) {
        __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
    static inline unsigned short port_read16(unsigned short p) {
        unsigned short v; __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
    static inline void port_write16(unsigned short p, unsigned short v) {
        __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
    static inline unsigned port_read32(unsigned short p) {
        unsigned v; __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(p) : "memory"); return v; }
    static inline void port_write32(unsigned short p, unsigned v) {
        __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(p) : "memory"); }
    static inline unsigned long cpu_read_msr(unsigned msr) {
        unsigned lo, hi; __asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr)); return (unsigned long)hi << 32 | lo; }
    static inline void cpu_write_msr(unsigned msr, unsigned long v) {
        __asm__ volatile("wrmsr" : : "c"(msr), "a"((unsigned)v), "d"((unsigned)(v >> 32)) : "memory"); }
    static inline void cpu_cpuid(unsigned leaf, unsigned sub, unsigned *out) {
        __asm__ volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "0"(leaf), "2"(sub)); }
    static inline unsigned long cpu_swap(unsigned long *at, unsigned long v) {
        return __atomic_exchange_n(at, v, __ATOMIC_SEQ_CST); }
    #endif
    """
    u64 cpu_tsc() noexcept nogil
    u64 cpu_scale(u64 value, u64 multiplier) noexcept nogil
    void cpu_write_gs(void* base) noexcept nogil
    void cpu_write_fs(u64 base) noexcept nogil
    u64 cpu_read_fs() noexcept nogil
    u64 cpu_extended() noexcept nogil
    u64 mmio_read64(u64 at) noexcept nogil
    void mmio_write64(u64 at, u64 value) noexcept nogil
    u32 mmio_read32(u64 at) noexcept nogil
    void mmio_write32(u64 at, u32 value) noexcept nogil
    void cpu_invlpg(u64 at) noexcept nogil
    void cpu_flush() noexcept nogil
    void cpu_halt_open() noexcept nogil
    void cpu_cli() noexcept nogil
    void cpu_sti() noexcept nogil
    void cpu_pause() noexcept nogil
    void cpu_fence() noexcept nogil
    u8 port_read8(u16 port) noexcept nogil
    void port_write8(u16 port, u8 value) noexcept nogil
    u16 port_read16(u16 port) noexcept nogil
    void port_write16(u16 port, u16 value) noexcept nogil
    u32 port_read32(u16 port) noexcept nogil
    void port_write32(u16 port, u32 value) noexcept nogil
    u64 cpu_read_msr(u32 msr) noexcept nogil
    void cpu_write_msr(u32 msr, u64 value) noexcept nogil
    void cpu_cpuid(u32 leaf, u32 sub, u32* out) noexcept nogil       # EAX, EBX, ECX, EDX
    u64 cpu_swap(u64* at, u64 value) noexcept nogil
