# The boot of the virtual machine and the launch of the application.
#
# The order of the steps is what java.base expects and cannot be changed at will: classes before
# java.lang.Class, the main thread's object before its constructor, phase 1 (properties, streams),
# phase 2 (modules), phase 3 (system class loader).  After them LauncherHelper finds the main class
# as the `java` command does, and the end follows JNI's DestroyJavaVM: the main thread ends, the
# other non-daemon threads are waited for, shutdown hooks run.
#
# Configuration records (kernel/boot/config.pxd): mode=jar|class, main, main-class, arg…, heap-max,
# heap-initial, stack-size, gc-every, gc-fail, gc-verify, gc-poison, indy-shortcuts,
# preempt-every, preempt-seed, preempt-kernel, preempt-slice (kernel/threads/stress.pxd).
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.bootinfo cimport MARK_JVM_READY, MARK_MAIN
from kernel.boot.config cimport config_count, config_flag, config_get, config_number
from kernel.boot.main cimport kernel_exit
from kernel.diagnostics.format cimport kprint
from kernel.diagnostics.log cimport log_info
from kernel.diagnostics.panic cimport panic_set_java_reporter
from kernel.diagnostics.trace cimport trace_begin, trace_end, trace_instant
from kernel.memory.pages cimport PageStatistics, pages_statistics
from kernel.memory.string cimport strlen
from kernel.platform.platform cimport platform_mark
from kernel.threads.stress cimport stress_init, stress_on
from jvm.heap.heap cimport HeapConfig, heap_debug_allocations, heap_init, heap_new, heap_new_array
from jvm.heap.object cimport Object, array_set, ref_load, ref_store
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (ACC_STATIC, Class, Field, JavaThread, Method, Slot, Symbol, class_of)
from jvm.loader.loader cimport (class_array_of, class_find_field, class_initialize, class_named_method,
                                class_find_method, field_static_address, loader_boot, loader_init,
                                loader_load_boot, mirror_class, mirrors_enable)
from jvm.loader.symbols cimport symbol_from, symbols_init
from jvm.loader.wellknown cimport wellknown_load
from jvm.natives.management cimport management_init
from jvm.runtime.dispatcher cimport dispatcher_start
from jvm.runtime.exceptions cimport exceptions_init, throw_out_of_memory
from jvm.runtime.launcher cimport launcher_check
from jvm.runtime.observe cimport observe_init
from jvm.runtime.roots cimport roots_client, roots_init, roots_register_variable
from jvm.runtime.statistics cimport statistics_init, statistics_publish
from jvm.runtime.safepoint cimport safepoint_stress
from jvm.runtime.stack_trace cimport stack_trace_report
from jvm.runtime.strings cimport string_from, string_from_utf8, string_to_utf8, strings_init
from jvm.runtime.threads cimport (java_thread_attach_main, java_thread_finish, java_threads_join_user)

cdef enum:
    JAVA_STACK_BYTES = 1048576           # java -Xss's default on this platform
    LAUNCH_CLASS = 1                     # sun.launcher.LauncherHelper.LM_CLASS, LM_JAR
    LAUNCH_JAR = 2
    HEAP_MINIMUM = 2097152
    SAID_WHY = 1                         # of boot: it failed, and the class library has told the reason
    CAUSES = 8                           # of an exception that ends the start: a chain may be a circle

# Classes initialised before phase 1, in the order of HotSpot's initialize_java_lang_classes.
cdef const char* early_class(int index) noexcept nogil:
    if index == 0: return b"java/lang/String"
    elif index == 1: return b"java/lang/System"
    elif index == 2: return b"java/lang/Class"
    elif index == 3: return b"java/lang/ThreadGroup"
    elif index == 4: return b"java/lang/Thread"
    return NULL

cdef const char* late_class(int index) noexcept nogil:
    if index == 0: return b"java/lang/Module"
    elif index == 1: return b"jdk/internal/misc/UnsafeConstants"
    elif index == 2: return b"java/lang/reflect/Method"
    elif index == 3: return b"java/lang/ref/Finalizer"
    return NULL

# Exceptions that the VM throws itself: initialised early, so that throwing one runs little code.
cdef const char* exception_class(int index) noexcept nogil:
    if index == 0: return b"java/lang/OutOfMemoryError"
    elif index == 1: return b"java/lang/NullPointerException"
    elif index == 2: return b"java/lang/ClassCastException"
    elif index == 3: return b"java/lang/ArrayStoreException"
    elif index == 4: return b"java/lang/ArithmeticException"
    elif index == 5: return b"java/lang/ArrayIndexOutOfBoundsException"
    elif index == 6: return b"java/lang/StackOverflowError"
    elif index == 7: return b"java/lang/IllegalMonitorStateException"
    elif index == 8: return b"java/lang/IllegalArgumentException"
    elif index == 9: return b"java/lang/InternalError"
    elif index == 10: return b"java/lang/invoke/MethodHandle"
    elif index == 11: return b"java/lang/invoke/ResolvedMethodName"
    elif index == 12: return b"java/lang/invoke/MemberName"
    elif index == 13: return b"java/lang/invoke/MethodHandleNatives"
    return NULL

cdef Class* boot_class(JavaThread* t, const char* name) noexcept nogil:
    """The named class of the boot loader, initialised; NULL with t.exception or a message printed."""
    cdef Class* klass = loader_load_boot(t, symbol_from(name))
    if klass == NULL:
        if t.exception == NULL:
            kprint(b"Error: class %s is not in the class library\n", name)
        return NULL
    if class_initialize(t, klass) != 0:
        return NULL
    return klass

cdef int initialize_all(JavaThread* t, const char* (*name_of)(int) noexcept nogil) noexcept nogil:
    cdef int index = 0
    while name_of(index) != NULL:
        if boot_class(t, name_of(index)) == NULL:
            return -1
        index += 1
    return 0

cdef int call_static(JavaThread* t, const char* class_name, const char* name, const char* descriptor,
                     Slot* arguments, Slot* result) noexcept nogil:
    cdef Class* klass = boot_class(t, class_name)
    cdef Method* method
    if klass == NULL:
        return -1
    method = class_named_method(klass, name, descriptor)
    if method == NULL:
        kprint(b"Error: method %s.%s%s is not in the class library\n", class_name, name, descriptor)
        return -1
    return java_call(t, method, arguments, result)

cdef void* static_cell(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Field* field = class_find_field(klass, symbol_from(name), symbol_from(descriptor))
    return field_static_address(field) if field != NULL else NULL

cdef u32 instance_offset(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Field* field = class_find_field(klass, symbol_from(name), symbol_from(descriptor))
    return field.offset if field != NULL else 0

cdef int set_unsafe_constants(JavaThread* t) noexcept nogil:
    """UnsafeConstants declares its fields without values: the VM writes them."""
    cdef Class* klass = boot_class(t, b"jdk/internal/misc/UnsafeConstants")
    if klass == NULL:
        return -1
    (<i32*>static_cell(klass, b"ADDRESS_SIZE0", b"I"))[0] = 8
    (<i32*>static_cell(klass, b"PAGE_SIZE", b"I"))[0] = 4096
    (<u8*>static_cell(klass, b"BIG_ENDIAN", b"Z"))[0] = 0
    (<u8*>static_cell(klass, b"UNALIGNED_ACCESS", b"Z"))[0] = 1
    (<i32*>static_cell(klass, b"DATA_CACHE_LINE_FLUSH_SIZE", b"I"))[0] = 0
    return 0

cdef int attach_thread_object(JavaThread* t, Object* group, const char* name) noexcept nogil:
    """Give `t` a java.lang.Thread: visible as currentThread() before its constructor runs, which
    then knows that it is being attached (java.lang.Thread's constructors for the VM)."""
    cdef Class* klass = boot_class(t, b"java/lang/Thread")
    cdef Class* holder_class
    cdef Object* thread
    cdef Object* holder
    cdef Slot arguments[3]
    if klass == NULL:
        return -1
    thread = heap_new(&t.span, &klass.shape)
    if thread == NULL:
        throw_out_of_memory(t, b"Java heap space")
        return -1
    (<i64*>(<u8*>thread + instance_offset(klass, b"eetop", b"J")))[0] = <i64>t
    t.object = thread
    t.carrier_object = thread
    arguments[0].a = thread
    arguments[1].a = group
    arguments[2].a = string_from(t, name)
    if arguments[2].a == NULL:
        return -1
    if java_call(t, class_named_method(klass, b"<init>", b"(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"),
                 arguments, NULL) != 0:
        return -1
    holder = ref_load(thread, instance_offset(klass, b"holder", b"Ljava/lang/Thread$FieldHolder;"))
    holder_class = class_of(holder)
    # ALIVE | RUNNABLE of JVMTI's thread states, which java.lang.Thread.State is computed from.
    (<i32*>(<u8*>holder + instance_offset(holder_class, b"threadStatus", b"I")))[0] = 5
    return 0

cdef Object* main_group
cdef Object* system_group

cdef int make_main_thread(JavaThread* t) noexcept nogil:
    """The system and main thread groups and the main thread's object."""
    global main_group, system_group
    cdef Class* klass = boot_class(t, b"java/lang/ThreadGroup")
    cdef Slot arguments[3]
    if klass == NULL:
        return -1
    roots_register_variable(&main_group)     # its parent holds it weakly
    roots_register_variable(&system_group)
    system_group = heap_new(&t.span, &klass.shape)
    if system_group == NULL:
        throw_out_of_memory(t, b"Java heap space")
        return -1
    arguments[0].a = system_group
    if java_call(t, class_named_method(klass, b"<init>", b"()V"), arguments, NULL) != 0:
        return -1
    main_group = heap_new(&t.span, &klass.shape)
    if main_group == NULL:
        throw_out_of_memory(t, b"Java heap space")
        return -1
    arguments[0].a = main_group
    arguments[1].a = system_group
    arguments[2].a = string_from(t, b"main")
    if arguments[2].a == NULL:
        return -1
    if java_call(t, class_named_method(klass, b"<init>", b"(Ljava/lang/ThreadGroup;Ljava/lang/String;)V"),
                 arguments, NULL) != 0:
        return -1
    return attach_thread_object(t, main_group, b"main")

cdef int boot(JavaThread* t) noexcept nogil:
    """Everything up to a class library that is ready for the application; -1 with the reason pending, or SAID_WHY."""
    cdef Slot arguments[2]
    cdef Slot result
    cdef Class* klass
    if wellknown_load(t) != 0:
        return -1
    mirrors_enable(t)
    if t.exception != NULL or exceptions_init(t) != 0:
        return -1
    klass = loader_load_boot(t, symbol_from(b"java/lang/String"))
    if klass == NULL or class_initialize(t, klass) != 0:
        return -1
    (<u8*>static_cell(klass, b"COMPACT_STRINGS", b"Z"))[0] = 1
    if initialize_all(t, early_class) != 0 or make_main_thread(t) != 0:
        return -1
    if set_unsafe_constants(t) != 0 or initialize_all(t, late_class) != 0:
        return -1
    trace_begin(b"System.initPhase1", 0)
    if call_static(t, b"java/lang/System", b"initPhase1", b"()V", NULL, NULL) != 0:
        return -1
    trace_end(b"System.initPhase1")
    if initialize_all(t, exception_class) != 0:
        return -1
    if dispatcher_start(t, system_group) != 0:
        t.exception = NULL
    arguments[0].i = 0                   # printToStderr: to stdout and without a trace, as the host does
    arguments[1].i = 0                   # printStackTrace
    trace_begin(b"System.initPhase2", 0)
    if call_static(t, b"java/lang/System", b"initPhase2", b"(ZZ)I", arguments, &result) != 0:
        return -1
    trace_end(b"System.initPhase2")
    if result.i != 0:
        return SAID_WHY
    trace_begin(b"System.initPhase3", 0)
    if call_static(t, b"java/lang/System", b"initPhase3", b"()V", NULL, NULL) != 0:
        return -1
    trace_end(b"System.initPhase3")
    return 0

cdef int start_machine(JavaThread** thread) noexcept nogil:
    """Heap, symbols, class library file and the main Java thread: all that needs no Java code."""
    cdef HeapConfig config
    cdef PageStatistics pages
    cdef u64 stack
    pages_statistics(&pages)
    config.maximum = config_number(b"heap-max", pages.free // 2)
    config.initial = config_number(b"heap-initial", 0)
    config.collect_every = <u32>config_number(b"gc-every", 0)
    config.fail_after = <u32>config_number(b"gc-fail", 0)
    config.verify = <u32>config_number(b"gc-verify", 0)
    config.poison = <u32>config_number(b"gc-poison", 0)
    config.mark_stack = 0
    if config.maximum < HEAP_MINIMUM or config.maximum > pages.largest:
        kprint(b"Error: a Java heap of %u KB does not fit: the guest has %u KB of free memory (give more with -m, or less with -Xmx)\n",
               config.maximum >> 10, pages.largest >> 10)
        return -1
    panic_set_java_reporter(stack_trace_report)
    observe_init()
    stress_init(config_number(b"preempt-every", 0), config_number(b"preempt-seed", 0), config_flag(b"preempt-kernel"),
                config_number(b"preempt-slice", 0))
    if stress_on():
        safepoint_stress()
    management_init()
    statistics_init()
    symbols_init()
    roots_init()
    if heap_init(&config, roots_client()) != 0:
        kprint(b"Error: no memory for a Java heap of %u KB\n", config.maximum >> 10)
        return -1
    strings_init()
    if loader_init() != 0:
        kprint(b"Error: the class library (boot module jdk/lib/modules) is missing or not a jimage\n")
        return -1
    stack = config_number(b"stack-size", JAVA_STACK_BYTES)
    thread[0] = java_thread_attach_main(stack)
    if thread[0] == NULL:
        kprint(b"Error: no memory for the main thread's stack of %u KB\n", stack >> 10)
        return -1
    return 0

cdef Object* argument_array(JavaThread* t) noexcept nogil:
    """String[] of the `arg` records."""
    cdef u64 count = config_count(b"arg")
    cdef u64 index
    cdef Class* klass = class_array_of(t, boot_class(t, b"java/lang/String"))
    cdef Object* array
    cdef Object* text
    cdef const char* value
    if klass == NULL:
        return NULL
    array = heap_new_array(&t.span, &klass.shape, <i32>count)
    if array == NULL:
        return NULL
    for index in range(count):
        value = config_get(b"arg", index)
        text = string_from_utf8(t, <const u8*>value, <u32>strlen(value))
        if text == NULL:
            return NULL
        array_set(array, <i32>index, text)
    return array

cdef int run_main(JavaThread* t) noexcept nogil:
    """Find the main class and call its main method; -1 with t.exception set if one came out."""
    cdef Slot arguments[3]
    cdef Slot result
    cdef Class* main_class
    cdef Class* helper
    cdef Method* method
    cdef Object* instance
    cdef const char* mode = config_get(b"mode", 0)
    cdef const char* main_name = config_get(b"main", 0)
    cdef const char* main_class_name = config_get(b"main-class", 0)
    cdef bint is_static, no_argument
    if main_class_name != NULL and launcher_check(t, main_class_name) != 0:
        vm_halt(1)
    arguments[0].i = 1                   # messages to System.err
    arguments[1].i = LAUNCH_JAR if mode != NULL and mode[0] == c'j' else LAUNCH_CLASS
    if main_name == NULL:
        main_name = b""
    arguments[2].a = string_from(t, main_name)
    if arguments[2].a == NULL:
        return -1
    if call_static(t, b"sun/launcher/LauncherHelper", b"checkAndLoadMain",
                   b"(ZILjava/lang/String;)Ljava/lang/Class;", arguments, &result) != 0:
        return -1
    main_class = mirror_class(result.a)
    helper = boot_class(t, b"sun/launcher/LauncherHelper")
    is_static = (<u8*>static_cell(helper, b"isStaticMain", b"Z"))[0]
    no_argument = (<u8*>static_cell(helper, b"noArgMain", b"Z"))[0]
    arguments[0].a = NULL
    if not no_argument:
        arguments[0].a = argument_array(t)
        if arguments[0].a == NULL:
            return -1
    if class_initialize(t, main_class) != 0:
        return -1
    method = class_find_method(main_class, symbol_from(b"main"),
                               symbol_from(b"()V" if no_argument else b"([Ljava/lang/String;)V"))
    if not is_static:
        # JEP 512: an instance main runs on a fresh object of its class.
        instance = heap_new(&t.span, &main_class.shape)
        if instance == NULL:
            return -1
        arguments[1] = arguments[0]
        arguments[0].a = instance
        if java_call(t, class_named_method(main_class, b"<init>", b"()V"), arguments, NULL) != 0:
            return -1
    platform_mark(MARK_MAIN)
    trace_instant(b"main", 0)
    return java_call(t, method, arguments, NULL)

cdef int end(JavaThread* t) noexcept nogil:
    """JNI DetachCurrentThread and DestroyJavaVM: returns the exit code of a main that returned."""
    cdef int code = 1 if t.exception != NULL else 0
    java_thread_finish(t)                # uncaught exception, Thread.exit, TERMINATED
    java_threads_join_user()
    if attach_thread_object(t, main_group, b"DestroyJavaVM") == 0:
        call_static(t, b"java/lang/Shutdown", b"shutdown", b"()V", NULL, NULL)
    return code

cdef void tell_figures() noexcept nogil:
    if config_number(b"gc-fail", 0) != 0:
        log_info(b"gc-fail: %u allocations", heap_debug_allocations())
    statistics_publish()

cdef public int jvm_main() noexcept nogil:
    cdef JavaThread* t = NULL
    cdef int code
    if start_machine(&t) != 0:
        return 1
    code = boot(t)
    if code != 0:
        if code != SAID_WHY:
            kprint(b"Error occurred during initialization of VM\n")
            vm_describe_exception(t)
        return 1
    platform_mark(MARK_JVM_READY)
    run_main(t)
    code = end(t)
    tell_figures()
    return code

cdef public void vm_halt(int code) noexcept nogil:
    tell_figures()
    kernel_exit(code)

cdef void describe(Object* throwable) noexcept nogil:
    """The class and the message, without any of the program's code: it may be what fails."""
    cdef Object* message
    cdef char text[1024]
    cdef char name[256]
    cdef u64 i = 0
    cdef Class* klass = class_of(throwable)
    while i < sizeof(name) - 1 and klass.name.text[i] != 0:
        name[i] = b'.' if klass.name.text[i] == b'/' else <char>klass.name.text[i]
        i += 1
    name[i] = 0
    message = ref_load(throwable, instance_offset(klass, b"detailMessage", b"Ljava/lang/String;"))
    if message == NULL:
        kprint(b"%s\n", <const char*>name)
    else:
        string_to_utf8(message, <u8*>text, sizeof(text))
        kprint(b"%s: %s\n", <const char*>name, <const char*>text)

cdef public void vm_describe_exception(JavaThread* t) noexcept nogil:
    cdef Object* throwable = t.exception
    cdef Object* cause
    cdef u32 depth = 0
    if throwable == NULL:                # before there can be one
        kprint(b"there is no memory for what the machine begins with\n")
        return
    describe(throwable)
    while depth < CAUSES:
        cause = ref_load(throwable, instance_offset(class_of(throwable), b"cause", b"Ljava/lang/Throwable;"))
        if cause == NULL or cause == throwable:          # itself: never set
            return
        kprint(b"Caused by: ")
        describe(cause)
        throwable = cause
        depth += 1
