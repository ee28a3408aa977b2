// Everything that java.io and java.nio.file do to a folder: its argument, else a temporary one.
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;

public class HostFolder {
    static Path root;

    interface Step { void run() throws Exception; }

    static void step(String name, Step step) {
        System.out.println("-- " + name);
        try {
            step.run();
        } catch (Throwable e) {
            System.out.println("   " + text(e));
        }
    }

    static String text(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return e.getClass().getName() + ": " + message.replace(root.toString(), "ROOT");
    }

    static void say(String line) { System.out.println("   " + line); }

    static Path at(String name) { return root.resolve(name); }

    static void write(String name, String text) throws IOException {
        Files.write(at(name), text.getBytes(StandardCharsets.UTF_8));
    }

    static String read(String name) throws IOException {
        return new String(Files.readAllBytes(at(name)), StandardCharsets.UTF_8);
    }

    static String attributes(Path path) throws IOException {
        PosixFileAttributes a = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String kind = a.isDirectory() ? "folder" : a.isSymbolicLink() ? "link" : a.isRegularFile() ? "file" : "other";
        return kind + " " + (a.isDirectory() ? "" : a.size() + " ") + PosixFilePermissions.toString(a.permissions());
    }

    static void tree() throws IOException {
        final TreeMap<String, String> found = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<Path>() {
            @Override public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes a) throws IOException {
                found.put(root.relativize(d).toString(), attributes(d));
                return d.endsWith("threads") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }
            @Override public FileVisitResult visitFile(Path f, BasicFileAttributes a) throws IOException {
                String more = a.isSymbolicLink() ? " -> " + Files.readSymbolicLink(f) : "";
                found.put(root.relativize(f).toString(), attributes(f) + more);
                return FileVisitResult.CONTINUE;
            }
        });
        for (Map.Entry<String, String> e : found.entrySet()) say(e.getKey() + ": " + e.getValue());
    }

    static void streams() throws Exception {
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(at("numbers").toFile()))) {
            for (int i = 0; i < 100000; i++) out.write(i * 7);
        }
        try (FileOutputStream out = new FileOutputStream(at("numbers").toFile(), true)) {
            out.write(new byte[] {1, 2, 3});
            say("position after appending " + out.getChannel().position());
        }
        long sum = 0;
        try (FileInputStream in = new FileInputStream(at("numbers").toFile())) {
            say("available " + in.available());
            say("skipped " + in.skip(50000));
            say("available " + in.available());
            byte[] some = new byte[70000];
            int n = in.read(some);
            say("read " + n + " then " + in.read());
            for (int i = 0; i < n; i++) sum += some[i];
        }
        say("sum " + sum);
        try (PrintWriter w = new PrintWriter(new FileWriter(at("lines").toFile(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 5; i++) w.println("line " + i + " äöü");
        }
        try (BufferedReader r = Files.newBufferedReader(at("lines"))) {
            for (String l = r.readLine(); l != null; l = r.readLine()) say(l);
        }
        File file = at("lines").toFile();
        say(file.length() + " " + file.exists() + " " + file.isFile() + " " + file.isDirectory() + " " + file.canRead()
            + " " + file.canWrite() + " " + file.canExecute());
    }

    static void randomAccess() throws Exception {
        try (RandomAccessFile f = new RandomAccessFile(at("random").toFile(), "rw")) {
            f.writeInt(42);
            f.writeUTF("text");
            f.seek(1000);
            f.writeLong(-1L);
            say("length " + f.length() + " pointer " + f.getFilePointer());
            f.seek(0);
            say(f.readInt() + " " + f.readUTF());
            f.setLength(1004);
            say("length " + f.length() + " pointer " + f.getFilePointer());
            f.seek(2000);
            say("at the end " + f.read());
            f.setLength(5000);
            f.seek(4999);
            say("zero " + f.read() + " then " + f.read());
            try { f.seek(-1); } catch (IOException e) { say(text(e)); }
        }
        try (RandomAccessFile f = new RandomAccessFile(at("random").toFile(), "r")) {
            try { f.write(1); } catch (IOException e) { say(text(e)); }
        }
    }

    static void channels() throws Exception {
        try (FileChannel c = FileChannel.open(at("channel"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer big = ByteBuffer.allocateDirect(1500000);
            for (int i = 0; i < big.capacity(); i++) big.put((byte) (i * 31 >> 3));
            big.flip();
            say("wrote " + c.write(big) + " position " + c.position() + " size " + c.size());
            ByteBuffer small = ByteBuffer.allocate(10);
            say("read at " + c.read(small, 777777) + " " + Arrays.toString(small.array()));
            say("write at " + c.write(ByteBuffer.wrap("hello".getBytes()), 2000000) + " size " + c.size() + " position " + c.position());
            c.position(1499999);
            ByteBuffer[] parts = {ByteBuffer.allocate(3), ByteBuffer.allocate(4)};
            say("scattered " + c.read(parts) + " " + Arrays.toString(parts[0].array()) + Arrays.toString(parts[1].array()));
            c.truncate(1000);
            say("truncated: size " + c.size() + " position " + c.position() + " read " + c.read(small.clear()));
            c.position(0);
            long sum = 0;
            ByteBuffer all = ByteBuffer.allocate(2000);
            while (c.read(all) > 0) { }
            all.flip();
            while (all.hasRemaining()) sum = sum * 31 + all.get();
            say("sum " + sum);
            c.force(true);
            c.force(false);
            MappedByteBuffer map = c.map(FileChannel.MapMode.READ_ONLY, 100, 50);
            say("mapped " + map.get(0) + " " + map.get(49));
            try (FileChannel to = FileChannel.open(at("copied"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                say("transferred " + c.transferTo(10, 500, to));
            }
        }
        try (FileChannel c = FileChannel.open(at("copied"), StandardOpenOption.APPEND)) {
            say("appending at " + c.position());
            c.write(ByteBuffer.wrap(new byte[7]));
            say("size " + c.size() + " position " + c.position());
        }
        try (FileChannel c = FileChannel.open(at("copied"), StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
            c.write(ByteBuffer.wrap(new byte[] {9}), 3);
            try { c.read(ByteBuffer.allocate(1)); } catch (NonReadableChannelException e) { say(text(e)); }
        }
        try (FileChannel c = FileChannel.open(at("gone"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            c.write(ByteBuffer.wrap(new byte[] {9}));
            say("there " + Files.exists(at("gone")));
        }
        say("there " + Files.exists(at("gone")));
    }

    static void names() throws Exception {
        Files.createDirectory(at("folder"));
        Files.createDirectories(at("folder/a/b/c"));
        write("folder/a/one", "1");
        write("folder/a/two", "22");
        write("folder/ü with spaces", "x");
        Files.createSymbolicLink(at("folder/link"), Paths.get("a/one"));
        Files.createSymbolicLink(at("folder/up"), Paths.get("../lines"));
        Files.createSymbolicLink(at("folder/dir"), Paths.get("a"));
        Files.createSymbolicLink(at("folder/broken"), Paths.get("nowhere"));
        Files.createSymbolicLink(at("folder/loop"), Paths.get("loop"));
        Files.createLink(at("folder/hard"), at("folder/a/two"));
        say("links " + Files.getAttribute(at("folder/hard"), "unix:nlink") + " same " + Files.isSameFile(at("folder/hard"), at("folder/a/two")));
        say(read("folder/link") + " " + read("folder/dir/two") + " " + Files.exists(at("folder/broken"))
            + " " + Files.exists(at("folder/broken"), LinkOption.NOFOLLOW_LINKS) + " " + Files.isSymbolicLink(at("folder/dir"))
            + " " + Files.isDirectory(at("folder/dir")) + " " + Files.isDirectory(at("folder/dir"), LinkOption.NOFOLLOW_LINKS));
        say(root.toRealPath().relativize(at("folder/dir/../a/./b").toRealPath()).toString());
        say(root.toRealPath().relativize(at("folder/link").toRealPath()).toString());
        say(at("folder/dir/one").toFile().getCanonicalPath().substring(root.toRealPath().toString().length()));
        try { at("folder/broken").toRealPath(); } catch (IOException e) { say(text(e)); }
        try { read("folder/loop"); } catch (IOException e) { say(text(e)); }
        List<String> seen = new ArrayList<>();
        try (DirectoryStream<Path> s = Files.newDirectoryStream(at("folder"))) {
            for (Path p : s) seen.add(p.getFileName().toString());
        }
        Collections.sort(seen);
        say(seen.toString());
        String[] listed = at("folder").toFile().list();
        Arrays.sort(listed);
        say(Arrays.toString(listed));
        seen.clear();
        try (DirectoryStream<Path> s = Files.newDirectoryStream(at("folder/a"), "t*")) {
            for (Path p : s) seen.add(p.getFileName().toString());
        }
        say(seen.toString());
    }

    static void many() throws Exception {
        Files.createDirectory(at("many"));
        for (int i = 0; i < 700; i++) write("many/a rather long name for one of many files, number " + i, "" + i);
        File[] files = at("many").toFile().listFiles();
        long sum = 0;
        for (File f : files) sum += f.length();
        say(files.length + " " + sum);
        try (DirectoryStream<Path> s = Files.newDirectoryStream(at("many"))) {
            int n = 0;
            for (Path p : s) {
                if (n++ % 2 == 0) Files.delete(p);
            }
            say("seen " + n);
        }
        say("left " + at("many").toFile().list().length);
        for (File f : at("many").toFile().listFiles()) if (!f.delete()) say("not deleted " + f.getName());
        say("deleted " + at("many").toFile().delete());
    }

    static void moving() throws Exception {
        write("from", "moved");
        Files.move(at("from"), at("to"));
        say(Files.exists(at("from")) + " " + read("to"));
        write("other", "old");
        try { Files.move(at("to"), at("other")); } catch (IOException e) { say(text(e)); }
        Files.move(at("to"), at("other"), StandardCopyOption.REPLACE_EXISTING);
        say(read("other"));
        Files.move(at("other"), at("folder/a/other"), StandardCopyOption.ATOMIC_MOVE);
        say(read("folder/a/other"));
        Files.move(at("folder/a"), at("renamed"));
        say(Files.exists(at("folder/a/one")) + " " + read("renamed/one") + " " + read("renamed/two"));
        Files.move(at("renamed"), at("folder/a"));
        Files.copy(at("folder/a/one"), at("copy"));
        Files.copy(at("folder/link"), at("copied link"), LinkOption.NOFOLLOW_LINKS);
        try { Files.copy(at("lines"), at("copy")); } catch (IOException e) { say(text(e)); }
        Files.copy(at("lines"), at("copy"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        say(Files.size(at("copy")) + " " + Files.getLastModifiedTime(at("copy")).equals(Files.getLastModifiedTime(at("lines"))));
        try (InputStream in = new ByteArrayInputStream("from a stream".getBytes())) { Files.copy(in, at("streamed")); }
        say(read("streamed") + " " + at("streamed").toFile().renameTo(at("streamed again").toFile()));
        try { Files.move(at("folder"), at("folder/inside")); } catch (IOException e) { say(text(e)); }
        say("compared " + Files.mismatch(at("lines"), at("copy")));
    }

    static void errors() throws Exception {
        String[] tries = {"absent", "folder", "lines/below", "absent/below"};
        for (String name : tries) {
            try { new FileInputStream(at(name).toFile()).close(); say("opened " + name); } catch (IOException e) { say(text(e)); }
            try { new FileOutputStream(at(name.equals("absent") ? "folder/" : name).toFile()).close(); say("opened"); } catch (IOException e) { say(text(e)); }
            try { read(name); } catch (IOException e) { say(text(e)); }
            try { Files.newDirectoryStream(at(name)).close(); say("listed"); } catch (IOException e) { say(text(e)); }
            try { Files.size(at(name)); } catch (IOException e) { say(text(e)); }
        }
        try { Files.delete(at("folder")); } catch (IOException e) { say(text(e)); }
        try { Files.delete(at("absent")); } catch (IOException e) { say(text(e)); }
        try { Files.createDirectory(at("folder")); } catch (IOException e) { say(text(e)); }
        try { Files.createFile(at("lines")); } catch (IOException e) { say(text(e)); }
        try { Files.createDirectories(at("lines/below")); } catch (IOException e) { say(text(e)); }
        try { Files.createSymbolicLink(at("lines"), Paths.get("x")); } catch (IOException e) { say(text(e)); }
        try { Files.createLink(at("lines"), at("copy")); } catch (IOException e) { say(text(e)); }
        try { Files.readSymbolicLink(at("lines")); } catch (IOException e) { say(text(e)); }
        try { Files.createFile(at(new String(new char[300]).replace('\0', 'n'))); } catch (IOException e) { say(e.getClass().getName()); }
        say("" + Files.deleteIfExists(at("absent")) + at("folder").toFile().delete() + at("lines").toFile().mkdir()
            + at("lines").toFile().createNewFile());
    }

    static void attributeChanges() throws Exception {
        write("attributes", "12345");
        say(attributes(at("attributes")));
        Files.setPosixFilePermissions(at("attributes"), PosixFilePermissions.fromString("rwxr-x--x"));
        say(attributes(at("attributes")));
        Files.setLastModifiedTime(at("attributes"), FileTime.fromMillis(1234567890123L));
        say(Files.getLastModifiedTime(at("attributes")).toString() + " " + at("attributes").toFile().lastModified());
        Files.getFileAttributeView(at("attributes"), BasicFileAttributeView.class)
            .setTimes(FileTime.from(1000000000L * 1000000000L + 123456789L, java.util.concurrent.TimeUnit.NANOSECONDS),
                      FileTime.fromMillis(5000), null);
        BasicFileAttributes a = Files.readAttributes(at("attributes"), BasicFileAttributes.class);
        say(a.lastModifiedTime() + " " + a.lastAccessTime() + " " + a.isOther() + " " + a.size());
        say("before 1970: " + at("attributes").toFile().setLastModified(0));
        Files.setLastModifiedTime(at("attributes"), FileTime.fromMillis(-1500));
        say(Files.getLastModifiedTime(at("attributes")).toString());
        Files.setLastModifiedTime(at("attributes"), FileTime.fromMillis(1234567890123L));
        File f = at("attributes").toFile();
        say(f.setReadOnly() + " " + attributes(at("attributes")) + " " + f.setWritable(true) + " " + attributes(at("attributes"))
            + " " + f.setExecutable(false, false) + " " + attributes(at("attributes")));
        say("key " + (Files.readAttributes(at("lines"), BasicFileAttributes.class).fileKey()
            .equals(Files.readAttributes(at("folder/up"), BasicFileAttributes.class).fileKey())));
        say("hidden " + Files.isHidden(at("attributes")) + " " + Files.isExecutable(at("attributes")) + " " + Files.isWritable(at("attributes")));
        say("" + (Files.getFileStore(at("lines")) != null && f.getTotalSpace() > 0 && f.getUsableSpace() <= f.getTotalSpace()));
        say("unix mode " + Integer.toOctalString((Integer) Files.getAttribute(at("folder"), "unix:mode")));
    }

    static void temporary() throws Exception {
        Path file = Files.createTempFile(root, "pre", ".suf");
        say(attributes(file) + " " + file.getFileName().toString().startsWith("pre"));
        Path folder = Files.createTempDirectory(root, "dir");
        say(attributes(folder));
        Files.delete(file);
        Files.delete(folder);
        File old = File.createTempFile("old", null, root.toFile());
        say(attributes(old.toPath()) + " " + old.delete());
    }

    /** A file goes on after its name has gone. */
    static void removedWhileOpen() throws Exception {
        try (RandomAccessFile f = new RandomAccessFile(at("open").toFile(), "rw")) {
            f.write("before".getBytes());
            say("deleted " + at("open").toFile().delete() + " " + at("open").toFile().exists());
            f.write(" after".getBytes());
            f.seek(0);
            byte[] all = new byte[20];
            int n = f.read(all);
            say(new String(all, 0, n) + " length " + f.length());
            write("open", "another");
            f.seek(0);
            n = f.read(all);
            say(new String(all, 0, n) + " and " + read("open"));
        }
        try (FileChannel c = FileChannel.open(at("open"), StandardOpenOption.READ)) {
            Files.move(at("open"), at("opened"));
            ByteBuffer b = ByteBuffer.allocate(20);
            say("read " + c.read(b) + " size " + c.size());
            write("new", "replaces it");
            Files.move(at("new"), at("opened"), StandardCopyOption.REPLACE_EXISTING);
            say("still " + c.read(b.clear(), 0) + " now " + read("opened"));
        }
    }

    /** Several threads at once, each with files of its own and one that they share. */
    static void threads() throws Exception {
        final int count = 4, rounds = 60;
        Files.createDirectory(at("threads"));
        write("threads/shared", "");
        Thread[] all = new Thread[count];
        final String[] failures = new String[count];
        for (int i = 0; i < count; i++) {
            final int me = i;
            all[i] = new Thread() {
                @Override public void run() {
                    try {
                        for (int r = 0; r < rounds; r++) {
                            String name = "threads/" + me + "-" + r;
                            write(name, name);
                            if (!read(name).equals(name)) throw new IOException("contents of " + name);
                            try (FileOutputStream out = new FileOutputStream(at("threads/shared").toFile(), true)) {
                                out.write(new byte[] {(byte) ('a' + me), (byte) ('a' + me)});
                            }
                            if (r % 3 == 0) Files.delete(at(name));
                            else if (r % 3 == 1) Files.move(at(name), at(name + " moved"));
                        }
                    } catch (Throwable e) {
                        failures[me] = text(e);
                    }
                }
            };
        }
        for (Thread t : all) t.start();
        for (Thread t : all) t.join();
        for (String f : failures) if (f != null) say(f);
        byte[] shared = Files.readAllBytes(at("threads/shared"));
        int torn = 0;
        for (int i = 0; i + 1 < shared.length; i += 2) if (shared[i] != shared[i + 1]) torn++;
        Arrays.sort(shared);
        say(shared.length + " " + torn + " " + (char) shared[0] + (char) shared[shared.length - 1] + " " + at("threads").toFile().list().length);
        Files.delete(at("threads/shared"));
        write("threads/shared", "done");
    }

    public static void main(String[] args) throws Exception {
        root = args.length > 0 ? Paths.get(args[0]) : Files.createTempDirectory("hostfolder").toRealPath();
        if (args.length > 1) {
            readOnly();
            return;
        }
        step("streams", new Step() { public void run() throws Exception { streams(); } });
        step("random access", new Step() { public void run() throws Exception { randomAccess(); } });
        step("channels", new Step() { public void run() throws Exception { channels(); } });
        step("names", new Step() { public void run() throws Exception { names(); } });
        step("many", new Step() { public void run() throws Exception { many(); } });
        step("moving", new Step() { public void run() throws Exception { moving(); } });
        step("errors", new Step() { public void run() throws Exception { errors(); } });
        step("attributes", new Step() { public void run() throws Exception { attributeChanges(); } });
        step("temporary", new Step() { public void run() throws Exception { temporary(); } });
        step("removed while open", new Step() { public void run() throws Exception { removedWhileOpen(); } });
        step("threads", new Step() { public void run() throws Exception { threads(); } });
        step("tree", new Step() { public void run() throws Exception { tree(); } });
    }

    /** With a second argument: a folder that cannot be written to, with the file "file" and the folder "folder" in it. */
    static void readOnly() throws Exception {
        step("read", new Step() { public void run() throws Exception { say(read("file")); tree(); } });
        step("write", new Step() { public void run() throws Exception { write("file", "x"); } });
        step("stream", new Step() { public void run() throws Exception { new FileOutputStream(at("new").toFile()); } });
        step("random", new Step() { public void run() throws Exception { new RandomAccessFile(at("file").toFile(), "rw"); } });
        step("create", new Step() { public void run() throws Exception { Files.createFile(at("new")); } });
        step("mkdir", new Step() { public void run() throws Exception { Files.createDirectory(at("new")); } });
        step("delete", new Step() { public void run() throws Exception { Files.delete(at("file")); } });
        step("rmdir", new Step() { public void run() throws Exception { Files.delete(at("folder")); } });
        step("move", new Step() { public void run() throws Exception { Files.move(at("file"), at("new")); } });
        step("link", new Step() { public void run() throws Exception { Files.createLink(at("new"), at("file")); } });
        step("symlink", new Step() { public void run() throws Exception { Files.createSymbolicLink(at("new"), at("file")); } });
        step("chmod", new Step() { public void run() throws Exception {
            Files.setPosixFilePermissions(at("file"), PosixFilePermissions.fromString("rwx------")); } });
        step("times", new Step() { public void run() throws Exception { Files.setLastModifiedTime(at("file"), FileTime.fromMillis(0)); } });
        step("truncate", new Step() { public void run() throws Exception {
            FileChannel.open(at("file"), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING); } });
        say("" + at("file").toFile().canWrite() + at("new").toFile().mkdir() + at("file").toFile().delete() + Files.isWritable(at("file")));
    }
}
