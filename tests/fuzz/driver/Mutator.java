import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages class files and jars. Invariant: what comes out depends on the arguments alone. */
final class Mutator {
    private static final int[] EXTREMES = {0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff};
    private static final String[] TEXTS = {"", "V", "()V", "I", "J", "[", "L;", "<init>", "<clinit>", "Code", "[[[[[[I", "(", "()",
        "java/lang/Object", "java/lang/String", "Ljava/lang/Object;", "java.lang.Object", "a//b", "StackMapTable", "Exceptions",
        "BootstrapMethods", "InnerClasses", "NestHost", "Record", "PermittedSubclasses", "ConstantValue", "Signature", "(I)I",
        "(JJJJJJJJ)J", "([Ljava/lang/String;)V", "[Z", "LSeeds;", "Seeds", "jdk/internal/misc/Unsafe", "main", "toString", "\u0000"};
    private static final int[] SIZES = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    private final Random chance;
    private byte[] data;

    private Mutator(byte[] data, Random chance) {
        this.data = data.clone();
        this.chance = chance;
    }

    /** One to four damages that know a class file's form, or some bytes anywhere. */
    static byte[] ofClass(byte[] original, Random chance) {
        Mutator mutator = new Mutator(original, chance);
        int times = 1 + chance.nextInt(chance.nextInt(4) + 1);
        for (int i = 0; i < times; i++) {
            mutator.damageClass();
        }
        return mutator.data;
    }

    /** Some bytes and little-endian numbers of an archive, often near its directory. */
    static byte[] ofArchive(byte[] original, Random chance) {
        Mutator mutator = new Mutator(original, chance);
        int times = 1 + chance.nextInt(chance.nextInt(6) + 1);
        for (int i = 0; i < times; i++) {
            mutator.damageArchive();
        }
        return mutator.data;
    }

    private int u2(int at) {
        return (data[at] & 255) << 8 | data[at + 1] & 255;
    }

    private long u4(int at) {
        return (long) u2(at) << 16 | u2(at + 2);
    }

    private void put2(int at, int value) {
        data[at] = (byte) (value >> 8);
        data[at + 1] = (byte) value;
    }

    private int extreme() {
        return EXTREMES[chance.nextInt(EXTREMES.length)];
    }

    /** Where each pool entry begins (0: none); the last is the pool's end. Null: not to be read. */
    private int[] pool() {
        try {
            int count = u2(8);
            int[] starts = new int[count + 1];
            int at = 10;
            for (int i = 1; i < count; i++) {
                starts[i] = at;
                int tag = data[at];
                if (tag == 1) {
                    at += 3 + u2(at + 1);
                } else if (tag < 3 || tag >= SIZES.length || SIZES[tag] == 0) {
                    return null;
                } else {
                    at += 1 + SIZES[tag];
                    i += tag == 5 || tag == 6 ? 1 : 0;
                }
            }
            starts[count] = at;
            return at < data.length - 8 ? starts : null;
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            return null;
        }
    }

    /** Ranges of the Code attributes, as start and end. */
    private List<int[]> codes(int[] pool) {
        List<int[]> found = new ArrayList<>();
        try {
            int at = pool[pool.length - 1] + 6;
            at += 2 + 2 * u2(at);
            for (int kind = 0; kind < 2; kind++) {
                int members = u2(at);
                at += 2;
                while (members-- > 0) {
                    int attributes = u2(at + 6);
                    at += 8;
                    while (attributes-- > 0) {
                        int length = (int) u4(at + 2);
                        int name = pool[u2(at)];
                        if (kind == 1 && u2(name + 1) == 4 && data[name + 3] == 'C' && data[name + 4] == 'o') {
                            found.add(new int[] {at + 6, at + 6 + length});
                        }
                        at += 6 + length;
                    }
                }
            }
        } catch (IndexOutOfBoundsException e) {
            return found;
        }
        return found;
    }

    private void replace(int start, int end, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + by.length);
        out.write(data, 0, start);
        out.writeBytes(by);
        out.write(data, end, data.length - end);
        data = out.toByteArray();
    }

    private void damageClass() {
        int[] pool = chance.nextInt(8) == 0 ? null : pool();
        if (pool == null) {
            damageBytes();
            return;
        }
        int count = pool.length - 1;
        int entry = 1 + chance.nextInt(Math.max(1, count - 1));
        int at = pool[entry];
        switch (chance.nextInt(12)) {
            case 0, 1 -> {
                if (at != 0 && data[at] == 1) {                              // a name, a descriptor, a signature
                    byte[] text = TEXTS[chance.nextInt(TEXTS.length)].getBytes();
                    byte[] made = new byte[text.length + 2];
                    made[1] = (byte) text.length;
                    System.arraycopy(text, 0, made, 2, text.length);
                    replace(at + 1, at + 3 + u2(at + 1), made);
                } else if (at != 0) {
                    put2(at + 1, 1 + chance.nextInt(count));
                }
            }
            case 2 -> {
                if (at != 0 && data[at] == 1 && u2(at + 1) > 0) {
                    data[at + 3 + chance.nextInt(u2(at + 1))] = (byte) "()[];/.<LVIJ$\0\u0080a".charAt(chance.nextInt(16));
                }
            }
            case 3 -> {
                if (at != 0) {
                    data[at] = (byte) chance.nextInt(22);
                }
            }
            case 4 -> {
                if (at != 0 && data[at] != 1) {
                    int last = SIZES[data[at]] == 4 && chance.nextBoolean() ? 3 : 1;
                    put2(at + last, chance.nextInt(3) == 0 ? extreme() : chance.nextInt(count + 1));
                }
            }
            case 5 -> put2(pool[count] + 2 * chance.nextInt(Math.min(8, (data.length - pool[count]) / 2)),
                           chance.nextBoolean() ? extreme() : chance.nextInt(65536));
            case 6 -> put2(6, 43 + chance.nextInt(29));
            case 7 -> put2(8, count + chance.nextInt(5) - 2);
            case 8, 9, 10 -> {
                List<int[]> codes = codes(pool);
                if (codes.isEmpty()) {
                    damageBytes();
                    return;
                }
                int[] code = codes.get(chance.nextInt(codes.size()));
                int place = code[0] + chance.nextInt(Math.max(1, code[1] - code[0]));
                if (place < data.length) {
                    data[place] = (byte) switch (chance.nextInt(4)) {
                        case 0 -> chance.nextInt(256);
                        case 1 -> chance.nextInt(202);
                        case 2 -> data[place] + chance.nextInt(7) - 3;
                        default -> data[code[0] + chance.nextInt(Math.max(1, Math.min(code[1], data.length) - code[0]))];
                    };
                }
            }
            default -> {
                int place = pool[count] + chance.nextInt(data.length - pool[count] - 1);
                put2(place, chance.nextInt(3) == 0 ? extreme() : chance.nextInt(count + 2));
            }
        }
    }

    private void damageBytes() {
        if (data.length < 16) {
            return;
        }
        int at = chance.nextInt(data.length - 8);
        int length = Math.min(1 + chance.nextInt(64), data.length - at);
        switch (chance.nextInt(6)) {
            case 0 -> data[at] ^= (byte) (1 << chance.nextInt(8));
            case 1 -> data[at] = (byte) chance.nextInt(256);
            case 2 -> replace(at, at + length, new byte[0]);
            case 3 -> replace(at, at, java.util.Arrays.copyOfRange(data, at, at + length));
            case 4 -> data = java.util.Arrays.copyOf(data, chance.nextInt(4) == 0 ? data.length + length : at + 8);
            default -> {
                int from = chance.nextInt(data.length - length + 1);
                System.arraycopy(data, from, data, at, length);
            }
        }
    }

    private void damageArchive() {
        if (data.length < 64 || chance.nextInt(4) == 0) {
            damageBytes();
            return;
        }
        // Four in five of the rest: the central directory and the end record, which lie in the last part.
        int at = chance.nextInt(5) == 0 ? chance.nextInt(data.length - 4) : data.length - 4 - chance.nextInt(Math.min(data.length - 4, 700));
        int value = chance.nextBoolean() ? extreme() : chance.nextInt(65536);
        data[at] = (byte) value;
        data[at + 1] = (byte) (value >> 8);
        if (chance.nextBoolean()) {
            data[at + 2] = (byte) (chance.nextBoolean() ? 0 : 0xff);
            data[at + 3] = data[at + 2];
        }
    }
}
