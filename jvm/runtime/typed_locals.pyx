# See typed_locals.pxd.
#
# The last frame of the StackMapTable (JVMS §4.7.4) at or before the instruction says what the locals are at the
# beginning of its block; from there the stores are followed, for no branch comes into a block.  Instructions are
# read from the class file: the interpreter's copy has quick forms.
#
# Invariant: only code is judged that the verifier has passed by its stack maps, or that javac has made of the
# class library; anything unexpected gives all ones.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.string cimport memset
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport ACC_STATIC, CLASS_TRUSTED, Class, METHOD_PREPARED, Method, Symbol
from jvm.loader.descriptors cimport descriptor_skip
from jvm.loader.parser cimport find_attribute
from jvm.runtime.thread cimport FRAME_NATIVE
from jvm.verifier.instructions cimport opcode_checked_length

cdef enum:
    OLDEST = 51                          # version 50 may fall back to inference without stack maps
    REMEMBERED = 128                     # a power of two

cdef enum VerificationType:              # verification_type_info tags
    ITEM_DOUBLE = 3
    ITEM_LONG = 4
    ITEM_NULL = 5
    ITEM_OBJECT = 7

cdef enum Instruction:
    ISTORE = 54
    ASTORE = 58
    ISTORE_0 = 59
    ASTORE_3 = 78
    IINC = 132
    WIDE = 196

cdef enum:
    ALL = 0xFFFFFFFFFFFFFFFF

cdef struct Locals:
    u64 references                       # by slot
    u32 slot                             # one past the last
    u32 count
    u8 slots[TYPED_LOCALS]               # where each begins
    bint bad

cdef struct Remembered:                  # recursion has many frames at one place
    Method* method
    u32 pc
    u64 references

cdef Remembered remembered[REMEMBERED]

cdef public void typed_locals_begin() noexcept nogil:
    memset(remembered, 0, sizeof(remembered))

cdef void add(Locals* l, bint reference, u32 width) noexcept nogil:
    if l.slot + width > TYPED_LOCALS:
        l.bad = True
        return
    l.slots[l.count] = <u8>l.slot
    l.count += 1
    if reference:
        l.references |= <u64>1 << l.slot
    l.slot += width

cdef void begin(Locals* l, Method* method) noexcept nogil:
    """As at the method's entry: receiver and arguments."""
    cdef Symbol* descriptor = method.descriptor
    cdef u32 at = 1
    cdef u8 letter
    l.references = 0
    l.slot = l.count = 0
    l.bad = False
    if not method.access_flags & ACC_STATIC:
        add(l, True, 1)
    while at < descriptor.length and descriptor.text[at] != c')' and not l.bad:
        letter = descriptor.text[at]
        add(l, letter == c'L' or letter == c'[', 2 if letter == c'J' or letter == c'D' else 1)
        at = descriptor_skip(descriptor.text, descriptor.length, at)
        if at == 0:
            l.bad = True
            return

cdef const u8* read_type(Locals* into, const u8* at, const u8* end) noexcept nogil:
    """Past one verification_type_info; `into` NULL: it is of the operand stack."""
    cdef u8 tag
    if at >= end:
        return NULL
    tag = at[0]
    if into != NULL:
        add(into, tag >= ITEM_NULL, 2 if tag == ITEM_DOUBLE or tag == ITEM_LONG else 1)
    return at + (3 if tag >= ITEM_OBJECT else 1)

cdef const u8* read_types(Locals* into, const u8* at, const u8* end, u32 count) noexcept nogil:
    while count > 0 and at != NULL:
        at = read_type(into, at, end)
        count -= 1
    return at

cdef void chop(Locals* l, u32 count) noexcept nogil:
    if count > l.count:
        l.bad = True
        return
    l.count -= count
    l.slot = l.slots[l.count]
    l.references &= (<u64>1 << l.slot) - 1

cdef const u8* read_frame(Locals* l, u8 kind, const u8* at, const u8* end) noexcept nogil:
    """Past a stack_map_frame, behind its offset_delta; NULL: it does not fit."""
    cdef u32 count
    if kind < 64 or kind == 251:
        return at
    if kind < 128 or kind == 247:
        return read_type(NULL, at, end)
    if kind < 247:
        return NULL
    if kind <= 250:
        chop(l, 251 - kind)
        return at
    if kind < 255:
        return read_types(l, at, end, kind - 251)
    if end - at < 2:
        return NULL
    count = bytes_u2(at)
    l.references = 0
    l.slot = l.count = 0
    at = read_types(l, at + 2, end, count)
    if at == NULL or end - at < 2:
        return NULL
    return read_types(NULL, at + 2, end, bytes_u2(at))

cdef u32 read_map(Locals* l, Method* method, u32 pc) noexcept nogil:
    """The locals at the beginning of pc's block; returns that beginning."""
    cdef u32 length
    cdef const u8* at = find_attribute(method.holder, method.code_attributes, b"StackMapTable", &length)
    cdef const u8* end
    cdef u32 left, offset
    cdef u32 start = 0
    cdef bint first = True
    cdef u8 kind
    if at == NULL:
        # No branches, then; but for what a tool of the class library has made without looking.
        l.bad = method.holder.class_flags & CLASS_TRUSTED != 0
        return 0
    end = at + length
    if length < 2:
        l.bad = True
        return 0
    left = bytes_u2(at)
    at += 2
    while left > 0 and not l.bad:
        if end - at < 3 and (end - at < 1 or at[0] >= 128):
            l.bad = True
            return 0
        kind = at[0]
        at += 1
        if kind < 128:
            offset = kind & 63
        else:
            offset = bytes_u2(at)
            at += 2
        offset += start + (0 if first else 1)
        if offset > pc:
            break
        start = offset
        first = False
        at = read_frame(l, kind, at, end)
        if at == NULL:
            l.bad = True
        left -= 1
    return start

cdef void store(Locals* l, u32 kind, u32 slot) noexcept nogil:
    """kind: 0 int, 1 long, 2 float, 3 double, 4 reference, in the order of the instructions."""
    cdef u64 bit
    if slot >= TYPED_LOCALS - 1:
        l.bad = True
        return
    bit = <u64>1 << slot
    if kind == 1 or kind == 3:
        bit |= bit << 1
    if kind == 4:
        l.references |= bit
    else:
        l.references &= ~bit

cdef void follow(Locals* l, const u8* code, u32 start, u32 pc) noexcept nogil:
    cdef const u8* at = code + start
    cdef const u8* end = code + pc
    cdef u8 op
    cdef int length
    while at < end and not l.bad:
        op = at[0]
        length = opcode_checked_length[op]
        if op == WIDE:
            length = 6 if at[1] == IINC else 4
            if ISTORE <= at[1] <= ASTORE:
                store(l, at[1] - ISTORE, bytes_u2(at + 2))
        elif ISTORE <= op <= ASTORE:
            store(l, op - ISTORE, at[1])
        elif ISTORE_0 <= op <= ASTORE_3:
            store(l, (op - ISTORE_0) >> 2, (op - ISTORE_0) & 3)
        if length <= 0:
            l.bad = True                 # a switch: a block ends there
            return
        at += length
    if at != end:
        l.bad = True

cdef u64 judge(Method* method, u32 pc) noexcept nogil:
    cdef Class* klass = method.holder
    cdef Locals l
    cdef const u8* code
    cdef u32 start
    begin(&l, method)
    start = read_map(&l, method, pc)
    # The Code attribute: the code, exception_table_length and the table, attributes_count (JVMS §4.7.3).
    code = klass.bytes + method.code_attributes - 8 * <u32>method.handler_count - 2 - method.code_length
    if not l.bad:
        follow(&l, code, start, pc)
    return ALL if l.bad else l.references

cdef public u64 typed_locals(Frame* frame) noexcept nogil:
    cdef Method* method = frame.method
    cdef Class* klass = method.holder
    cdef Remembered* place
    cdef u64 pc
    if frame.flags & FRAME_NATIVE or not method.flags & METHOD_PREPARED or method.code_attributes == 0 \
            or klass.major_version < OLDEST or (klass.class_flags & CLASS_TRUSTED and klass.is_hidden):
        return ALL
    pc = <u64>(frame.pc - method.code)
    if frame.pc == NULL or pc >= method.code_length:
        return ALL
    place = &remembered[((<u64>method >> 4) + pc) & (REMEMBERED - 1)]
    if place.method != method or place.pc != pc:
        place.references = judge(method, <u32>pc)
        place.method = method
        place.pc = <u32>pc
    return place.references
