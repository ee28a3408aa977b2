import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.zip.CRC32;

/** Memory-mapped files and file locks; with an argument, in that directory; with a second, one file that stays. */
public class MappedFiles {
    static Path folder;

    public static void main(String[] args) throws Exception {
        if (args.length > 1) {
            // Stored and never forced: the end of the program does it.
            folder = Path.of(args[0]);
            MappedByteBuffer b = open(args[1]).map(MapMode.READ_WRITE, 0, 9000);
            for (int i = 0; i < 9000; i++) b.put(i, (byte) (i % 100));
            return;
        }
        folder = args.length > 0 ? Files.createTempDirectory(Path.of(args[0]), "mapped") : Files.createTempDirectory("mapped");
        try {
            readWrite();
            readOnly();
            privately();
            modes();
            growing();
            truncated();
            segments();
            large();
            locks();
        } finally {
            try (var all = Files.walk(folder)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
            }
        }
    }

    static FileChannel open(String name) throws IOException {
        return FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    static String text(Path p) throws IOException {
        return Files.readString(p, StandardCharsets.ISO_8859_1).replace('\0', '.');
    }

    static void readWrite() throws IOException {
        Path p = folder.resolve("a");
        Files.writeString(p, "hello world");
        try (FileChannel c = open("a")) {
            MappedByteBuffer b = c.map(MapMode.READ_WRITE, 0, 11);
            b.put(0, (byte) 'J');
            System.out.println("read sees the store: " + text(p));
            c.write(ByteBuffer.wrap("WORLD".getBytes()), 6);
            byte[] back = new byte[11];
            b.get(0, back);
            System.out.println("mapping sees the write: " + new String(back));
            b.put(10, (byte) '!');
            b.force();
            System.out.println(text(p) + " " + b.isLoaded() + " " + b.load().isDirect() + " " + b.isReadOnly());
            MappedByteBuffer again = c.map(MapMode.READ_WRITE, 6, 5);
            again.put(0, (byte) 'w');
            System.out.println("two mappings: " + (char) b.get(6) + " " + (char) again.get(4));
            b.force(0, 1);
        }
        try (FileChannel c = open("a")) {
            MappedByteBuffer b = c.map(MapMode.READ_WRITE, 0, 20);
            System.out.println("extended to " + c.size());
            b.position(11).put("abc".getBytes());
        }
        System.out.println("after close: " + text(p));
    }

    static void readOnly() throws IOException {
        Path p = folder.resolve("b");
        Files.writeString(p, "some contents");
        try (FileChannel c = FileChannel.open(p)) {
            MappedByteBuffer b = c.map(MapMode.READ_ONLY, 5, 8);
            System.out.println(StandardCharsets.US_ASCII.decode(b.duplicate()) + " " + b.isReadOnly());
            Files.writeString(p, "SOME CONTENTS", StandardOpenOption.WRITE);
            System.out.println(StandardCharsets.US_ASCII.decode(b.duplicate()));
            try {
                b.put(0, (byte) 1);
            } catch (java.nio.ReadOnlyBufferException e) {
                System.out.println(e);
            }
            try {
                c.map(MapMode.READ_ONLY, 5, 100);
            } catch (IOException e) {
                System.out.println(e);
            }
            System.out.println(c.map(MapMode.READ_ONLY, 3, 0).capacity());
        }
    }

    static void privately() throws IOException {
        Path p = folder.resolve("c");
        Files.writeString(p, "private");
        try (FileChannel c = open("c")) {
            MappedByteBuffer b = c.map(MapMode.PRIVATE, 0, 7);
            b.put(0, (byte) 'P');
            b.force();
            System.out.println((char) b.get(0) + " " + text(p));
        }
    }

    static void modes() throws IOException {
        Path p = folder.resolve("d");
        Files.writeString(p, "x");
        try (FileChannel r = FileChannel.open(p, StandardOpenOption.READ); FileChannel w = FileChannel.open(p, StandardOpenOption.WRITE)) {
            try { r.map(MapMode.READ_WRITE, 0, 1); } catch (NonWritableChannelException e) { System.out.println(e); }
            try { r.map(MapMode.PRIVATE, 0, 1); } catch (NonWritableChannelException e) { System.out.println(e); }
            try { w.map(MapMode.READ_ONLY, 0, 1); } catch (NonReadableChannelException e) { System.out.println(e); }
            try { r.map(MapMode.READ_ONLY, -1, 1); } catch (IllegalArgumentException e) { System.out.println(e); }
            try { r.map(MapMode.READ_ONLY, 0, 1L << 32); } catch (IllegalArgumentException e) { System.out.println(e); }
        }
        FileChannel closed = open("d");
        closed.close();
        try { closed.map(MapMode.READ_ONLY, 0, 1); } catch (IOException e) { System.out.println(e); }
    }

    // A log that grows and is mapped anew each time, as programs do; what was mapped is garbage then.
    static void growing() throws IOException {
        try (RandomAccessFile f = new RandomAccessFile(folder.resolve("log").toFile(), "rw")) {
            MappedByteBuffer b = null;
            for (int i = 0, size = 0; i < 4; i++) {
                int more = 5000;
                b = f.getChannel().map(MapMode.READ_WRITE, 0, size + more);
                for (int k = 0; k < more; k++) b.put(size + k, (byte) (i + k));
                size += more;
                b.force();
            }
            CRC32 sum = new CRC32();
            sum.update(Files.readAllBytes(folder.resolve("log")));
            System.out.println("log " + f.length() + " " + Long.toHexString(sum.getValue()));
        }
        try (FileChannel c = open("chunks")) {
            MappedByteBuffer[] parts = new MappedByteBuffer[4];
            for (int i = 0; i < 4; i++) {
                parts[i] = c.map(MapMode.READ_WRITE, i * 4096L, 4096);
                parts[i].putInt(100, i * 7);
            }
            ByteBuffer read = ByteBuffer.allocate(4);
            for (int i = 0; i < 4; i++) {
                c.read(read.clear(), i * 4096L + 100);
                System.out.print(read.getInt(0) + " ");
            }
            System.out.println(c.size());
        }
    }

    static void truncated() throws IOException {
        try (FileChannel c = open("t")) {
            MappedByteBuffer b = c.map(MapMode.READ_WRITE, 0, 4096);
            b.put(0, (byte) 'a').put(3000, (byte) 'b');
            c.truncate(10);
            System.out.println(c.size() + " " + (char) b.get(0) + " " + b.get(3000));
            c.write(ByteBuffer.wrap(new byte[] {7}), 3000);
            System.out.println(c.size() + " " + b.get(3000) + " " + b.get(2999));
        }
    }

    static void segments() throws IOException {
        try (FileChannel c = open("s"); Arena arena = Arena.ofConfined()) {
            MemorySegment s = c.map(MapMode.READ_WRITE, 0, 1 << 16, arena);
            for (int i = 0; i < 1 << 16; i += 8) s.set(ValueLayout.JAVA_LONG, i, i * 31L);
            s.force();
            System.out.println(s.isMapped() + " " + s.byteSize() + " " + s.asSlice(4096, 8).get(ValueLayout.JAVA_LONG, 0));
        }
        ByteBuffer read = ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        try (FileChannel c = open("s")) {
            c.read(read, 65528);
        }
        System.out.println(read.getLong(0));
    }

    static void large() throws IOException {
        int size = 3 << 20;
        try (FileChannel c = open("large")) {
            MappedByteBuffer b = c.map(MapMode.READ_WRITE, 0, size);
            for (int i = 0; i < size; i += 4) b.putInt(i, i * 0x9E3779B1);
            CRC32 mapped = new CRC32(), read = new CRC32();
            mapped.update(b.duplicate().clear());
            ByteBuffer chunk = ByteBuffer.allocate(70001);
            while (c.read(chunk.clear()) > 0) read.update(chunk.flip());
            System.out.println(mapped.getValue() == read.getValue() ? "same sum" : "different");
        }
    }

    static void locks() throws IOException {
        try (FileChannel c = open("lock"); FileChannel d = open("lock")) {
            FileLock first = c.lock(0, 10, false);
            System.out.println(first.isValid() + " " + first.isShared() + " " + first.position() + " " + first.size());
            try { d.tryLock(5, 10, false); } catch (OverlappingFileLockException e) { System.out.println(e); }
            try { c.lock(); } catch (OverlappingFileLockException e) { System.out.println(e); }
            FileLock second = d.tryLock(10, 5, true);
            System.out.println(second.isShared() + " " + second.overlaps(9, 1) + " " + second.overlaps(14, 1));
            first.release();
            System.out.println(first.isValid() + " " + d.tryLock(0, 10, false).isValid());
            second.release();
        }
        try (FileChannel r = FileChannel.open(folder.resolve("lock"), StandardOpenOption.READ)) {
            try { r.lock(); } catch (NonWritableChannelException e) { System.out.println(e); }
            try (FileLock l = r.lock(0, Long.MAX_VALUE, true)) { System.out.println(l.isShared()); }
        }
    }
}
