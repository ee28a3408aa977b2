// Stream sockets on loopback: echo, half close, time-outs, refusals, closing under a blocked thread.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

public class Sockets {
    interface Body { void run() throws Exception; }

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    static void attempt(String what, Body body) throws Exception {
        try {
            body.run();
            System.out.println(what + ": no exception");
        } catch (IOException | IllegalArgumentException e) {
            System.out.println(what + ": " + e);
        }
    }

    static Thread start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println("in thread: " + e);
            }
        });
        thread.start();
        return thread;
    }

    static void echo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            Thread thread = start(() -> {
                try (Socket s = server.accept()) {
                    InputStream in = s.getInputStream();
                    OutputStream out = s.getOutputStream();
                    byte[] buffer = new byte[1000];
                    long total = 0;
                    for (int n; (n = in.read(buffer)) >= 0; total += n)
                        out.write(buffer, 0, n);
                    out.write(("total " + total).getBytes(StandardCharsets.US_ASCII));
                }
            });
            try (Socket c = new Socket(server.getInetAddress(), server.getLocalPort())) {
                System.out.println(c.getInetAddress() + " " + (c.getPort() == server.getLocalPort()) + " " + c.getLocalAddress()
                    + " " + c.isConnected() + c.isBound() + c.isClosed());
                Thread writer = start(() -> {
                    byte[] data = new byte[300000];
                    for (int i = 0; i < data.length; i++)
                        data[i] = (byte) (i * 7);
                    c.getOutputStream().write(data);
                    c.shutdownOutput();
                });
                byte[] all = c.getInputStream().readAllBytes();
                writer.join();
                int wrong = 0;
                for (int i = 0; i < 300000; i++)
                    if (all[i] != (byte) (i * 7))
                        wrong++;
                System.out.println(all.length + " " + wrong + " " + new String(all, 300000, all.length - 300000, StandardCharsets.US_ASCII));
                System.out.println(c.isOutputShutdown() + " " + c.isInputShutdown());
                attempt("write after shutdownOutput", () -> c.getOutputStream().write(1));
            }
            thread.join();
        }
    }

    static void refusals() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            port = server.getLocalPort();
            attempt("second bind", () -> new ServerSocket(port, 5, LOOPBACK).close());
            attempt("wildcard bind", () -> new ServerSocket(port).close());
            attempt("other loopback address", () -> new ServerSocket(port, 5, InetAddress.getByName("127.0.0.2")).close());
        }
        attempt("bind again", () -> new ServerSocket(port, 5, LOOPBACK).close());
        attempt("refused", () -> new Socket(LOOPBACK, port).close());
        attempt("refused with time-out", () -> {
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(LOOPBACK, port), 1000);
            }
        });
        attempt("not local", () -> new ServerSocket(0, 5, InetAddress.getByName("192.0.2.77")).close());
        attempt("unknown host", () -> new Socket("no.such.host.invalid", 80).close());
        attempt("bad port", () -> new Socket(LOOPBACK, 70000).close());
        attempt("not connected", () -> new Socket().getInputStream());
        attempt("accept unbound", () -> new ServerSocket().accept());
        attempt("unresolved", () -> new Socket().connect(InetSocketAddress.createUnresolved("nowhere", 1)));
    }

    static void timeouts() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            server.setSoTimeout(30);
            attempt("accept time-out", () -> server.accept());
            try (Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
                c.setSoTimeout(30);
                attempt("read time-out", () -> c.getInputStream().read());
                s.getOutputStream().write('x');
                System.out.println("then " + c.getInputStream().read() + " available " + c.getInputStream().available());
                s.getOutputStream().write(new byte[5]);
                while (c.getInputStream().available() < 5)
                    Thread.sleep(1);
                System.out.println("available " + c.getInputStream().available());
                System.out.println("skipped " + c.getInputStream().skip(3) + " left " + c.getInputStream().available());
            }
        }
    }

    static void closing() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CountDownLatch ready = new CountDownLatch(1);
            Thread blocked = start(() -> {
                ready.countDown();
                attempt("blocked accept", () -> server.accept());
            });
            ready.await();
            Thread.sleep(30);
            server.close();
            blocked.join();
            System.out.println(server.isClosed());
            attempt("accept on closed", () -> server.accept());
        }
        for (int timeout : new int[] {0, 10000}) {
            try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
                 Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
                c.setSoTimeout(timeout);
                CountDownLatch ready = new CountDownLatch(1);
                Thread blocked = start(() -> {
                    InputStream in = c.getInputStream();
                    ready.countDown();
                    attempt("blocked read", () -> in.read());
                });
                ready.await();
                Thread.sleep(30);
                c.close();
                blocked.join();
                attempt("read on closed", () -> c.getInputStream().read());
                System.out.println("peer reads " + s.getInputStream().read());
            }
        }
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
             Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
            CountDownLatch ready = new CountDownLatch(1);
            Thread blocked = start(() -> {
                ready.countDown();
                attempt("blocked write", () -> {
                    byte[] much = new byte[1 << 20];
                    while (true)
                        c.getOutputStream().write(much);
                });
            });
            ready.await();
            Thread.sleep(200);
            c.close();
            blocked.join();
        }
    }

    static void resets() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
             Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
            c.getOutputStream().write(new byte[10]);
            while (s.getInputStream().available() < 10)
                Thread.sleep(1);
            s.close();
            Thread.sleep(20);
            attempt("read after reset", () -> c.getInputStream().read());
            attempt("read again", () -> System.out.println(c.getInputStream().read()));
            attempt("write after reset", () -> c.getOutputStream().write(1));
        }
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
             Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
            s.close();
            System.out.println("end " + c.getInputStream().read());
            attempt("first write to nobody", () -> c.getOutputStream().write(1));
            Thread.sleep(20);
            attempt("second write to nobody", () -> c.getOutputStream().write(1));
        }
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
             Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
            s.setSoLinger(true, 0);
            s.close();
            Thread.sleep(20);
            attempt("lingering 0", () -> c.getInputStream().read());
        }
    }

    static void options() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
             Socket c = new Socket(LOOPBACK, server.getLocalPort()); Socket s = server.accept()) {
            System.out.println(c.getTcpNoDelay() + " " + c.getKeepAlive() + " " + c.getSoLinger() + " " + c.getReuseAddress()
                + " " + c.getSoTimeout() + " " + c.getOOBInline() + " " + server.getReuseAddress());
            c.setTcpNoDelay(true);
            c.setKeepAlive(true);
            c.setSoLinger(true, 7);
            c.setReuseAddress(true);
            c.setSoTimeout(123);
            c.setReceiveBufferSize(20000);
            c.setSendBufferSize(30000);
            c.setTrafficClass(8);
            System.out.println(c.getTcpNoDelay() + " " + c.getKeepAlive() + " " + c.getSoLinger() + " " + c.getReuseAddress()
                + " " + c.getSoTimeout() + " " + c.getReceiveBufferSize() + " " + c.getSendBufferSize());
            c.setSoLinger(false, 0);
            System.out.println(c.getSoLinger());
            attempt("negative time-out", () -> c.setSoTimeout(-1));
            System.out.println(new java.util.TreeSet<>(c.supportedOptions().stream().map(Object::toString).toList()));
        }
    }

    static void both() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            System.out.println(server.getInetAddress() + " " + server.toString().replaceAll("=\\d+]", "=N]"));
            for (String name : new String[] {"127.0.0.1", "::1", "localhost", "127.0.0.5"})
                try (Socket c = new Socket(name, server.getLocalPort()); Socket s = server.accept()) {
                    System.out.println(name + ": " + s.getInetAddress() + " " + s.getLocalAddress() + " " + c.getLocalAddress());
                }
        }
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("::1"))) {
            attempt("v4 to v6", () -> new Socket("127.0.0.1", server.getLocalPort()).close());
        }
    }

    public static void main(String[] args) throws Exception {
        echo();
        refusals();
        timeouts();
        closing();
        resets();
        options();
        both();
    }
}
