/* Functions of the C library called through java.lang.foreign.Linker: every kind of argument, results, heap memory, what is
 * not found, and handles that are used wrongly. */

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.WrongMethodTypeException;

public class ForeignFunctions {
    static final Linker LINKER = Linker.nativeLinker();
    static final SymbolLookup LIBRARY = LINKER.defaultLookup();
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(LIBRARY.find(name).orElseThrow(),
            result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments));
    }

    public static void main(String[] args) throws Throwable {
        MethodHandle length = function("strlen", ValueLayout.JAVA_LONG, POINTER);
        MethodHandle compare = function("strcmp", ValueLayout.JAVA_INT, POINTER, POINTER);
        MethodHandle fill = function("memset", POINTER, POINTER, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
        MethodHandle allocate = function("malloc", POINTER, ValueLayout.JAVA_LONG);
        MethodHandle free = function("free", null, POINTER);
        System.out.println(length.type());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom("héllo");
            System.out.println((long) length.invokeExact(text));
            System.out.println(Integer.signum((int) compare.invokeExact(text, arena.allocateFrom("hz"))) + " "
                + Integer.signum((int) compare.invokeExact(text, arena.allocateFrom("héllo"))));
            MemorySegment filled = (MemorySegment) fill.invokeExact(text, (int) 'x', 3L);
            System.out.println(filled.address() == text.address() ? text.getString(0) : "elsewhere");
            System.out.println(filled.byteSize());
        }
        MemorySegment block = ((MemorySegment) allocate.invokeExact(100L)).reinterpret(100);
        block.set(ValueLayout.JAVA_LONG, 8, 0x1122334455667788L);
        System.out.println(Long.toHexString(block.get(ValueLayout.JAVA_LONG, 8)));
        free.invokeExact(block);

        System.out.println((int) function("abs", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT).invokeExact(-7));
        System.out.println((long) function("labs", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG).invokeExact(-70000000000L));
        System.out.println((double) function("sqrt", ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE).invokeExact(2.0));
        System.out.println((float) function("sqrtf", ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT).invokeExact(2.0f));
        System.out.println((double) function("fabs", ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE).invokeExact(-0.0));
        System.out.println((int) function("getpagesize", ValueLayout.JAVA_INT).invokeExact());

        MethodHandle heapCompare = LINKER.downcallHandle(LIBRARY.find("memcmp").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER, POINTER, ValueLayout.JAVA_LONG), Linker.Option.critical(true));
        MemorySegment left = MemorySegment.ofArray(new byte[] {1, 2, 3, 4}), right = MemorySegment.ofArray(new byte[] {9, 2, 3, 4});
        System.out.println((int) heapCompare.invokeExact(left.asSlice(1), right.asSlice(1), 3L) + " "
            + Integer.signum((int) heapCompare.invokeExact(left, right, 4L)));

        System.out.println(LIBRARY.find("no_such_function") + " " + SymbolLookup.loaderLookup().find("no_such_function"));
        try {
            length.invoke(left);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage().replaceAll("0x[0-9a-f]+|@[0-9a-f]+", "N"));
        }
        try {
            length.invokeExact("text");
        } catch (WrongMethodTypeException e) {
            System.out.println("wrong type");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment gone = arena.allocateFrom("gone");
            arena.close();
            long never = (long) length.invokeExact(gone);
            System.out.println(never);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(LINKER.canonicalLayouts().get("size_t") + " " + LINKER.canonicalLayouts().get("int"));
    }
}
