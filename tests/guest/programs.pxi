# The ELF loader of C programs, alone.  The file's bytes end where readable memory ends, so a read behind them is a fault.
from cabi.loader.elf cimport ElfProgram, elf_free, elf_load, elf_symbol, export_find
from kernel.diagnostics.format cimport Text as PText, text_init as p_text_init
from kernel.memory.pages cimport (PageStatistics as PPageStatistics, pages_alloc as p_alloc, pages_free as p_free,
                                  pages_statistics as p_statistics, pages_take as p_take)

cdef extern from *:
    """
    #define P_ROOM (4UL << 20)
    static unsigned char *p_room(void) {
        static unsigned char *end;
        if (!end) {
            unsigned char *p = mmap(0, P_ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            mprotect(p + P_ROOM, 4096, PROT_NONE);
            end = p + P_ROOM;
        }
        return end;
    }
    """
    const k_u64 P_ROOM
    unsigned char* p_room() noexcept nogil

cdef k_u64 p_free_bytes():
    cdef PPageStatistics now
    p_statistics(&now)
    return now.free


def elf_try(data: bytes, look: tuple[int, ...] = ()) -> dict[str, object]:
    """Load the file and free it again.  result: 0 or a negative errno; text: what is said; leaked: bytes not given back;
    for a program: entry and headers relative to the image, its writable bytes by address, and the names at `look`."""
    cdef ElfProgram program
    cdef char bytes_[200]
    cdef PText why
    cdef k_u64 before = p_free_bytes(), offset = 0
    cdef const char* name
    cdef unsigned char* at
    cdef int i
    if len(data) > P_ROOM:
        raise ValueError("too long")
    at = p_room() - len(data)
    l_memcpy(at, <const char*>data, len(data))
    p_text_init(&why, bytes_, 200)
    result = elf_load(at, len(data), &program, &why)
    found = {"result": result, "text": bytes_[:why.length].decode("utf-8", "replace"), "cut": bool(why.cut)}
    if result == 0:
        found["entry"] = program.entry - program.bias
        found["headers"] = program.headers - program.bias
        found["bias"] = program.bias
        found["stack"] = program.stack_size
        found["segments"] = [(program.segments[i].start - program.bias, program.segments[i].end - program.bias,
                              program.segments[i].access) for i in range(program.segment_count)]
        if program.pages <= 1024:
            found["memory"] = {program.segments[i].start - program.bias:
                               (<char*>program.segments[i].start)[:program.segments[i].end - program.segments[i].start]
                               for i in range(program.segment_count) if program.segments[i].access & 1}
        names = []
        for address in look:
            name = elf_symbol(&program, program.bias + <k_u64>address, &offset)
            names.append(None if name == NULL else (name.decode("utf-8", "replace"), offset))
        found["names"] = names
        elf_free(&program)
    found["leaked"] = before - p_free_bytes()
    if before - p_free_bytes() or (result == 0 and program.pages > 1024):
        kernel_reset()
    return found


def elf_export(name: bytes) -> bool:
    return export_find(name) != 0


def pages_take_free(pages: int, skip: int, count: int) -> tuple[bool, bool, bool]:
    """Frees the middle of a run of pages and takes it back: (taken, taken again, a used page taken)."""
    cdef k_u64 base = p_alloc(pages, 1, 0)
    p_free(base + <k_u64>skip * 4096, count)
    first = p_take(base + <k_u64>skip * 4096, count, 1)
    second = p_take(base + <k_u64>skip * 4096, count, 1)
    third = p_take(base, 1, 1)
    p_free(base, pages)
    return first, second, third
