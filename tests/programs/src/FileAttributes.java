import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;

/** Exercises: user-defined attributes of files and directories, and what is copied with a file. */
public class FileAttributes {
    interface Action { Object run() throws Exception; }

    static Path folder;

    static void attempt(String what, Action action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (Exception e) {
            System.out.println(what + ": " + e.toString().replace(folder.toString(), "DIR"));
        }
    }

    static String text(UserDefinedFileAttributeView v, String name) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(v.size(name));
        v.read(name, b);
        return new String(b.array(), StandardCharsets.UTF_8);
    }

    static ByteBuffer bytes(String s) {
        return ByteBuffer.wrap(s.getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String[] args) throws Exception {
        folder = Files.createTempDirectory("attributes");
        Path file = Files.writeString(folder.resolve("file"), "contents"), directory = Files.createDirectory(folder.resolve("directory"));
        for (Path p : List.of(file, directory)) {
            UserDefinedFileAttributeView v = Files.getFileAttributeView(p, UserDefinedFileAttributeView.class);
            System.out.println(v.name() + " " + v.list());
            System.out.println(v.write("colour", bytes("brown")) + " " + v.write("größe", bytes("klein ☕")) + " " + v.write("empty", bytes("")));
            System.out.println(new TreeSet<>(v.list()) + " " + text(v, "colour") + " " + text(v, "größe") + " " + v.size("empty"));
            v.write("colour", bytes("black, no sugar"));
            System.out.println(text(v, "colour") + " " + v.size("colour"));
            attempt("too small", () -> v.read("colour", ByteBuffer.allocate(3)));
            attempt("none", () -> v.size("none"));
            attempt("read none", () -> v.read("none", ByteBuffer.allocate(3)));
            attempt("delete none", () -> {
                v.delete("none");
                return "gone";
            });
            v.delete("empty");
            System.out.println(new TreeSet<>(v.list()));
            attempt("by name", () -> new String((byte[]) Files.getAttribute(p, "user:colour")));
            attempt("set by name", () -> Files.setAttribute(p, "user:new", "x".getBytes()) == p);
            attempt("all", () -> new TreeSet<>(Files.readAttributes(p, "user:*").keySet()));
            attempt("direct", () -> {
                ByteBuffer direct = ByteBuffer.allocateDirect(40);
                v.read("colour", direct);
                return direct.flip().remaining() + " " + (char) direct.get(2);
            });
            attempt("no name", () -> v.write("", bytes("x")));
            attempt("long name", () -> v.write("x".repeat(251), bytes("x")));
        }
        Path copy = Files.copy(file, folder.resolve("copy")), whole = Files.copy(file, folder.resolve("whole"), StandardCopyOption.COPY_ATTRIBUTES);
        System.out.println(Files.getFileAttributeView(copy, UserDefinedFileAttributeView.class).list());
        System.out.println(new TreeSet<>(Files.getFileAttributeView(whole, UserDefinedFileAttributeView.class).list()));
        Path moved = Files.move(whole, folder.resolve("moved"));
        System.out.println(text(Files.getFileAttributeView(moved, UserDefinedFileAttributeView.class), "colour"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        System.out.println(text(Files.getFileAttributeView(link, UserDefinedFileAttributeView.class), "colour"));
        attempt("of the link", () -> Files.getFileAttributeView(link, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).list());
        attempt("of nothing", () -> Files.getFileAttributeView(folder.resolve("none"), UserDefinedFileAttributeView.class).list());
        try (var all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
        }
    }
}
