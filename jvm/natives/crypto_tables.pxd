# Constants of jvm/natives/crypto_*.pyx, made by jvm/natives/crypto_tables.py.
from kernel.types cimport u8, u32, u64

cdef extern from "jvm/natives/crypto_tables.h" nogil:
    const u64* crypto_sha2_constants     # SHA-512's; their upper halves are SHA-256's
    const u32* crypto_md5_sines
    const u64* crypto_keccak_constants   # one for each round
    const u8* crypto_keccak_lanes        # steps ρ and π as one walk: the next lane,
    const u8* crypto_keccak_turns        # … and how far the value turns
    const u8* crypto_aes_box
    const u8* crypto_aes_unbox
    const u32* crypto_aes_mixed          # a byte of row 0, boxed and mixed: the column; other rows' are turned right
    const u32* crypto_aes_unmixed        # the same of the inverse
