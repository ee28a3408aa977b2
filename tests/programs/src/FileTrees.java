import java.io.File;
import java.io.IOException;
import java.nio.file.*;
import java.nio.file.attribute.*;
import java.util.*;
import java.util.stream.Collectors;

/** java.nio.file: trees, links, attributes, temporary files, stores. */
public class FileTrees {
    static Path root;

    public static void main(String[] args) throws Exception {
        root = args.length > 0 ? Files.createTempDirectory(Path.of(args[0]), "trees") : Files.createTempDirectory("trees");
        build();
        walking();
        attributes();
        links();
        temporary();
        copying();
        stores();
        matching();
        deleting();
    }

    static void build() throws IOException {
        for (String d : List.of("a/b/c", "a/d", "e")) Files.createDirectories(root.resolve(d));
        for (String f : List.of("a/one.txt", "a/b/two.txt", "a/b/c/three.bin", "e/four.txt")) Files.writeString(root.resolve(f), f.repeat(3));
    }

    static String rel(Path p) {
        return root.relativize(p).toString();
    }

    static void walking() throws IOException {
        try (var s = Files.walk(root)) { System.out.println(s.map(FileTrees::rel).sorted().toList()); }
        try (var s = Files.walk(root, 2)) { System.out.println(s.count()); }
        try (var s = Files.find(root, 9, (p, a) -> a.isRegularFile() && a.size() > 30)) { System.out.println(s.map(FileTrees::rel).sorted().toList()); }
        try (var s = Files.list(root.resolve("a"))) { System.out.println(s.map(FileTrees::rel).sorted().toList()); }
        try (var s = Files.newDirectoryStream(root.resolve("a"), "*.txt")) { for (Path p : s) System.out.println(rel(p)); }
        List<String> seen = new ArrayList<>();
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), 5, new SimpleFileVisitor<>() {
            public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes a) {
                return d.endsWith("d") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }
            public FileVisitResult visitFile(Path f, BasicFileAttributes a) { seen.add(rel(f) + a.size()); return FileVisitResult.CONTINUE; }
            public FileVisitResult postVisitDirectory(Path d, IOException e) { seen.add("/" + rel(d)); return FileVisitResult.CONTINUE; }
        });
        Collections.sort(seen);
        System.out.println(seen);
        try { Files.list(root.resolve("nothing")); } catch (NoSuchFileException e) { System.out.println("no " + rel(Path.of(e.getFile()))); }
        try { Files.list(root.resolve("a/one.txt")); } catch (NotDirectoryException e) { System.out.println("not a directory " + rel(Path.of(e.getFile()))); }
    }

    static void attributes() throws IOException {
        Path p = root.resolve("a/one.txt");
        BasicFileAttributes b = Files.readAttributes(p, BasicFileAttributes.class);
        System.out.println(b.size() + " " + b.isRegularFile() + b.isDirectory() + b.isSymbolicLink() + b.isOther() + " " + (b.fileKey() != null));
        Files.setLastModifiedTime(p, FileTime.fromMillis(1234567890123L));
        System.out.println(Files.getLastModifiedTime(p) + " " + Files.getAttribute(p, "lastModifiedTime"));
        Files.setAttribute(p, "basic:lastAccessTime", FileTime.fromMillis(1000000000000L));
        System.out.println(Files.readAttributes(p, "size,lastModifiedTime,lastAccessTime"));
        Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-x--x"));
        PosixFileAttributes x = Files.readAttributes(p, PosixFileAttributes.class);
        System.out.println(PosixFilePermissions.toString(x.permissions()) + " " + x.owner().equals(Files.getOwner(p)) + " " + x.group().getName().isEmpty());
        System.out.println(Files.isReadable(p) + " " + Files.isWritable(p) + " " + Files.isExecutable(p) + " " + Files.isHidden(p) + " " + Files.isHidden(root.resolve(".x")));
        System.out.println(Integer.toOctalString((Integer) Files.getAttribute(p, "unix:mode")) + " " + Files.getAttribute(p, "unix:nlink"));
        UserPrincipal owner = Files.getOwner(p);
        Files.setOwner(p, owner);
        System.out.println(owner.equals(p.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.getName())));
        Files.getFileAttributeView(p, PosixFileAttributeView.class).setGroup(x.group());
        try { p.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody-of-that-name"); } catch (UserPrincipalNotFoundException e) { System.out.println(e.getName()); }
        try { Files.readAttributes(p, "dos:hidden,nothing"); } catch (IllegalArgumentException | UnsupportedOperationException e) { System.out.println(e.getClass().getName()); }
        try { Files.readAttributes(p, "nothing"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        System.out.println(new TreeSet<>(p.getFileSystem().supportedFileAttributeViews()).containsAll(List.of("basic", "owner", "posix", "unix")));
        File f = p.toFile();
        System.out.println(f.setWritable(false) + " " + f.canExecute() + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(p)) + " " + f.setExecutable(false, false) + f.setReadable(true, false) + f.setWritable(true, true));
        System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(p)) + " " + f.lastModified() + " " + f.setLastModified(86400000L) + " " + f.lastModified());
        Path made = Files.createFile(root.resolve("strict"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }

    static void links() throws IOException {
        Path target = root.resolve("a/one.txt"), soft = root.resolve("soft"), hard = root.resolve("hard"), loop = root.resolve("loop"), dangling = root.resolve("dangling"), folder = root.resolve("folder");
        Files.createSymbolicLink(soft, Path.of("a/one.txt"));
        Files.createLink(hard, target);
        Files.createSymbolicLink(loop, Path.of("loop"));
        Files.createSymbolicLink(dangling, Path.of("nowhere"));
        Files.createSymbolicLink(folder, Path.of("a/b"));
        System.out.println(Files.readSymbolicLink(soft) + " " + Files.isSameFile(soft, target) + Files.isSameFile(hard, target) + " " + Files.isSymbolicLink(hard));
        System.out.println(Files.exists(dangling) + " " + Files.exists(dangling, LinkOption.NOFOLLOW_LINKS) + " " + rel(soft.toRealPath()) + " " + rel(folder.resolve("../one.txt").toRealPath()));
        System.out.println(Files.size(soft) + " " + Files.readAttributes(soft, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isSymbolicLink());
        try { Files.readString(loop); } catch (FileSystemException e) { System.out.println(rel(Path.of(e.getFile())) + ": " + e.getReason()); }
        try { Files.createSymbolicLink(soft, target); } catch (FileAlreadyExistsException e) { System.out.println("exists " + rel(Path.of(e.getFile()))); }
        try { Files.readSymbolicLink(target); } catch (NotLinkException e) { System.out.println("no link " + rel(Path.of(e.getFile()))); }
        try (var s = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) { System.out.println(s.map(FileTrees::rel).sorted().toList()); }
        Files.createSymbolicLink(root.resolve("a/b/up"), Path.of("../.."));
        try (var s = Files.walk(root.resolve("a"), FileVisitOption.FOLLOW_LINKS)) { s.count(); } catch (java.io.UncheckedIOException e) { System.out.println(e.getCause().getClass().getSimpleName()); }
        Files.delete(root.resolve("a/b/up"));
        Files.delete(dangling);
        Files.delete(loop);
    }

    static void temporary() throws IOException {
        Path f = Files.createTempFile(root, "pre", ".suf"), d = Files.createTempDirectory(root, "dir");
        System.out.println(f.getFileName().toString().matches("pre\\d+\\.suf") + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(f)) + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(d)));
        File g = File.createTempFile("abc", null, root.toFile());
        System.out.println(g.getName().matches("abc\\d+\\.tmp") + " " + g.length());
        try (var c = Files.newByteChannel(f, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) { c.write(java.nio.ByteBuffer.allocate(5)); System.out.println(Files.exists(f) + " " + c.size()); }
        System.out.println(Files.exists(f));
        Files.delete(d);
        System.out.println(g.delete() + " " + g.delete());
        System.out.println(Files.createTempFile("x", "y").getParent().equals(Path.of(System.getProperty("java.io.tmpdir"))));
        g.deleteOnExit();
    }

    static void copying() throws IOException {
        Path a = root.resolve("a/one.txt"), b = root.resolve("copy");
        Files.copy(a, b, StandardCopyOption.COPY_ATTRIBUTES);
        System.out.println(Files.getLastModifiedTime(b).equals(Files.getLastModifiedTime(a)) + " " + Files.mismatch(a, b) + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(b)));
        try { Files.copy(a, b); } catch (FileAlreadyExistsException e) { System.out.println("exists"); }
        Files.copy(root.resolve("soft"), root.resolve("soft2"), LinkOption.NOFOLLOW_LINKS);
        System.out.println(Files.isSymbolicLink(root.resolve("soft2")));
        Files.move(b, root.resolve("e/moved"), StandardCopyOption.ATOMIC_MOVE);
        try { Files.move(root.resolve("e/moved"), root.resolve("a")); } catch (FileAlreadyExistsException e) { System.out.println("a exists"); }
        try { Files.move(root.resolve("e/moved"), root.resolve("a"), StandardCopyOption.REPLACE_EXISTING); } catch (DirectoryNotEmptyException e) { System.out.println("a not empty"); }
        try { Files.delete(root.resolve("a")); } catch (DirectoryNotEmptyException e) { System.out.println("not empty"); }
        Files.move(root.resolve("a/b"), root.resolve("e/b"));
        System.out.println(Files.exists(root.resolve("e/b/c/three.bin")) + " " + Files.deleteIfExists(root.resolve("nothing")));
        System.out.println(Files.copy(new java.io.ByteArrayInputStream(new byte[100]), root.resolve("bytes")) + " " + Files.copy(root.resolve("bytes"), java.io.OutputStream.nullOutputStream()));
        try { Files.createDirectory(root.resolve("x/y")); } catch (NoSuchFileException e) { System.out.println("no parent"); }
    }

    static void stores() throws IOException {
        FileStore s = Files.getFileStore(root);
        System.out.println((s.getTotalSpace() >= s.getUsableSpace()) + " " + (s.getUsableSpace() > 0) + " " + (s.getBlockSize() > 0) + " " + s.isReadOnly() + " " + s.supportsFileAttributeView("posix") + " " + s.type().isEmpty());
        System.out.println((root.toFile().getTotalSpace() == s.getTotalSpace()) + " " + (root.toFile().getUsableSpace() > 0));
        boolean any = false;
        for (FileStore f : FileSystems.getDefault().getFileStores()) any |= f.equals(s);
        System.out.println(FileSystems.getDefault().getRootDirectories() + " " + FileSystems.getDefault().isOpen() + " " + FileSystems.getDefault().isReadOnly());
    }

    static void matching() {
        for (String g : List.of("glob:*.java", "glob:**/*.{java,class}", "glob:[a-c]?.txt", "regex:.*\\.tx?t")) {
            PathMatcher m = FileSystems.getDefault().getPathMatcher(g);
            System.out.println(g + " " + List.of("X.java", "a/b/X.class", "b1.txt", "d1.txt", "q.tt").stream().filter(n -> m.matches(Path.of(n))).collect(Collectors.joining(",")));
        }
    }

    static void deleting() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            public FileVisitResult visitFile(Path f, BasicFileAttributes a) throws IOException { Files.delete(f); return FileVisitResult.CONTINUE; }
            public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException { Files.delete(d); return FileVisitResult.CONTINUE; }
        });
        System.out.println(Files.notExists(root));
    }
}
