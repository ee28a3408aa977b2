import java.io.IOException;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.file.*;
import java.util.*;

/** Exercises: channels of Unix-domain sockets: names in the file system, blocking and selected, ends and errors. */
public class UnixSockets {
    interface Action { Object run() throws Exception; }

    static Path folder;

    static void attempt(String what, Action action) {
        try {
            System.out.println(what + ": " + clean(action.run()));
        } catch (Exception e) {
            System.out.println(what + ": " + clean(e));
        }
    }

    static String clean(Object o) {
        return String.valueOf(o).replace(folder.toString(), "DIR").replaceAll("socket_\\d+", "socket_N");
    }

    static String read(SocketChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(100);
        int n = c.read(b);
        return n + " " + new String(b.array(), 0, b.position());
    }

    public static void main(String[] args) throws Exception {
        folder = Files.createTempDirectory("unix");
        Path path = folder.resolve("s");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            attempt("connect to nothing", () -> SocketChannel.open(address));
            System.out.println(server.getLocalAddress());
            server.bind(address, 2);
            System.out.println(clean(server.getLocalAddress()) + " " + Files.exists(path) + " " + Files.readAttributes(path, "posix:*").get("isOther") + " " + Files.isRegularFile(path));
            attempt("open the file", () -> Files.readAllBytes(path));
            attempt("bind twice", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address));
            SocketChannel a = SocketChannel.open(address), b = server.accept();
            System.out.println(clean(a) + "\n" + clean(b));
            System.out.println(a.getOption(jdk.net.ExtendedSocketOptions.SO_PEERCRED).equals(b.getOption(jdk.net.ExtendedSocketOptions.SO_PEERCRED)));
            System.out.println(clean(a.getLocalAddress()) + "|" + clean(a.getRemoteAddress()) + "|" + clean(b.getLocalAddress()) + "|" + clean(b.getRemoteAddress()));
            a.write(ByteBuffer.wrap("hello".getBytes()));
            System.out.println(read(b));
            b.write(new ByteBuffer[] {ByteBuffer.wrap("one".getBytes()), ByteBuffer.wrap("two".getBytes())});
            System.out.println(read(a));
            a.shutdownOutput();
            System.out.println(read(b));
            b.write(ByteBuffer.wrap("still".getBytes()));
            System.out.println(read(a));
            b.close();
            System.out.println(read(a));
            attempt("write to an end", () -> a.write(ByteBuffer.wrap(new byte[1])));
            a.close();
            attempt("unread", () -> {
                try (SocketChannel c = SocketChannel.open(address)) {
                    SocketChannel d = server.accept();
                    c.write(ByteBuffer.wrap("xyz".getBytes()));
                    d.close();
                    return read(c);
                }
            });
            attempt("write to a closed", () -> {
                try (SocketChannel c = SocketChannel.open(address)) {
                    server.accept().close();
                    return c.write(ByteBuffer.wrap("xyz".getBytes()));
                }
            });
            attempt("named client", () -> {
                Path mine = folder.resolve("mine");
                try (SocketChannel c = SocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(mine))) {
                    c.connect(address);
                    SocketChannel d = server.accept();
                    String s = d.getRemoteAddress() + " " + c.getLocalAddress();
                    d.close();
                    return s + " " + Files.exists(mine);
                }
            });
            attempt("options", () -> {
                try (SocketChannel c = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    return new TreeSet<>(c.supportedOptions().stream().map(Object::toString).toList());
                }
            });
            attempt("other address", () -> SocketChannel.open(StandardProtocolFamily.UNIX).connect(new InetSocketAddress("127.0.0.1", 1)));
            attempt("socket()", () -> SocketChannel.open(StandardProtocolFamily.UNIX).socket());
            attempt("long", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("x".repeat(108))));
            attempt("no folder", () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(folder.resolve("no/s"))));
            attempt("no name", () -> {
                try (ServerSocketChannel s = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(null)) {
                    Path made = ((UnixDomainSocketAddress) s.getLocalAddress()).getPath();
                    boolean there = Files.exists(made);
                    Files.delete(made);
                    return there;
                }
            });
            Path file = Files.createFile(folder.resolve("file"));
            attempt("connect to a file", () -> SocketChannel.open(UnixDomainSocketAddress.of(file)));
            selected(server, address);
            Thread blocked = new Thread(() -> attempt("closed meanwhile", server::accept));
            blocked.start();
            Thread.sleep(50);
            server.close();
            blocked.join();
        }
        attempt("connect to a left one", () -> SocketChannel.open(address));
        System.out.println(Files.exists(path));
        try (var all = Files.list(folder)) {
            for (Path p : all.toList()) Files.delete(p);
        }
        Files.delete(folder);
    }

    static void selected(ServerSocketChannel server, UnixDomainSocketAddress address) throws Exception {
        try (Selector selector = Selector.open(); SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.configureBlocking(false);
            System.out.println(server.accept());
            SelectionKey key = server.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println(selector.selectNow());
            client.configureBlocking(false);
            System.out.println(client.connect(address) + " " + client.isConnected() + " " + client.finishConnect());
            System.out.println(selector.select() + " " + key.isAcceptable());
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(false);
            System.out.println(read(accepted));
            accepted.register(selector, SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            byte[] much = new byte[1 << 20];
            ByteBuffer out = ByteBuffer.wrap(much);
            long got = 0;
            ByteBuffer in = ByteBuffer.allocate(50000);
            while (got < much.length) {
                if (out.hasRemaining()) client.write(out);
                selector.select();
                selector.selectedKeys().clear();
                for (int n; (n = accepted.read(in)) > 0; in.clear()) got += n;
            }
            System.out.println(got);
            client.close();
            selector.select();
            System.out.println(accepted.read(in.clear()));
            accepted.close();
            key.cancel();
            selector.selectNow();
            server.configureBlocking(true);
        }
    }
}
