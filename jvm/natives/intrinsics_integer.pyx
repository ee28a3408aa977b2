# Integers of many words in place of Java bodies: BigInteger's loops, Montgomery's multiplication, the field of P-256.
#
# Each gives exactly what the Java body gives; ranges are checked as in intrinsics_string.pyx.
from kernel.types cimport u32, u64, i32, i64
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length
from jvm.loader.classes cimport JavaThread, NATIVE_DECLINED, Slot, TYPE_INT
from jvm.natives.support cimport array_new_primitive
from jvm.natives.wide cimport wide
from jvm.runtime.exceptions cimport throw_index, throw_null_pointer

cdef enum:
    MONTGOMERY_LIMBS = 256               # BigInteger asks for no more: MONTGOMERY_INTRINSIC_THRESHOLD is 512 words


cdef inline int fits(JavaThread* t, Object* array, i64 offset, i64 count) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return 0
    if count > 0 and (offset < 0 or offset + count > array_length(array)):
        throw_index(t, <i32>(offset + count - 1 if offset >= 0 else offset), array_length(array))
        return 0
    return 1


# --- java.math.BigInteger: magnitudes are int[] with the most significant word first ------------------

# implMulAdd(int[] out, int[] in, int offset, int count, int k): out += in × k, from `offset` words before
# the end of out; the carry.
cdef public void native_big_mul_add(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32* out
    cdef u32* words
    cdef u64 k = <u32>args[4].i
    cdef u64 carry = 0
    cdef i64 at
    cdef i64 j
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    at = <i64>array_length(args[0].a) - args[2].i - 1
    if not fits(t, args[1].a, 0, args[3].i) or not fits(t, args[0].a, at - args[3].i + 1, args[3].i):
        return
    out = <u32*>array_data(args[0].a)
    words = <u32*>array_data(args[1].a)
    j = args[3].i - 1
    while j >= 0:
        carry += words[j] * k + out[at]
        out[at] = <u32>carry
        carry >>= 32
        at -= 1
        j -= 1
    result.i = <i32>carry


cdef void multiply(const u32* x, i64 x_count, const u32* y, i64 y_count, u32* z) noexcept nogil:
    cdef i64 i
    cdef i64 j
    cdef u64 carry
    cdef u64 k
    for i in range(x_count + y_count):
        z[i] = 0
    i = x_count - 1
    while i >= 0:
        carry = 0
        k = x[i]
        j = y_count - 1
        while j >= 0:
            carry += y[j] * k + z[i + j + 1]
            z[i + j + 1] = <u32>carry
            carry >>= 32
            j -= 1
        z[i] = <u32>carry
        i -= 1


# implMultiplyToLen(int[] x, int xlen, int[] y, int ylen, int[] z): z is long enough (the caller's care).
cdef public void native_big_multiply(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not fits(t, args[0].a, 0, args[1].i) or not fits(t, args[2].a, 0, args[3].i):
        return
    if not fits(t, args[4].a, 0, <i64>args[1].i + args[3].i):
        return
    multiply(<u32*>array_data(args[0].a), args[1].i, <u32*>array_data(args[2].a), args[3].i, <u32*>array_data(args[4].a))
    result.a = args[4].a


# implSquareToLen(int[] x, int len, int[] z, int zlen): zlen = 2 × len words of z.
cdef public void native_big_square(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not fits(t, args[0].a, 0, args[1].i) or not fits(t, args[2].a, 0, 2 * <i64>args[1].i):
        return
    multiply(<u32*>array_data(args[0].a), args[1].i, <u32*>array_data(args[0].a), args[1].i, <u32*>array_data(args[2].a))
    result.a = args[2].a


# add(int[] x, int[] y): as long as the longer one, or a word longer for the carry.
cdef public void native_big_add(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* x = args[0].a
    cdef Object* y = args[1].a
    cdef Object* sum
    cdef u32* a
    cdef u32* b
    cdef u32* s
    cdef u64 carry = 0
    cdef i32 i
    cdef i32 x_count
    cdef i32 y_count
    if x == NULL or y == NULL:
        throw_null_pointer(t)
        return
    if array_length(x) < array_length(y):
        x = args[1].a
        y = args[0].a
    x_count = array_length(x)
    y_count = array_length(y)
    if y_count == 0 and x_count == 0:
        result.a = array_new_primitive(t, TYPE_INT, 0)
        return
    a = <u32*>array_data(x)
    b = <u32*>array_data(y)
    # Is there a carry out?  Decides the length before anything is written.
    carry = 0
    for i in range(x_count):
        carry += a[x_count - 1 - i]
        if i < y_count:
            carry += b[y_count - 1 - i]
        carry >>= 32
    sum = array_new_primitive(t, TYPE_INT, x_count + <i32>carry)
    if sum == NULL:
        return
    s = <u32*>array_data(sum)
    if carry:
        s[0] = 1
        s += 1
    carry = 0
    for i in range(x_count):
        carry += a[x_count - 1 - i]
        if i < y_count:
            carry += b[y_count - 1 - i]
        s[x_count - 1 - i] = <u32>carry
        carry >>= 32
    result.a = sum


# subtract(int[] big, int[] little): big >= little.
cdef public void native_big_subtract(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* difference
    cdef u32* a
    cdef u32* b
    cdef u32* d
    cdef i64 borrow = 0
    cdef i32 i
    cdef i32 a_count
    cdef i32 b_count
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
        return
    a_count = array_length(args[0].a)
    b_count = array_length(args[1].a)
    if b_count > a_count:
        throw_index(t, -1, a_count)
        return
    difference = array_new_primitive(t, TYPE_INT, a_count)
    if difference == NULL:
        return
    a = <u32*>array_data(args[0].a)
    b = <u32*>array_data(args[1].a)
    d = <u32*>array_data(difference)
    for i in range(a_count):
        borrow += a[a_count - 1 - i]
        if i < b_count:
            borrow -= b[b_count - 1 - i]
        d[a_count - 1 - i] = <u32>borrow
        borrow >>= 32
    result.a = difference


# shiftLeftImplWorker(int[] new, int[] old, int newIndex, int shift, int count), 0 < shift < 32
cdef public void native_big_shift_left(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32* target
    cdef u32* source
    cdef u32 left = <u32>args[3].i & 31
    cdef u32 right = (32 - left) & 31
    cdef i32 i
    if args[4].i <= 0:
        return
    if not fits(t, args[0].a, args[2].i, args[4].i) or not fits(t, args[1].a, 0, <i64>args[4].i + 1):
        return
    target = <u32*>array_data(args[0].a) + args[2].i
    source = <u32*>array_data(args[1].a)
    for i in range(args[4].i):
        target[i] = source[i] << left | source[i + 1] >> right


# shiftRightImplWorker(int[] new, int[] old, int newIndex, int shift, int count): the word before the first
# one that is written is the caller's.
cdef public void native_big_shift_right(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32* target
    cdef u32* source
    cdef u32 right = <u32>args[3].i & 31
    cdef u32 left = (32 - right) & 31
    cdef i64 at = args[4].i
    cdef i64 to = at - 1 if args[2].i == 0 else at
    if to < args[2].i:
        return
    if not fits(t, args[0].a, args[2].i, to - args[2].i + 1) or not fits(t, args[1].a, at - (to - args[2].i + 1), to - args[2].i + 2):
        return
    target = <u32*>array_data(args[0].a)
    source = <u32*>array_data(args[1].a)
    while to >= args[2].i:
        target[to] = source[at] >> right | source[at - 1] << left
        to -= 1
        at -= 1


# --- Montgomery's multiplication, in limbs of 64 bits ----------------------------------------------------

# Limb i, the least significant first, of `count` words with the most significant first.
cdef inline u64 limb(const u32* words, i64 count, i64 i) noexcept nogil:
    return <u64>words[count - 2 - 2 * i] << 32 | words[count - 1 - 2 * i]


# implMontgomeryMultiply(int[] a, int[] b, int[] n, int length, long inverse, int[] product): the first
# `length` words of the product become a × b / 2^(32 × length) modulo n; inverse = -1/n modulo 2^64.
cdef void montgomery(JavaThread* t, Object* first, Object* second, Object* modulus, i64 count, u64 inverse, Object* into, Slot* result) noexcept nogil:
    cdef u64[MONTGOMERY_LIMBS + 2] sum
    cdef const u32* a
    cdef const u32* b
    cdef const u32* n
    cdef u32* product
    cdef i64 limbs = count >> 1
    cdef i64 i
    cdef i64 j
    cdef u64 x
    cdef u64 m
    cdef wide carry
    cdef wide reduced
    cdef bint greater
    if count < 2 or count & 1 or limbs > MONTGOMERY_LIMBS or into == NULL:
        result.raw = NATIVE_DECLINED
        return
    if not fits(t, first, 0, count) or not fits(t, second, 0, count) or not fits(t, modulus, 0, count) or not fits(t, into, 0, count):
        return
    a = <u32*>array_data(first)
    b = <u32*>array_data(second)
    n = <u32*>array_data(modulus)
    product = <u32*>array_data(into)
    for i in range(limbs + 2):
        sum[i] = 0
    for i in range(limbs):
        x = limb(a, count, i)
        carry = 0
        for j in range(limbs):
            carry += <wide>x * limb(b, count, j) + sum[j]
            sum[j] = <u64>carry
            carry >>= 64
        carry += sum[limbs]
        sum[limbs] = <u64>carry
        sum[limbs + 1] = <u64>(carry >> 64)
        # A multiple of n makes the lowest limb zero, and all move down by one.
        m = sum[0] * inverse
        reduced = <wide>m * limb(n, count, 0) + sum[0]
        reduced >>= 64
        for j in range(1, limbs):
            reduced += <wide>m * limb(n, count, j) + sum[j]
            sum[j - 1] = <u64>reduced
            reduced >>= 64
        reduced += sum[limbs]
        sum[limbs - 1] = <u64>reduced
        sum[limbs] = sum[limbs + 1] + <u64>(reduced >> 64)
    # Below n, as the Java body leaves it.
    while True:
        greater = sum[limbs] != 0
        if not greater:
            greater = 1
            j = limbs - 1
            while j >= 0:
                if sum[j] != limb(n, count, j):
                    greater = sum[j] > limb(n, count, j)
                    break
                j -= 1
        if not greater:
            break
        m = 0                            # the borrow
        for j in range(limbs):
            x = limb(n, count, j)
            reduced = <wide>sum[j] - x - m
            sum[j] = <u64>reduced
            m = <u64>(reduced >> 64) & 1
        sum[limbs] -= m
    for j in range(limbs):
        product[count - 1 - 2 * j] = <u32>sum[j]
        product[count - 2 - 2 * j] = <u32>(sum[j] >> 32)
    result.a = into


cdef public void native_big_montgomery_multiply(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    montgomery(t, args[0].a, args[1].a, args[2].a, args[3].i, <u64>args[4].l, args[6].a, result)


cdef public void native_big_montgomery_square(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    montgomery(t, args[0].a, args[0].a, args[1].a, args[2].i, <u64>args[3].l, args[5].a, result)


# --- IntegerPolynomial: five limbs of 52 bits, for the curve P-256 ---------------------------------------

cdef enum:
    LIMB_BITS = 52

# MontgomeryIntegerPolynomialP256.mult(long[] a, long[] b, long[] r): r = a × b / 2^260 modulo p, where
# p = 2^256 - 2^224 + 2^192 + 2^96 - 1, so that -1/p is 1 modulo 2^52.
cdef public void native_p256_multiply(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 mask = (<u64>1 << LIMB_BITS) - 1
    cdef u64[5] p
    cdef u64[5] a
    cdef u64[5] b
    cdef u64[6] c
    cdef u64[6] low
    cdef u64[6] high
    cdef u64 digit
    cdef wide product
    cdef i64 carry
    cdef i64[5] less
    cdef u64* r
    cdef int i
    cdef int j
    if not fits(t, args[1].a, 0, 5) or not fits(t, args[2].a, 0, 5) or not fits(t, args[3].a, 0, 5):
        return
    p[0] = mask
    p[1] = mask >> 8
    p[2] = 0
    p[3] = <u64>1 << 36
    p[4] = 0xFFFFFFFF0000
    r = <u64*>array_data_wide(args[3].a)
    for i in range(5):
        a[i] = (<u64*>array_data_wide(args[1].a))[i]
        b[i] = (<u64*>array_data_wide(args[2].a))[i]
        c[i] = 0
    c[5] = 0
    for i in range(5):
        for j in range(5):
            product = <wide>a[i] * b[j]
            low[j] = <u64>product & mask
            high[j] = <u64>(product >> LIMB_BITS)
        low[0] += c[0]
        digit = low[0] & mask
        for j in range(5):
            product = <wide>digit * p[j]
            low[j] += <u64>product & mask
            high[j] += <u64>(product >> LIMB_BITS)
        # The lowest column is now zero but for its carry; all move down by one.
        c[0] = c[1] + low[1] + high[0] + (low[0] >> LIMB_BITS)
        c[1] = c[2] + low[2] + high[1]
        c[2] = c[3] + low[3] + high[2]
        c[3] = c[4] + low[4] + high[3]
        c[4] = high[4]
    for i in range(4):
        c[i + 1] += c[i] >> LIMB_BITS
        c[i] &= mask
    # The result may be p or more, once.
    carry = 0
    for i in range(5):
        less[i] = <i64>(c[i] - p[i]) + carry
        carry = less[i] >> LIMB_BITS
        if i < 4:
            less[i] &= <i64>mask
    digit = <u64>(less[4] >> 63)         # all ones where p was too much; no branch tells which
    for i in range(5):
        r[i] = c[i] & digit | <u64>less[i] & ~digit


# IntegerPolynomial.conditionalAssign(int set, long[] a, long[] b): a = b where set is 1; no branch tells.
cdef public void native_field_assign(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 mask = <u64>-<i64>args[0].i
    cdef u64* a
    cdef u64* b
    cdef i32 i
    if not fits(t, args[1].a, 0, 0) or not fits(t, args[2].a, 0, array_length(args[1].a)):
        return
    a = <u64*>array_data_wide(args[1].a)
    b = <u64*>array_data_wide(args[2].a)
    for i in range(array_length(args[1].a)):
        a[i] ^= mask & (a[i] ^ b[i])
