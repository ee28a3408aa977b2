// Channels and selectors: an echo server with several clients, wake-ups, key sets, closing, interrupts, pipes.
import java.io.IOException;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.util.*;
import java.util.concurrent.CountDownLatch;

public class SelectorEcho {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    static void server(ServerSocketChannel listener, int clients) throws IOException {
        try (Selector selector = Selector.open()) {
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            int finished = 0;
            long bytes = 0;
            while (finished < clients) {
                selector.select();
                for (Iterator<SelectionKey> it = selector.selectedKeys().iterator(); it.hasNext();) {
                    SelectionKey key = it.next();
                    it.remove();
                    if (key.isAcceptable()) {
                        SocketChannel c = listener.accept();
                        if (c == null)
                            continue;
                        c.configureBlocking(false);
                        c.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(500));
                        continue;
                    }
                    SocketChannel c = (SocketChannel) key.channel();
                    ByteBuffer buffer = (ByteBuffer) key.attachment();
                    if (key.isReadable()) {
                        int n = c.read(buffer);
                        if (n < 0) {
                            c.close();
                            finished++;
                            continue;
                        }
                        bytes += n;
                    }
                    buffer.flip();
                    c.write(buffer);
                    key.interestOps(buffer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                    buffer.compact();
                }
            }
            System.out.println("served " + finished + " clients, " + bytes + " bytes");
        }
    }

    static int client(int port, int number) throws IOException {
        try (SocketChannel c = SocketChannel.open(new InetSocketAddress(LOOPBACK, port))) {
            ByteBuffer out = ByteBuffer.allocate(20000);
            while (out.hasRemaining())
                out.put((byte) (out.position() * number));
            out.flip();
            ByteBuffer in = ByteBuffer.allocate(20000);
            while (out.hasRemaining()) {
                out.limit(Math.min(20000, out.position() + 700));
                while (out.hasRemaining())
                    c.write(out);
                while (in.position() < out.position())
                    c.read(in);
                out.limit(20000);
            }
            c.shutdownOutput();
            if (c.read(ByteBuffer.allocate(1)) != -1)
                return -1;
            return Arrays.equals(in.array(), out.array()) ? 1 : 0;
        }
    }

    static void echo() throws Exception {
        int clients = 8;
        int[] results = new int[clients];
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            Thread[] threads = new Thread[clients];
            for (int i = 0; i < clients; i++) {
                int number = i;
                threads[i] = new Thread(() -> {
                    try {
                        results[number] = client(port, number + 3);
                    } catch (IOException e) {
                        System.out.println("client: " + e);
                    }
                });
                threads[i].start();
            }
            server(listener, clients);
            for (Thread thread : threads)
                thread.join();
        }
        System.out.println(Arrays.toString(results));
    }

    static void connecting() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
             Selector selector = Selector.open(); SocketChannel c = SocketChannel.open()) {
            c.configureBlocking(false);
            SelectionKey key = c.register(selector, SelectionKey.OP_CONNECT);
            System.out.println("connect " + c.connect(listener.getLocalAddress()) + " pending " + c.isConnectionPending());
            System.out.println("selected " + selector.select(5000) + " " + key.isConnectable() + " " + c.finishConnect() + " " + c.isConnected());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            selector.selectedKeys().clear();
            System.out.println("selected " + selector.select(5000) + " " + key.readyOps());
            System.out.println("read " + c.read(ByteBuffer.allocate(10)));
            SocketChannel s = listener.accept();
            s.write(new ByteBuffer[] {ByteBuffer.wrap("gather".getBytes()), ByteBuffer.wrap("ing".getBytes())});
            key.interestOps(SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            System.out.println("selected " + selector.select(5000) + " " + key.isReadable());
            ByteBuffer[] parts = {ByteBuffer.allocate(4), ByteBuffer.allocate(20)};
            System.out.println("scattered " + c.read(parts) + " " + parts[0].position() + " " + parts[1].position());
            System.out.println("nothing " + c.read(parts));
            s.close();
            System.out.println("selected " + selector.select(5000) + " end " + c.read(parts));
            key.cancel();
            System.out.println("cancelled " + key.isValid() + " " + selector.selectNow() + " " + selector.keys().size());
            // as much as goes in, then it is not writable until the other side reads
            c.close();
            SocketChannel full = SocketChannel.open(listener.getLocalAddress());
            SocketChannel drain = listener.accept();
            full.configureBlocking(false);
            ByteBuffer block = ByteBuffer.allocate(100000);
            long written = 0;
            for (int n; (n = full.write(block)) > 0 || block.hasRemaining(); written += n) {
                if (n == 0)
                    break;
                if (!block.hasRemaining())
                    block.clear();
            }
            SelectionKey writable = full.register(selector, SelectionKey.OP_WRITE);
            System.out.println("full " + selector.selectNow());
            long total = written;
            Thread reader = new Thread(() -> {
                try {
                    ByteBuffer sink = ByteBuffer.allocate(50000);
                    for (long left = total; left > 0; left -= drain.read(sink.clear()))
                        ;
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            reader.start();
            System.out.println("drained " + selector.select(10000) + " " + writable.isWritable());
            reader.join();
            full.close();
            drain.close();
        }
    }

    static void failures() throws Exception {
        SocketAddress address;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0))) {
            address = listener.getLocalAddress();
        }
        try (SocketChannel c = SocketChannel.open()) {
            c.configureBlocking(false);
            System.out.println("connect " + c.connect(address));
            try (Selector selector = Selector.open()) {
                c.register(selector, SelectionKey.OP_CONNECT);
                System.out.println("selected " + selector.select(5000));
                c.finishConnect();
            } catch (IOException e) {
                System.out.println(e);
            }
            System.out.println(c.isOpen());
        }
        try (SocketChannel c = SocketChannel.open()) {
            c.read(ByteBuffer.allocate(1));
        } catch (NotYetConnectedException e) {
            System.out.println(e);
        }
        try (SocketChannel c = SocketChannel.open(address)) {
            System.out.println(c);
        } catch (IOException e) {
            System.out.println(e);
        }
        try (ServerSocketChannel a = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
             ServerSocketChannel b = ServerSocketChannel.open()) {
            b.bind(a.getLocalAddress());
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    interface Body { void run() throws Exception; }

    static Thread blocked(String what, Body body) throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            ready.countDown();
            try {
                body.run();
                System.out.println(what + ": no exception");
            } catch (Exception e) {
                System.out.println(what + ": " + e + " interrupted " + Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        ready.await();
        Thread.sleep(50);
        return thread;
    }

    static void closing() throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        SocketAddress address = listener.getLocalAddress();
        SocketChannel c = SocketChannel.open(address);
        SocketChannel s = listener.accept();
        Thread t = blocked("accept", () -> listener.accept());
        listener.close();
        t.join();
        t = blocked("read", () -> c.read(ByteBuffer.allocate(1)));
        t.interrupt();
        t.join();
        System.out.println(c.isOpen() + " " + s.read(ByteBuffer.allocate(1)));
        s.close();
        Selector selector = Selector.open();
        t = blocked("select", () -> System.out.println("woken " + selector.select()));
        selector.wakeup();
        t.join();
        t = blocked("select", () -> System.out.println("interrupted " + selector.select()));
        t.interrupt();
        t.join();
        t = blocked("select", () -> System.out.println("closed " + selector.select()));
        selector.close();
        t.join();
        System.out.println("time-out " + Selector.open().select(20));
    }

    static void pipes() throws Exception {
        Pipe pipe = Pipe.open();
        Thread writer = new Thread(() -> {
            try (Pipe.SinkChannel sink = pipe.sink()) {
                ByteBuffer block = ByteBuffer.allocate(10000);
                for (int i = 0; i < 30; i++) {
                    block.clear();
                    while (block.hasRemaining())
                        sink.write(block);
                }
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        writer.start();
        long total = 0;
        ByteBuffer in = ByteBuffer.allocate(3000);
        for (int n; (n = pipe.source().read(in.clear())) >= 0;)
            total += n;
        writer.join();
        System.out.println("through the pipe: " + total);
        pipe.source().close();
        Pipe second = Pipe.open();
        second.source().close();
        try {
            second.sink().write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            System.out.println(e);
        }
        Pipe third = Pipe.open();
        third.source().configureBlocking(false);
        System.out.println("empty " + third.source().read(in.clear()));
        try (Selector selector = Selector.open()) {
            third.source().register(selector, SelectionKey.OP_READ);
            System.out.println("before " + selector.selectNow());
            third.sink().write(ByteBuffer.wrap(new byte[3]));
            System.out.println("after " + selector.select(1000) + " read " + third.source().read(in.clear()));
        }
    }

    public static void main(String[] args) throws Exception {
        echo();
        connecting();
        failures();
        closing();
        pipes();
    }
}
