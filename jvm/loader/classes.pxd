# Run-time form of a class and its members: what the loader makes, the interpreter runs.
#
# Invariant: a Class lives as long as its `owner`, with all that was allocated for it.  Pointers to Class,
# Method and Field may be kept in C locals, in what belongs to a class that depends on theirs, and where a
# purge finds them (jvm/loader/unloading.pxd); of classes of the class library they may be kept anywhere.
# Metadata lives in the window (compressible).  `bytes` are the class file's own bytes, mapped (jimage) or
# copied once; strings of the constant pool are parsed in place.
from kernel.types cimport u8, u16, u32, u64, i8, i16, i32, i64
from jvm.heap.heap cimport Span
from kernel.memory.arena cimport Arena
from kernel.threads.cpu cimport compiler_barrier
from jvm.heap.object cimport Object, ReferenceRun, Shape, ref, window_base

# One interned name: equal text means equal pointer.  `text` is modified UTF-8 (JVMS §4.4.7).
cdef struct Symbol:
    u32 hash
    u16 length
    u8 text[1]                           # `length` bytes, then a NUL

# One 64-bit slot of a Java frame.  A long or double occupies two slots and lives in the first.
cdef union Slot:
    i32 i
    i64 l
    float f
    double d
    Object* a
    u64 raw

cdef struct Class
cdef struct Method
cdef struct Field
cdef struct LoaderData
cdef struct JavaThread
cdef struct Link

# A native method: arguments as slots (receiver first, longs and doubles two slots), result
# written through `result`.  It fails by setting t.exception (jvm/runtime/exceptions.pxd).
ctypedef void (*NativeMethod)(JavaThread* t, Slot* args, Slot* result) noexcept nogil

cdef enum ClassState:
    CLASS_LOADED = 1                     # parsed, super classes known
    CLASS_LINKED = 2                     # laid out, verified, methods prepared
    CLASS_INITIALIZING = 3               # by `initializer` (JVMS §5.5)
    CLASS_INITIALIZED = 4
    CLASS_ERRONEOUS = 5

cdef enum PrimitiveType:                 # numbers of newarray (JVMS §6.5) where it has one
    TYPE_NONE = 0
    TYPE_BOOLEAN = 4
    TYPE_CHAR = 5
    TYPE_FLOAT = 6
    TYPE_DOUBLE = 7
    TYPE_BYTE = 8
    TYPE_SHORT = 9
    TYPE_INT = 10
    TYPE_LONG = 11
    TYPE_VOID = 12
    TYPE_REFERENCE = 13

# JVMS table 4.1-B, 4.5-A, 4.6-A.
cdef enum AccessFlag:
    ACC_PUBLIC = 0x0001
    ACC_PRIVATE = 0x0002
    ACC_PROTECTED = 0x0004
    ACC_STATIC = 0x0008
    ACC_FINAL = 0x0010
    ACC_SUPER = 0x0020
    ACC_SYNCHRONIZED = 0x0020
    ACC_VOLATILE = 0x0040
    ACC_BRIDGE = 0x0040
    ACC_TRANSIENT = 0x0080
    ACC_VARARGS = 0x0080
    ACC_NATIVE = 0x0100
    ACC_INTERFACE = 0x0200
    ACC_ABSTRACT = 0x0400
    ACC_STRICT = 0x0800
    ACC_SYNTHETIC = 0x1000
    ACC_ANNOTATION = 0x2000
    ACC_ENUM = 0x4000
    ACC_MODULE = 0x8000

# Constant-pool entry after parsing.  `tag` is the JVMS §4.4 tag until resolved; resolution changes
# `value` first and `tag` last, so a reader that sees the resolved tag sees the value.
cdef enum ConstantTag:
    CONSTANT_Utf8 = 1
    CONSTANT_Integer = 3
    CONSTANT_Float = 4
    CONSTANT_Long = 5
    CONSTANT_Double = 6
    CONSTANT_Class = 7
    CONSTANT_String = 8
    CONSTANT_Fieldref = 9
    CONSTANT_Methodref = 10
    CONSTANT_InterfaceMethodref = 11
    CONSTANT_NameAndType = 12
    CONSTANT_MethodHandle = 15
    CONSTANT_MethodType = 16
    CONSTANT_Dynamic = 17
    CONSTANT_InvokeDynamic = 18
    CONSTANT_Module = 19
    CONSTANT_Package = 20
    RESOLVED_CLASS = 64                  # value.klass
    RESOLVED_STRING = 65                 # value.object, interned; a root of the class's loader
    RESOLVED_FIELD = 66                  # value.field
    RESOLVED_METHOD = 67                 # value.method
    RESOLVED_METHOD_HANDLE = 68          # value.object, a root of the class, as the next two
    RESOLVED_METHOD_TYPE = 69
    RESOLVED_DYNAMIC = 70
    RESOLVED_DYNAMIC_VALUE = 71          # value.raw: a dynamic constant of a primitive type
    RESOLVED_LINK = 72                   # value.link: a call of MethodHandle.invokeExact and its kin
    RESOLVED_ERROR = 73                  # value.object: the throwable that resolution ended with (JVMS §5.4.3)

# 0 until it is resolved, but numbers are decoded from the start.
cdef union ConstantValue:
    u64 raw
    i32 i
    i64 l
    float f
    double d
    Symbol* symbol                       # Utf8, once it was asked for, else NULL
    Class* klass
    Object* object
    Field* field
    Method* method
    Link* link

cdef struct ConstantPool:
    u16 count                            # as in the class file: indices 1 … count-1
    u8 objects                           # an entry is resolved to an object (pool_resolve): the collector looks at all
    u8* tags
    ConstantValue* values
    u32* offsets                         # where each entry's contents are in the class file; never changes

cdef struct Field:
    Class* holder
    Symbol* name
    Symbol* descriptor
    u32 offset                           # in the object, or in the holder's mirror when static
    u16 access_flags
    u8 type                              # PrimitiveType
    u8 trusted_final
    u16 constant_index                   # ConstantValue's index, or 0
    u16 slot                             # index in holder.fields (reflection)
    u32 attributes                       # offset of attributes_count in holder.bytes
    u8* cell                             # static: where it lives, since its first use by the interpreter

cdef enum MethodFlag:
    METHOD_CALLER_SENSITIVE = 1          # @CallerSensitive
    METHOD_HIDDEN = 2                    # @Hidden: not in stack traces
    METHOD_PREPARED = 4                  # `code` is the writable copy
    METHOD_POLYMORPHIC = 8               # signature polymorphic (JVMS §2.9.3)
    METHOD_INITIALIZER = 16              # <init>
    METHOD_CLASS_INITIALIZER = 32        # <clinit>
    METHOD_EMPTY = 64                    # body is a plain `return`
    METHOD_SCOPED = 128                  # @Scoped
    METHOD_HAS_HANDLERS = 256
    METHOD_OBJECT_INIT = 512             # java.lang.Object.<init>
    METHOD_INTRINSIC = 1024              # `native` replaces a Java body: ACC_NATIVE is set for the interpreter only
    METHOD_LAMBDA_FORM = 2048            # @LambdaForm.Compiled: nobody's caller (jvm/natives/stack_trace.pyx)
    METHOD_GETTER = 4096                 # body is a quick `return this.field`: called without a frame
    METHOD_LEAF = 8192                   # `native` is a leaf (jvm/natives/intrinsics.py): called without a frame

# An intrinsic that answers this (Slot.raw) has done nothing, and the method's Java body runs instead.
# No int, float or reference is all ones; those with a long or double answer always.
cdef enum:
    NATIVE_DECLINED = 0xFFFFFFFFFFFFFFFF

# What a call through a method handle or an invokedynamic instruction runs, once java.lang.invoke has linked it.
cdef struct Link:
    Method* method                       # a static method: the site's arguments, then the appendix
    Object* appendix                     # or NULL: then nothing is passed for it; a root of the class
    Method* site                         # of MethodHandle or VarHandle, with the site's descriptor; NULL: invokedynamic
    u8* pc                               # the invokedynamic instruction, where linking has failed
    Object* error                        # … with this throwable
    Link* next                           # of the class

# One row of a method's exception table, decoded.
cdef struct Handler:
    u16 start_pc
    u16 end_pc
    u16 handler_pc
    u16 catch_type                       # constant-pool index, 0: any

cdef struct Method:
    Class* holder
    u8* code                             # bytecodes; before METHOD_PREPARED they are in Class.bytes
    NativeMethod native                  # bound native code, or NULL
    Symbol* name
    Symbol* descriptor
    u32 code_length
    u16 access_flags
    u16 flags                            # MethodFlag
    u16 max_locals
    u16 max_stack
    u16 argument_slots                   # receiver included, long and double count two
    u16 handler_count
    u8 return_type                       # PrimitiveType
    u8 intrinsic                         # PolymorphicIntrinsic (jvm/interpreter/polymorphic.pxd), or 0
    u16 slot                             # index in holder.methods (reflection)
    i32 vtable_index                     # -1: none (static, private, constructor)
    i32 itable_index                     # index among the interface's methods, -1: none
    Handler* handlers
    u32 attributes                       # offset of attributes_count in holder.bytes
    u32 code_attributes                  # offset of the Code attribute's attributes_count, or 0
    u64 invocations                      # counted by the interpreter (statistics, later tiers)

# One for each of all_interfaces, in their order.  Entries are NULL until select_interface was asked.
cdef struct LoaderEntry:                 # a class by name: defined by the loader, or found through it
    Symbol* name
    Class* klass

# What the VM keeps for a class loader; the boot loader's `object` is NULL (jvm/loader/loader.pyx).  A hidden
# class that may go before its loader has a record of its own, which only owns its memory (`host` is set).
cdef struct LoaderData:
    Object* object
    LoaderData* host                     # of a hidden class's own record: the loader's; else NULL
    u8 permanent                         # the boot, platform or application loader's: never unloaded
    u8 marked                            # during a collection: it stays
    u8 foreign                           # `entries` has classes that another record owns, which may go
    LoaderData* gray                     # during a collection: still to be visited, or dead
    void* modules                        # those defined to it (jvm/loader/module_graph.pyx)
    Class* classes                       # those it owns, through next_in_loader
    u32 class_count
    LoaderEntry* entries                 # open addressing, at most half full
    u32 entry_capacity
    u32 entry_count
    Arena arena                          # metadata
    LoaderData* next

cdef struct InterfaceTable:
    Class* interface
    Method** methods                     # by itable_index

cdef enum:
    DISPLAY_DEPTH = 8

cdef struct Class:
    Shape shape                          # must be first: the collector finds it through the header
    Symbol* name                         # internal form: java/lang/String, [I, int
    Class* super_class
    Class* display[DISPLAY_DEPTH]        # super classes by depth, itself included
    u16 depth
    u16 access_flags
    u8 state                             # ClassState
    u8 type                              # primitive classes: PrimitiveType; else TYPE_REFERENCE
    u8 dimensions                        # arrays, else 0
    u8 is_hidden
    Class* element                       # arrays: the component type
    Class* array                         # array of this, once made
    LoaderData* loader                   # the defining loader's: names mean what they mean to it
    LoaderData* owner                    # whose memory this is: `loader`, or a hidden class's own record
    Object* mirror
    ConstantPool pool
    Class** interfaces                   # direct ones
    u16 interface_count
    u16 all_interface_count
    Class** all_interfaces               # transitive closure, no duplicates
    Field* fields
    u16 field_count                      # the class file's; the VM's own follow them in `fields`
    u16 method_count
    u16 injected_count
    Method* methods
    u32 static_size                      # bytes of statics after the mirror's own fields
    u32 static_run_count
    ReferenceRun* static_runs
    u16 vtable_length
    u16 itable_length
    InterfaceTable* itable
    JavaThread* initializer
    Object* init_error                   # ExceptionInInitializerError's record for later attempts
    u8* bytes
    u32 byte_count
    u16 major_version
    u16 minor_version
    u32 attributes                       # offset of the class's attributes_count in bytes
    Class* nest_host                     # resolved, or NULL
    Object* module                       # java.lang.Module, mirrored in Class.module
    Object* class_data
    u32 class_flags                      # ClassFlag
    Class* next_in_loader
    Symbol* package                      # java/lang; the empty symbol for the unnamed package
    u16* method_keys                     # low bits of each method's name hash: lookups scan these
    Link* links                          # of its code, for the collector and for errors to be thrown again
    u32 instance_end                     # bytes of an instance before rounding: a subclass goes on here
    Method* vtable[1]                    # vtable_length entries: Class is allocated longer

# --- threads and frames (jvm/runtime/thread.pxd) ------------------------------------------------------

#   [locals: max_locals slots][Frame][operand stack: max_stack slots]
cdef struct Frame:
    Frame* previous
    Method* method
    u8* pc                               # of the current instruction, stored at calls and safepoints
    Slot* sp                             # first free operand slot, stored at the same points
    Slot* locals
    Object* locked
    u64 flags                            # FrameFlag
    ConstantValue* constants             # of the method's class, so that one load finds a pool entry

cdef struct JavaThread:
    Span span                            # must be first (heap allocation)
    Object* exception                    # pending, or NULL
    Frame* frame
    Slot* stack_base
    Slot* stack_limit
    void* kernel                         # Thread of kernel/threads/thread.pxd
    Object* object                       # java.lang.Thread
    Object* carrier_object               # what currentCarrierThread answers
    u32 id                               # 1 …: owner field of thin locks (jvm/runtime/monitor.pxd)
    u32 state                            # ThreadState
    u64 safe_sp                          # stack pointer when it became safe: scan from here
    u32 native_depth                     # interpret() activations on the kernel stack
    u8 interrupted
    u8 park_permit
    u8 daemon
    u8 ended
    u8 is_virtual                        # its Thread is a bound virtual thread
    u8 making_error                      # an OutOfMemoryError is under construction (jvm/runtime/exceptions.pyx)
    void* parker                         # kernel Event for LockSupport.park
    void* waiting                        # monitor wait node, when in Object.wait
    Object* scoped_values
    Object* blocker                      # monitor it waits for (reports)
    u64 bytecodes                        # executed, when counting is on
    void* locks                          # monitors that its frames hold (jvm/interpreter/locks.pxd)
    u32 lock_count
    u32 lock_capacity
    JavaThread* next
    JavaThread* previous

cdef enum ClassFlag:
    CLASS_HAS_CLINIT = 1
    CLASS_FINALIZABLE = 2
    CLASS_CLONEABLE = 4
    CLASS_TRUSTED = 8                    # from the class library's own image: not verified
    CLASS_HAS_DEFAULTS = 16              # an interface with default methods

# An entry's value is the object from now on.  No safepoint is between its stores.
cdef inline void pool_resolve(ConstantPool* pool, u16 index, Object* object, u8 tag) noexcept nogil:
    pool.objects = 1
    pool.values[index].object = object
    compiler_barrier()
    pool.tags[index] = tag

cdef inline Class* class_of(Object* o) noexcept nogil:
    return <Class*>(window_base() + (<u64>o.klass << 3))
