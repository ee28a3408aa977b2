import java.io.IOException;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.util.*;

/** Exercises: multicast groups on the loopback interface: joining, sending, sources, leaving; sockets and channels. */
public class MulticastGroups {
    interface Action { Object run() throws Exception; }

    static void attempt(String what, Action action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (Exception e) {
            System.out.println(what + ": " + e);
        }
    }

    static String receive(DatagramChannel c) throws Exception {
        c.configureBlocking(false);
        ByteBuffer b = ByteBuffer.allocate(100);
        for (int i = 0; i < 20; i++) {
            SocketAddress from = c.receive(b);
            if (from != null) return ((InetSocketAddress) from).getAddress() + " " + new String(b.array(), 0, b.position());
            Thread.sleep(5);
        }
        return "nothing";
    }

    static void channels(ProtocolFamily family, String name, String other, String source, String foreign) throws Exception {
        NetworkInterface lo = NetworkInterface.getByName("lo");
        InetAddress group = InetAddress.getByName(name);
        try (DatagramChannel a = DatagramChannel.open(family); DatagramChannel b = DatagramChannel.open(family); DatagramChannel sender = DatagramChannel.open(family)) {
            for (DatagramChannel c : List.of(a, b)) c.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            a.bind(new InetSocketAddress(0));
            int port = ((InetSocketAddress) a.getLocalAddress()).getPort();
            b.bind(new InetSocketAddress(port));
            System.out.println(sender.getOption(StandardSocketOptions.IP_MULTICAST_IF) + " " + sender.getOption(StandardSocketOptions.IP_MULTICAST_TTL) + " " + sender.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo).setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
            System.out.println(sender.getOption(StandardSocketOptions.IP_MULTICAST_IF).getName() + " " + sender.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            InetSocketAddress to = new InetSocketAddress(group, port);
            MembershipKey key = a.join(group, lo);
            System.out.println(key.isValid() + " " + key.group() + " " + key.networkInterface().getName() + " " + key.sourceAddress() + " " + (key.channel() == a));
            System.out.println(a.join(group, lo) == key);
            if (family == StandardProtocolFamily.INET6) {        // whether there is a route for it is the host's affair
                key.drop();
                System.out.println(key.isValid());
                return;
            }
            sender.send(ByteBuffer.wrap("one".getBytes()), to);
            System.out.println(receive(a) + ", " + receive(b));
            attempt("a source beside all", () -> a.join(group, lo, InetAddress.getByName(source)));
            key.block(InetAddress.getByName(foreign));
            sender.send(ByteBuffer.wrap("two".getBytes()), to);
            System.out.println(receive(a));
            key.block(InetAddress.getByName(source));
            sender.send(ByteBuffer.wrap("three".getBytes()), to);
            System.out.println(receive(a));
            key.unblock(InetAddress.getByName(source));
            attempt("unblock what is not blocked", () -> key.unblock(InetAddress.getByName(source)));
            sender.send(ByteBuffer.wrap("four".getBytes()), to);
            System.out.println(receive(a));
            MembershipKey second = b.join(group, lo, InetAddress.getByName(foreign));
            receive(b);
            while (!receive(b).equals("nothing")) {}
            sender.send(ByteBuffer.wrap("five".getBytes()), to);
            System.out.println(receive(a) + ", " + receive(b));
            b.join(group, lo, InetAddress.getByName(source));
            sender.send(ByteBuffer.wrap("six".getBytes()), to);
            System.out.println(receive(a) + ", " + receive(b) + " " + second.sourceAddress());
            attempt("block of a source's", () -> second.block(InetAddress.getByName(source)));
            key.drop();
            System.out.println(key.isValid());
            attempt("block of a dropped", () -> key.block(InetAddress.getByName(source)));
            attempt("no group", () -> a.join(InetAddress.getByName(source), lo));
            sender.send(ByteBuffer.wrap("seven".getBytes()), new InetSocketAddress(InetAddress.getByName(other), port));
            System.out.println(receive(a) + ", " + receive(b));
        }
    }

    static void sockets() throws Exception {
        NetworkInterface lo = NetworkInterface.getByName("lo");
        InetSocketAddress group = new InetSocketAddress("230.1.2.3", 0);
        try (MulticastSocket a = new MulticastSocket(0); MulticastSocket b = new MulticastSocket(a.getLocalPort()); DatagramSocket sender = new DatagramSocket()) {
            System.out.println(a.getReuseAddress() + " " + a.getTimeToLive());
            a.joinGroup(group, lo);
            b.joinGroup(group, lo);
            attempt("twice", () -> {
                a.joinGroup(group, lo);
                return "joined";
            });
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo);
            byte[] text = "to all".getBytes();
            sender.send(new DatagramPacket(text, text.length, group.getAddress(), a.getLocalPort()));
            for (MulticastSocket s : List.of(a, b)) {
                DatagramPacket p = new DatagramPacket(new byte[20], 20);
                s.setSoTimeout(1000);
                s.receive(p);
                System.out.println(new String(p.getData(), 0, p.getLength()) + " " + p.getAddress() + " " + (p.getPort() == sender.getLocalPort()));
            }
            a.leaveGroup(group, lo);
            attempt("left twice", () -> {
                a.leaveGroup(group, lo);
                return "left";
            });
            attempt("no group", () -> {
                a.joinGroup(new InetSocketAddress("127.0.0.1", 0), lo);
                return "joined";
            });
        }
    }

    public static void main(String[] args) throws Exception {
        channels(StandardProtocolFamily.INET, "230.0.0.1", "230.0.0.9", "127.0.0.1", "192.0.2.1");
        channels(StandardProtocolFamily.INET6, "ff12::1234", "ff12::9", "::1", "2001:db8::1");
        sockets();
    }
}
