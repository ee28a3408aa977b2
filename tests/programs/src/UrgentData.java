import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;

/** Exercises: urgent data on streams over loopback, dropped or in line. */
public class UrgentData {
    static void send(Socket s, String text) throws IOException {
        for (char c : text.toCharArray()) {
            if (Character.isUpperCase(c)) s.sendUrgentData(c);
            else s.getOutputStream().write(c);
        }
    }

    static String all(InputStream in) throws IOException {
        StringBuilder s = new StringBuilder();
        for (int c; (c = in.read()) >= 0 && c != '.'; ) s.append((char) c);
        return s.toString();
    }

    static String pieces(InputStream in, int until) throws IOException {
        StringBuilder s = new StringBuilder();
        byte[] b = new byte[100];
        for (int got = 0; got < until; ) {
            int n = in.read(b);
            if (n < 0) break;
            got += n;
            s.append(new String(b, 0, n)).append('|');
        }
        return s.toString();
    }

    public static void main(String[] args) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            for (boolean inline : new boolean[] {false, true}) {
                try (Socket a = new Socket(listening.getInetAddress(), listening.getLocalPort()); Socket b = listening.accept()) {
                    a.setTcpNoDelay(true);
                    b.setOOBInline(inline);
                    System.out.println(b.getOOBInline());
                    send(a, "abcXdef.");
                    System.out.println(all(b.getInputStream()));
                    send(a, "Xab.");
                    System.out.println(all(b.getInputStream()));
                    send(a, "abX");
                    Thread.sleep(50);
                    System.out.println(b.getInputStream().available());
                    send(a, "c.");
                    System.out.println(all(b.getInputStream()));
                    send(a, "one");
                    send(a, "Xtwo");
                    Thread.sleep(50);
                    System.out.println(b.getInputStream().available() + " " + pieces(b.getInputStream(), inline ? 7 : 6));
                    send(a, "XYZ.");
                    System.out.println(all(b.getInputStream()));
                    b.setSoTimeout(50);
                    send(a, "Q");
                    try {
                        System.out.println((char) b.getInputStream().read());
                    } catch (SocketTimeoutException e) {
                        System.out.println(e.getMessage());
                    }
                    a.shutdownOutput();
                    System.out.println(b.getInputStream().read());
                    try {
                        a.sendUrgentData(1);
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                }
            }
        }
        try (ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
             SocketChannel a = SocketChannel.open(listening.getLocalAddress()); SocketChannel b = listening.accept(); Selector s = Selector.open()) {
            b.configureBlocking(false);
            b.register(s, SelectionKey.OP_READ);
            a.socket().sendUrgentData('X');
            System.out.println(s.select(100));
            a.write(ByteBuffer.wrap("after".getBytes()));
            System.out.println(s.select(1000));
            ByteBuffer into = ByteBuffer.allocate(20);
            System.out.println(b.read(into) + " " + new String(into.array(), 0, into.position()));
        }
    }
}
