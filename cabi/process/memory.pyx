# Memory of programs: see memory.pxd.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.errno cimport EACCES, EBADF, EEXIST, EINVAL, ENODEV, ENOMEM
from kernel.files.mapping cimport (MAPPING_READ, MAPPING_WRITE, mapping_remove, mapping_sync)
from kernel.files.vfs cimport (FileStat, VFS_O_ACCMODE, VFS_O_RDONLY, VFS_O_RDWR, VFS_O_WRONLY, VFS_S_IFCHR, VFS_S_IFMT, VFS_S_IFREG,
                               vfs_fstat, vfs_get_flags, vfs_map_part, vfs_pread)
from kernel.memory.heap cimport kfree, krealloc
from kernel.memory.pages cimport PAGES_ZERO, PAGE_SHIFT, PAGE_SIZE, pages_alloc, pages_charge, pages_free, pages_protect, pages_take, pages_uncharge
from kernel.memory.string cimport memcpy, memmove, memset
from kernel.platform.platform cimport (ACCESS_EXECUTE, ACCESS_NONE, ACCESS_READ, ACCESS_WRITE, platform_release)
from kernel.threads.stacks cimport stack_range_give, stack_range_take
from kernel.threads.sync cimport mutex_lock, mutex_unlock
from cabi.process.memory cimport *
from cabi.process.program cimport *

cdef enum:
    PROT_READ = 1
    PROT_WRITE = 2
    PROT_EXEC = 4
    PROT_STACK = 0x40000000              # seam/thread.S: no access, and mprotect comes before the first use
    MAP_SHARED = 1
    MAP_PRIVATE = 2
    MAP_TYPE = 15
    MAP_FIXED = 0x10
    MAP_ANONYMOUS = 0x20
    MAP_FIXED_NOREPLACE = 0x100000
    MREMAP_MAYMOVE = 1
    MREMAP_FIXED = 2
    MADV_DONTNEED = 4
    BRK_SIZE = 16777216
    RESERVED_LEAST = 4194304             # what PROT_NONE maps from this size on are addresses without memory
    SPACE = 0x400000000000                      # no length is larger
    SPARE_LARGEST = 262144


cdef inline u64 page_up(u64 size) noexcept nogil:
    return (size + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)


cdef inline u32 access_of(int protection) noexcept nogil:
    if protection & (PROT_READ | PROT_WRITE | PROT_EXEC) == 0:
        return ACCESS_NONE
    return (ACCESS_READ | (ACCESS_WRITE if protection & PROT_WRITE else 0)
            | (ACCESS_EXECUTE if protection & PROT_EXEC else 0))


# --- the list (locked) ------------------------------------------------------------------------------------

# The first region that ends behind `address`.
cdef u64 first_behind(Regions* r, u64 address) noexcept nogil:
    cdef u64 low = 0, high = r.count, middle
    while low < high:
        middle = (low + high) // 2
        if r.at[middle].end <= address:
            low = middle + 1
        else:
            high = middle
    return low


cdef bint make_room(Regions* r, u64 more) noexcept nogil:
    cdef u64 capacity = r.capacity
    cdef Region* larger
    if r.count + more <= capacity:
        return True
    while r.count + more > capacity:
        capacity = max(capacity * 2, <u64>32)
    larger = <Region*>krealloc(r.at, capacity * sizeof(Region))
    if larger == NULL:
        return False
    r.at = larger
    r.capacity = capacity
    return True


# make_room was true.
cdef Region* insert(Regions* r, u64 index) noexcept nogil:
    memmove(&r.at[index + 1], &r.at[index], (r.count - index) * sizeof(Region))
    r.count += 1
    return &r.at[index]


cdef void remove(Regions* r, u64 index) noexcept nogil:
    r.count -= 1
    memmove(&r.at[index], &r.at[index + 1], (r.count - index) * sizeof(Region))


# Neighbours that are alike become one.
cdef void join(Regions* r, u64 index) noexcept nogil:
    cdef Region* a
    cdef Region* b
    if index + 1 >= r.count:
        return
    a = &r.at[index]
    b = &r.at[index + 1]
    if a.end == b.start and a.access == b.access and a.kind == REGION_MEMORY and b.kind == REGION_MEMORY \
            and a.mapping == b.mapping:
        a.end = b.end
        remove(r, index + 1)


cdef int add_locked(Regions* r, u64 start, u64 end, u32 access, u32 kind, u64 mapping) noexcept nogil:
    cdef u64 index = first_behind(r, start)
    cdef Region* region
    if not make_room(r, 1):
        return -ENOMEM
    region = insert(r, index)
    region.start = start
    region.end = end
    region.access = access
    region.kind = kind
    region.mapping = mapping
    join(r, index)
    if index > 0:
        join(r, index - 1)
    return 0


cdef public int regions_add(Process* process, u64 start, u64 end, u32 access, u32 kind, u64 mapping) noexcept nogil:
    cdef int error
    mutex_lock(&process.regions.lock)
    error = add_locked(&process.regions, start, end, access, kind, mapping)
    mutex_unlock(&process.regions.lock)
    return error


cdef public Region* regions_find(Process* process, u64 address) noexcept nogil:
    cdef Regions* r = &process.regions
    cdef u64 index = first_behind(r, address)
    if index < r.count and r.at[index].start <= address:
        return &r.at[index]
    return NULL


# Makes `address` a border between regions, if it is inside one.
cdef int split_at(Regions* r, u64 address) noexcept nogil:
    cdef u64 index = first_behind(r, address)
    cdef Region* region
    if index == r.count or r.at[index].start >= address:
        return 0
    if not make_room(r, 1):
        return -ENOMEM
    region = insert(r, index)
    region[0] = r.at[index + 1]
    region.end = address
    r.at[index + 1].start = address
    return 0


# Are all pages of [start, end) the program's?
cdef bint covered(Regions* r, u64 start, u64 end) noexcept nogil:
    cdef u64 index = first_behind(r, start)
    while start < end:
        if index == r.count or r.at[index].start > start:
            return False
        start = r.at[index].end
        index += 1
    return True


# Are all regions in [start, end), which is covered, of one kind?
cdef bint regions_all(Regions* r, u64 start, u64 end, u32 kind) noexcept nogil:
    cdef u64 index = first_behind(r, start)
    while index < r.count and r.at[index].start < end:
        if r.at[index].kind != kind:
            return False
        index += 1
    return True


# Is some page of [start, end) the program's?
cdef bint touched(Regions* r, u64 start, u64 end) noexcept nogil:
    cdef u64 index = first_behind(r, start)
    return index < r.count and r.at[index].start < end


# --- giving back --------------------------------------------------------------------------------------------

# Some other part of a shared mapping of a file, or of a reservation, is still there.
cdef bint mapping_used(Regions* r, u64 mapping) noexcept nogil:
    cdef u64 i
    for i in range(r.count):
        if r.at[i].mapping == mapping:
            return True
    return False


cdef void give_back_reserved(Regions* r, const Region* region) noexcept nogil:
    cdef u64 size = region.end - region.start
    cdef int i
    if region.kind == REGION_COMMITTED:
        platform_release(region.start, size)
        pages_protect(region.start, size, ACCESS_NONE)
        pages_uncharge(size >> PAGE_SHIFT)
    if mapping_used(r, region.mapping):
        return
    for i in range(RESERVATIONS):
        if r.reservations[i].size and r.reservations[i].base == region.mapping:
            stack_range_give(r.reservations[i].base, r.reservations[i].size)
            r.reservations[i].size = 0


# Memory for a region of addresses.
cdef int commit(Region* region) noexcept nogil:
    cdef u64 pages = (region.end - region.start) >> PAGE_SHIFT
    if not pages_charge(pages):
        return -ENOMEM
    if pages_protect(region.start, region.end - region.start, ACCESS_WRITE) < 0:
        pages_uncharge(pages)
        return -ENOMEM
    region.kind = REGION_COMMITTED
    region.access = ACCESS_WRITE
    return 0


# The region is no longer in the list.
cdef void give_back(Regions* r, const Region* region) noexcept nogil:
    if region.kind == REGION_FILE:
        if not mapping_used(r, region.mapping):
            mapping_remove(region.mapping)
    elif region.kind in (REGION_RESERVED, REGION_COMMITTED):
        give_back_reserved(r, region)
    elif region.kind == REGION_MEMORY:
        if region.access != ACCESS_WRITE:
            pages_protect(region.start, region.end - region.start, ACCESS_WRITE)
        pages_free(region.start, (region.end - region.start) >> PAGE_SHIFT)


# --- stacks of threads ------------------------------------------------------------------------------------
#
# Taking access away costs a flush of the processor's translations, which traps in a nested kvm, or a call of mprotect in a
# process.  So the stack of a thread that has ended stays as it is, for the next one of its size.

cdef void spare_drop(Spare* spare) noexcept nogil:
    pages_protect(spare.start, spare.middle - spare.start, ACCESS_WRITE)
    pages_free(spare.start, (spare.end - spare.start) >> PAGE_SHIFT)
    spare.start = 0


cdef bint spares_drop(Regions* r) noexcept nogil:
    cdef bint some = False
    cdef int i
    for i in range(SPARES):
        if r.spares[i].start:
            spare_drop(&r.spares[i])
            some = True
    return some


# Is [start, end), which begins and ends at borders, a guard and a stack?  Then it is kept, and no longer in the list.
cdef bint spare_keep(Regions* r, u64 start, u64 end) noexcept nogil:
    cdef u64 index = first_behind(r, start)
    cdef Region* guard
    cdef Region* stack
    cdef Spare* spare
    cdef int i = 0
    if end - start > SPARE_LARGEST or index + 1 >= r.count:
        return False
    guard = &r.at[index]
    stack = &r.at[index + 1]
    if (guard.start != start or guard.kind != REGION_MEMORY or guard.access != ACCESS_NONE or guard.mapping
            or stack.start != guard.end or stack.end != end or stack.kind != REGION_MEMORY or stack.access != ACCESS_WRITE):
        return False
    while i < SPARES and r.spares[i].start:
        i += 1
    if i == SPARES:
        i = <int>r.next_spare
        r.next_spare = (r.next_spare + 1) % SPARES
        spare_drop(&r.spares[i])
    spare = &r.spares[i]
    spare.start = start
    spare.middle = stack.start
    spare.end = end
    remove(r, index + 1)
    remove(r, index)
    return True


# A region without access really is so from now on.
cdef void keep_promise(Region* region) noexcept nogil:
    if region.kind == REGION_MEMORY and region.mapping == PROMISED:
        pages_protect(region.start, region.end - region.start, ACCESS_NONE)
        region.mapping = 0


cdef i64 map_stack(Regions* r, u64 length) noexcept nogil:
    cdef u64 start
    cdef Spare spare
    cdef int i
    if not make_room(r, 2):
        return -ENOMEM
    for i in range(SPARES):
        if r.spares[i].start and r.spares[i].end - r.spares[i].start == length:
            spare = r.spares[i]
            r.spares[i].start = 0
            memset(<void*>spare.middle, 0, spare.end - spare.middle)
            add_locked(r, spare.start, spare.middle, ACCESS_NONE, REGION_MEMORY, 0)
            add_locked(r, spare.middle, spare.end, ACCESS_NONE, REGION_MEMORY, PROMISED)
            return <i64>spare.start
    start = pages_alloc(length >> PAGE_SHIFT, 1, PAGES_ZERO)
    if start == 0:
        return -ENOMEM
    add_locked(r, start, start + length, ACCESS_NONE, REGION_MEMORY, PROMISED)
    return <i64>start


cdef int unmap_locked(Regions* r, u64 start, u64 end) noexcept nogil:
    cdef u64 index
    cdef Region region
    if not make_room(r, 2):
        return -ENOMEM
    split_at(r, start)
    split_at(r, end)
    if spare_keep(r, start, end):
        return 0
    index = first_behind(r, start)
    while index < r.count and r.at[index].start < end:
        region = r.at[index]
        if region.kind in (REGION_IMAGE, REGION_STACK):
            index += 1                   # lives as long as the program
            continue
        remove(r, index)
        give_back(r, &region)
    return 0


cdef public i64 memory_unmap(Process* process, u64 address, u64 length) noexcept nogil:
    cdef int error
    if address & (PAGE_SIZE - 1) or length == 0 or length > SPACE:
        return -EINVAL
    mutex_lock(&process.regions.lock)
    error = unmap_locked(&process.regions, address, address + page_up(length))
    mutex_unlock(&process.regions.lock)
    return error


cdef public void regions_free(Process* process) noexcept nogil:
    cdef Regions* r = &process.regions
    cdef Region region
    spares_drop(r)
    while r.count:
        r.count -= 1
        region = r.at[r.count]
        give_back(r, &region)
    kfree(r.at)
    memset(r, 0, sizeof(Regions))


cdef public u64 memory_used(Process* process) noexcept nogil:
    cdef Regions* r = &process.regions
    cdef u64 i, bytes = 0
    mutex_lock(&r.lock)
    for i in range(r.count):
        bytes += r.at[i].end - r.at[i].start
    mutex_unlock(&r.lock)
    return bytes


# --- mmap ---------------------------------------------------------------------------------------------------

cdef void clear(u64 start, u64 size) noexcept nogil:
    memset(<void*>start, 0, size)


# Takes the pages of [start, end) that are in no region; they become the program's.
cdef int fill_holes(Regions* r, u64 start, u64 end) noexcept nogil:
    cdef u64 index, stop
    while start < end:
        index = first_behind(r, start)
        if index < r.count and r.at[index].start <= start:
            start = r.at[index].end
            continue
        stop = min(end, r.at[index].start) if index < r.count else end
        if not pages_take(start, (stop - start) >> PAGE_SHIFT, 0):
            return -ENOMEM
        if add_locked(r, start, stop, ACCESS_WRITE, REGION_MEMORY, 0) < 0:
            pages_free(start, (stop - start) >> PAGE_SHIFT)
            return -ENOMEM
        start = stop
    return 0


# Memory for [start, end), which is the program's already or nobody's: zeros, with the access asked for.
cdef i64 map_over(Regions* r, u64 start, u64 end, u32 access) noexcept nogil:
    cdef u64 index
    if end < start or not make_room(r, 2) or fill_holes(r, start, end) != 0:
        return -ENOMEM
    index = first_behind(r, start)
    while index < r.count and r.at[index].start < end:
        if r.at[index].kind == REGION_FILE:
            return -ENOMEM
        index += 1
    split_at(r, start)
    split_at(r, end)
    index = first_behind(r, start)
    while index < r.count and r.at[index].start < end:
        keep_promise(&r.at[index])
        if r.at[index].kind == REGION_RESERVED and access != ACCESS_NONE and commit(&r.at[index]) < 0:
            return -ENOMEM
        index += 1
    if access == ACCESS_NONE and regions_all(r, start, end, REGION_RESERVED):
        return <i64>start
    pages_protect(start, end - start, ACCESS_WRITE)
    clear(start, end - start)
    if access != ACCESS_WRITE:
        pages_protect(start, end - start, <int>access)
    index = first_behind(r, start)
    while index < r.count and r.at[index].start < end:
        r.at[index].access = access
        index += 1
    return <i64>start


cdef i64 map_reserved(Regions* r, u64 length) noexcept nogil:
    cdef u64 start
    cdef int i = 0
    while i < RESERVATIONS and r.reservations[i].size:
        i += 1
    if i == RESERVATIONS:
        return -ENOMEM
    start = stack_range_take(length)
    if start == 0:
        return -ENOMEM
    if add_locked(r, start, start + length, ACCESS_NONE, REGION_RESERVED, start) < 0:
        stack_range_give(start, length)
        return -ENOMEM
    r.reservations[i].base = start
    r.reservations[i].size = length
    return <i64>start


cdef i64 map_new(Regions* r, u64 length, u32 access) noexcept nogil:
    cdef i64 reserved
    cdef u64 start
    if access == ACCESS_NONE and length >= RESERVED_LEAST:
        reserved = map_reserved(r, length)
        if reserved > 0:
            return reserved
    start = pages_alloc(length >> PAGE_SHIFT, 1, PAGES_ZERO)
    if start == 0:
        return -ENOMEM
    if add_locked(r, start, start + length, access, REGION_MEMORY, 0) < 0:
        pages_free(start, length >> PAGE_SHIFT)
        return -ENOMEM
    if access != ACCESS_WRITE:
        pages_protect(start, length, <int>access)
    return <i64>start


cdef i64 map_shared(Regions* r, u64 length, int fd, u64 offset, int protection) noexcept nogil:
    cdef u64 start = 0
    cdef int flags = vfs_get_flags(fd), error
    if flags < 0:
        return flags
    if flags & VFS_O_ACCMODE == VFS_O_WRONLY or (protection & PROT_WRITE and flags & VFS_O_ACCMODE != VFS_O_RDWR):
        return -EACCES
    error = vfs_map_part(fd, offset, length, MAPPING_WRITE if protection & PROT_WRITE else MAPPING_READ, &start)
    if error != 0:
        return error
    error = add_locked(r, start, start + page_up(length), access_of(protection), REGION_FILE, start)
    if error != 0:
        mapping_remove(start)
        return error
    return <i64>start


# A private mapping is memory with what the file has; behind its end there are zeros.
cdef i64 fill_from_file(u64 start, u64 length, int fd, u64 offset, u32 access) noexcept nogil:
    cdef u64 done = 0
    cdef i64 got
    if access != ACCESS_WRITE:
        pages_protect(start, page_up(length), ACCESS_WRITE)
    while done < length:
        got = vfs_pread(fd, <void*>(start + done), length - done, offset + done)
        if got < 0:
            return got
        if got == 0:
            break
        done += <u64>got
    if access != ACCESS_WRITE:
        pages_protect(start, page_up(length), <int>access)
    return <i64>start


# shared: of a file.
cdef i64 map_locked(Regions* r, u64 address, u64 length, int protection, int flags, bint shared, int fd, u64 offset) noexcept nogil:
    cdef u64 size = page_up(length)
    if flags & (MAP_FIXED | MAP_FIXED_NOREPLACE):
        if address & (PAGE_SIZE - 1):
            return -EINVAL
        if flags & MAP_FIXED_NOREPLACE and touched(r, address, address + size):
            return -EEXIST
        if shared and protection & PROT_WRITE:
            return -ENODEV
        return map_over(r, address, address + size, access_of(protection))
    if shared:
        return map_shared(r, length, fd, offset, protection)
    if protection == PROT_STACK and size < RESERVED_LEAST:
        return map_stack(r, size)
    return map_new(r, size, access_of(protection))


cdef public i64 sys_mmap(u64 address, u64 length, int protection, int flags, int fd, i64 offset) noexcept nogil:
    cdef Process* process = program_process()
    cdef Regions* r = &process.regions
    cdef FileStat status
    cdef i64 result, filled
    cdef int error
    cdef bint shared, file = flags & MAP_ANONYMOUS == 0
    if length == 0 or flags & MAP_TYPE == 0 or (file and (offset & (PAGE_SIZE - 1) or offset < 0)):
        return -EINVAL
    if length > SPACE:
        return -ENOMEM
    if file:
        error = vfs_fstat(fd, &status)
        if error != 0:
            return error
        if status.mode & VFS_S_IFMT != VFS_S_IFREG:
            if status.mode & VFS_S_IFMT == VFS_S_IFCHR and status.rdevice == (1 << 8 | 5):
                file = False             # /dev/zero
            else:
                return -ENODEV
        elif vfs_get_flags(fd) & VFS_O_ACCMODE == VFS_O_WRONLY:
            return -EACCES
    shared = file and flags & MAP_TYPE != MAP_PRIVATE
    mutex_lock(&r.lock)
    result = map_locked(r, address, length, protection, flags, shared, fd, <u64>offset)
    if result == -ENOMEM and spares_drop(r):
        result = map_locked(r, address, length, protection, flags, shared, fd, <u64>offset)
    mutex_unlock(&r.lock)
    # What map_shared made has its contents.
    if file and result > 0 and (not shared or flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)):
        filled = fill_from_file(<u64>result, length, fd, <u64>offset, access_of(protection))
        if filled < 0:
            memory_unmap(process, <u64>result, length)
            result = filled
    return result


cdef public i64 sys_munmap(u64 address, u64 length) noexcept nogil:
    return memory_unmap(program_process(), address, length)


cdef public i64 sys_mprotect(u64 address, u64 length, int protection) noexcept nogil:
    cdef Regions* r = &program_process().regions
    cdef u64 end, index
    cdef u32 access = access_of(protection)
    cdef i64 result = 0
    if address & (PAGE_SIZE - 1):
        return -EINVAL
    if length == 0:
        return 0
    if length > SPACE:
        return -ENOMEM
    end = address + page_up(length)
    mutex_lock(&r.lock)
    if not covered(r, address, end):
        result = -ENOMEM
    elif not make_room(r, 2):
        result = -ENOMEM
    else:
        split_at(r, address)
        split_at(r, end)
        index = first_behind(r, address)
        while index < r.count and r.at[index].start < end:
            if r.at[index].mapping == PROMISED and access == ACCESS_WRITE:
                r.at[index].mapping = 0
                r.at[index].access = access
            keep_promise(&r.at[index])
            if r.at[index].access != access and r.at[index].kind != REGION_STACK:
                if r.at[index].kind == REGION_RESERVED:
                    result = commit(&r.at[index])
                    if result < 0:
                        break
                result = pages_protect(r.at[index].start, r.at[index].end - r.at[index].start, <int>access)
                if result < 0:
                    break
                r.at[index].access = access
            index += 1
        if index < r.count:
            keep_promise(&r.at[index])   # the rest of a thread's stack is its guard
        if index:
            join(r, index - 1)
        index = first_behind(r, address)
        if index:
            keep_promise(&r.at[index - 1])
        join(r, index)
        if index:
            join(r, index - 1)
    mutex_unlock(&r.lock)
    return result


cdef public i64 sys_mremap(u64 old, u64 old_length, u64 length, int flags, u64 address) noexcept nogil:
    cdef Process* process = program_process()
    cdef Regions* r = &process.regions
    cdef Region* region
    cdef u64 index
    cdef u32 access
    cdef i64 result
    if old & (PAGE_SIZE - 1) or length == 0 or old_length == 0 or flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) or old_length > SPACE:
        return -EINVAL
    if flags & MREMAP_FIXED:
        return -EINVAL
    if length > SPACE:
        return -ENOMEM
    old_length = page_up(old_length)
    length = page_up(length)
    mutex_lock(&r.lock)
    index = first_behind(r, old)
    if index == r.count or r.at[index].start > old or r.at[index].end < old + old_length or r.at[index].kind != REGION_MEMORY:
        result = -ENOMEM
    elif length <= old_length:
        result = <i64>old
        if length < old_length:
            unmap_locked(r, old + length, old + old_length)
    elif r.at[index].end == old + old_length and r.at[index].access == ACCESS_WRITE \
            and pages_take(old + old_length, (length - old_length) >> PAGE_SHIFT, PAGES_ZERO):
        r.at[index].end = old + length   # in place
        access = ACCESS_WRITE
        result = <i64>old
        join(r, index)
    elif flags & MREMAP_MAYMOVE == 0:
        result = -ENOMEM
    else:
        access = r.at[index].access
        result = map_new(r, length, ACCESS_WRITE)
        if result > 0:
            if access != ACCESS_WRITE:
                pages_protect(old, old_length, ACCESS_READ)
            memcpy(<void*>result, <void*>old, old_length)
            unmap_locked(r, old, old + old_length)
    mutex_unlock(&r.lock)
    if result > 0 and length > old_length and access != ACCESS_WRITE:
        sys_mprotect(<u64>result, length, <int>access)
    return result


cdef public i64 sys_brk(u64 address) noexcept nogil:
    cdef Regions* r = &program_process().regions
    cdef i64 start, result
    mutex_lock(&r.lock)
    if r.brk_start == 0:
        start = map_new(r, BRK_SIZE, ACCESS_WRITE)
        if start > 0:
            r.brk_start = r.brk_end = <u64>start
            r.brk_limit = <u64>start + BRK_SIZE
    if r.brk_start <= address <= r.brk_limit and address:
        if address < r.brk_end:
            memset(<void*>address, 0, r.brk_end - address)
        r.brk_end = address
    result = <i64>r.brk_end
    mutex_unlock(&r.lock)
    return result


cdef public i64 sys_madvise(u64 address, u64 length, int advice) noexcept nogil:
    cdef Regions* r = &program_process().regions
    cdef u64 end, index, start, stop
    cdef i64 result = 0
    if address & (PAGE_SIZE - 1) or length > SPACE:
        return -EINVAL
    end = address + page_up(length)
    mutex_lock(&r.lock)
    if not covered(r, address, end):
        result = -ENOMEM
    elif advice == MADV_DONTNEED:
        index = first_behind(r, address)
        while index < r.count and r.at[index].start < end:
            start = max(address, r.at[index].start)
            stop = min(end, r.at[index].end)
            keep_promise(&r.at[index])
            if r.at[index].kind in (REGION_MEMORY, REGION_COMMITTED):
                if r.at[index].access & ACCESS_WRITE != ACCESS_WRITE:
                    pages_protect(start, stop - start, ACCESS_WRITE)
                clear(start, stop - start)
                if r.at[index].access & ACCESS_WRITE != ACCESS_WRITE:
                    pages_protect(start, stop - start, <int>r.at[index].access)
            index += 1
    mutex_unlock(&r.lock)
    return result


cdef public i64 sys_msync(u64 address, u64 length, int flags) noexcept nogil:
    cdef Regions* r = &program_process().regions
    cdef u64 end, index
    cdef i64 result = 0
    if address & (PAGE_SIZE - 1) or flags & ~7 or flags & 5 == 5 or length > SPACE:
        return -EINVAL
    end = address + page_up(length)
    mutex_lock(&r.lock)
    if not covered(r, address, end):
        result = -ENOMEM
    index = first_behind(r, address)
    while index < r.count and r.at[index].start < end:
        if r.at[index].kind == REGION_FILE:
            mapping_sync(r.at[index].mapping)
        index += 1
    mutex_unlock(&r.lock)
    return result


cdef public i64 sys_mincore(u64 address, u64 length, u8* residency) noexcept nogil:
    cdef Regions* r = &program_process().regions
    cdef bint there
    if address & (PAGE_SIZE - 1):
        return -EINVAL
    mutex_lock(&r.lock)
    there = length <= SPACE and covered(r, address, address + page_up(length))
    mutex_unlock(&r.lock)
    if not there:
        return -ENOMEM
    memset(residency, 1, page_up(length) >> PAGE_SHIFT)
    return 0
