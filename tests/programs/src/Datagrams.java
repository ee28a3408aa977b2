// Datagrams on loopback: DatagramSocket and DatagramChannel, connected and not, time-outs, closing.
import java.io.IOException;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.util.Arrays;

public class Datagrams {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    static void sockets() throws Exception {
        try (DatagramSocket a = new DatagramSocket(0, LOOPBACK); DatagramSocket b = new DatagramSocket()) {
            byte[] data = "datagram".getBytes();
            b.send(new DatagramPacket(data, data.length, LOOPBACK, a.getLocalPort()));
            b.send(new DatagramPacket(data, 0, LOOPBACK, a.getLocalPort()));
            DatagramPacket in = new DatagramPacket(new byte[100], 100);
            a.receive(in);
            System.out.println(in.getLength() + " " + in.getAddress() + " " + (in.getPort() == b.getLocalPort())
                + " " + new String(in.getData(), 0, in.getLength()));
            a.receive(in);
            System.out.println("empty " + in.getLength());
            a.send(new DatagramPacket(data, data.length, in.getSocketAddress()));
            DatagramPacket small = new DatagramPacket(new byte[4], 4);
            b.receive(small);
            System.out.println("cut " + new String(small.getData()) + " " + small.getLength());
            a.setSoTimeout(30);
            try {
                a.receive(in);
            } catch (SocketTimeoutException e) {
                System.out.println(e);
            }
            try {
                a.send(new DatagramPacket(new byte[65508], 65508, LOOPBACK, a.getLocalPort()));
            } catch (IOException e) {
                System.out.println(e);
            }
            byte[] large = new byte[60000];
            Arrays.fill(large, (byte) 9);
            a.send(new DatagramPacket(large, large.length, LOOPBACK, a.getLocalPort()));
            DatagramPacket back = new DatagramPacket(new byte[65000], 65000);
            a.receive(back);
            System.out.println(back.getLength() + " " + back.getData()[59999]);
            try (DatagramSocket c = new DatagramSocket(a.getLocalPort(), LOOPBACK)) {
                System.out.println("twice bound");
            } catch (IOException e) {
                System.out.println(e);
            }
            Thread blocked = new Thread(() -> {
                try {
                    b.receive(new DatagramPacket(new byte[1], 1));
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            blocked.start();
            Thread.sleep(50);
            b.close();
            blocked.join();
            try {
                b.send(in);
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    static void channels() throws Exception {
        try (DatagramChannel a = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
             DatagramChannel b = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
             DatagramChannel c = DatagramChannel.open()) {
            a.connect(b.getLocalAddress());
            System.out.println(a.isConnected() + " " + a.getRemoteAddress().equals(b.getLocalAddress()));
            a.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[3]), ByteBuffer.wrap(new byte[4])});
            ByteBuffer in = ByteBuffer.allocate(50);
            System.out.println(b.receive(in).equals(a.getLocalAddress()) + " " + in.position());
            c.send(ByteBuffer.wrap(new byte[5]), a.getLocalAddress());      // not from its peer: not seen
            b.send(ByteBuffer.wrap(new byte[6]), a.getLocalAddress());
            System.out.println("read " + a.read(in.clear()));
            a.configureBlocking(false);
            System.out.println("read " + a.read(in.clear()) + " " + a.receive(in));
            try (Selector selector = Selector.open()) {
                SelectionKey key = a.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                System.out.println(selector.select(1000) + " " + key.readyOps());
                b.send(ByteBuffer.wrap(new byte[1]), a.getLocalAddress());
                key.interestOps(SelectionKey.OP_READ);
                System.out.println(selector.select(1000) + " " + key.isReadable() + " " + a.read(in.clear()));
            }
            b.close();
            a.configureBlocking(true);
            try {
                a.write(ByteBuffer.allocate(1));
                Thread.sleep(20);
                a.read(in.clear());
            } catch (IOException e) {
                System.out.println(e);
            }
            a.disconnect();
            System.out.println(a.isConnected() + " " + a.getRemoteAddress());
        }
        try (DatagramChannel a = DatagramChannel.open()) {
            System.out.println(a.getLocalAddress());
            try {
                a.write(ByteBuffer.allocate(1));
            } catch (NotYetConnectedException e) {
                System.out.println(e);
            }
            a.bind(null);
            Thread blocked = new Thread(() -> {
                try {
                    a.receive(ByteBuffer.allocate(1));
                } catch (IOException e) {
                    System.out.println(e + " " + Thread.currentThread().isInterrupted());
                }
            });
            blocked.start();
            Thread.sleep(50);
            blocked.interrupt();
            blocked.join();
            System.out.println(a.isOpen());
        }
    }

    public static void main(String[] args) throws Exception {
        sockets();
        channels();
    }
}
