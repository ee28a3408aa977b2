import java.nio.file.*;
import java.util.*;
import java.util.concurrent.TimeUnit;

/** WatchService: creation, change, removal and renaming in a directory. */
public class Watching {
    public static void main(String[] args) throws Exception {
        Path d = args.length > 0 ? Files.createTempDirectory(Path.of(args[0]), "watched") : Files.createTempDirectory("watched");
        WatchService w = FileSystems.getDefault().newWatchService();
        WatchKey k = d.register(w, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
        System.out.println(k.isValid() + " " + k.watchable().equals(d) + " " + w.poll());
        Path f = d.resolve("f");
        Files.createFile(f);
        expect(w, "ENTRY_CREATE f");
        Files.writeString(f, "contents");
        expect(w, "ENTRY_MODIFY f");
        Files.move(f, d.resolve("g"));
        expect(w, "ENTRY_DELETE f", "ENTRY_CREATE g");
        Files.createDirectory(d.resolve("sub"));
        expect(w, "ENTRY_CREATE sub");
        Files.delete(d.resolve("sub"));
        Files.delete(d.resolve("g"));
        expect(w, "ENTRY_DELETE sub", "ENTRY_DELETE g");
        Thread t = new Thread(() -> {
            try {
                Thread.sleep(50);
                Files.createFile(d.resolve("late"));
            } catch (Exception e) {
                System.out.println(e);
            }
        });
        t.start();
        WatchKey taken = w.take();
        System.out.println("taken " + (taken == k) + " " + taken.pollEvents().get(0).context());
        t.join();
        taken.reset();
        k.cancel();
        System.out.println(k.isValid() + " " + k.reset());
        Files.delete(d.resolve("late"));
        System.out.println(w.poll(50, TimeUnit.MILLISECONDS));
        WatchKey only = d.register(w, StandardWatchEventKinds.ENTRY_DELETE);
        Files.createFile(d.resolve("x"));
        Files.delete(d.resolve("x"));
        expect(w, "ENTRY_DELETE x");
        Files.delete(d);
        WatchKey gone = w.poll(20, TimeUnit.SECONDS);
        System.out.println((gone == only) + " " + gone.pollEvents().size() + " " + gone.reset() + " " + gone.isValid());
        w.close();
        try {
            w.poll();
        } catch (ClosedWatchServiceException e) {
            System.out.println(e);
        }
        try {
            Path.of("/nowhere/at/all").register(FileSystems.getDefault().newWatchService(), StandardWatchEventKinds.ENTRY_CREATE);
        } catch (NoSuchFileException e) {
            System.out.println(e);
        }
    }

    // Waits until all of these came, in any number and order of keys.
    static void expect(WatchService w, String... wanted) throws Exception {
        TreeSet<String> left = new TreeSet<>(List.of(wanted)), seen = new TreeSet<>();
        while (!left.isEmpty()) {
            WatchKey k = w.poll(20, TimeUnit.SECONDS);
            if (k == null) break;
            for (WatchEvent<?> e : k.pollEvents()) {
                String s = e.kind() + " " + e.context();
                if (left.remove(s) || !s.startsWith("ENTRY_MODIFY")) seen.add(s);
            }
            k.reset();
        }
        System.out.println(seen + (left.isEmpty() ? "" : " missing " + left));
    }
}
