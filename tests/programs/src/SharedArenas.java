/* Memory that threads share: shared and automatic arenas closed while others read and copy, mapped files, and what is refused. */

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

public class SharedArenas {
    public static void main(String[] args) throws Exception {
        AtomicReference<MemorySegment> current = new AtomicReference<>();
        AtomicInteger wrong = new AtomicInteger(), refused = new AtomicInteger(), read = new AtomicInteger();
        Thread[] readers = new Thread[2];
        boolean[] stop = new boolean[1];
        for (int n = 0; n < readers.length; n++) {
            readers[n] = new Thread(() -> {
                MemorySegment copy = MemorySegment.ofArray(new long[4096]);
                while (!stop[0]) {
                    Thread.yield();
                    MemorySegment segment = current.get();
                    if (segment == null) continue;
                    try {
                        long value = segment.get(ValueLayout.JAVA_LONG, 8);
                        copy.copyFrom(segment);
                        if (copy.mismatch(segment) != -1 || copy.get(ValueLayout.JAVA_LONG, 4000) != value) wrong.incrementAndGet();
                        read.incrementAndGet();
                    } catch (IllegalStateException e) {
                        refused.incrementAndGet();
                    }
                }
            });
            readers[n].start();
        }
        for (int round = 0; round < 20; round++) {
            Arena arena = Arena.ofShared();
            MemorySegment segment = arena.allocate(4096 * 8, 8);
            for (int n = 0; n < 4096; n++) segment.setAtIndex(ValueLayout.JAVA_LONG, n, round);
            current.set(segment);
            Thread.yield();
            arena.close();
            try {
                segment.get(ValueLayout.JAVA_BYTE, 0);
                System.out.println("still there");
            } catch (IllegalStateException e) {
                if (!e.getMessage().equals("Already closed")) System.out.println(e);
            }
        }
        while (refused.get() == 0) Thread.sleep(1);
        stop[0] = true;
        for (Thread reader : readers) reader.join();
        System.out.println(wrong + " " + (refused.get() > 0));

        Path file = Files.createTempFile("arena", ".bin");
        Files.write(file, "mapped bytes".repeat(1000).getBytes());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped;
            try (Arena arena = Arena.ofShared()) {
                mapped = channel.map(FileChannel.MapMode.READ_ONLY, 5, 10_000, arena);
                Thread other = new Thread(() -> System.out.println((char) mapped.get(ValueLayout.JAVA_BYTE, 400)));
                other.start();
                other.join();
                System.out.println(mapped.byteSize() + " " + mapped.isMapped() + " " + mapped.isReadOnly());
            }
            try {
                mapped.get(ValueLayout.JAVA_BYTE, 400);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
        Files.delete(file);

        Arena twice = Arena.ofShared();
        twice.close();
        try {
            twice.close();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            Arena.global().close();
        } catch (UnsupportedOperationException e) {
            System.out.println(e.getMessage());
        }
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment own = confined.allocate(8);
            Thread other = new Thread(() -> {
                try {
                    own.get(ValueLayout.JAVA_BYTE, 0);
                } catch (WrongThreadException e) {
                    System.out.println("wrong thread");
                }
            });
            other.start();
            other.join();
        }
    }
}
