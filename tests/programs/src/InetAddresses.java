// Addresses: literals, names, what they are, the loopback interface.
import java.net.*;
import java.util.*;

public class InetAddresses {
    public static void main(String[] args) throws Exception {
        System.out.println(new SocketPermission("localhost:80", "connect").implies(new SocketPermission("127.0.0.1:80", "resolve")));
        for (String text : new String[] {"127.0.0.1", "localhost", "10.1.2.3", "::1", "fe80::1", "::ffff:1.2.3.4", "0.0.0.0", "::",
            "224.0.0.1", "ff02::1", "192.168.1.1", "1.2.3", "[::1]", "2001:db8::7"}) {
            InetAddress a = InetAddress.getByName(text);
            System.out.println(text + " -> " + a + " " + a.getHostAddress() + " " + a.isLoopbackAddress() + a.isAnyLocalAddress()
                + a.isMulticastAddress() + a.isSiteLocalAddress() + a.isLinkLocalAddress() + " " + Arrays.toString(a.getAddress()));
        }
        for (String text : new String[] {"no.such.host.invalid", "1.2.3.4.5", "256.1.1.1", "[::1", "::g"})
            try {
                System.out.println(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                System.out.println(e);
            }
        System.out.println(InetAddress.getLoopbackAddress() + " " + Arrays.toString(InetAddress.getAllByName("127.0.0.1")));
        System.out.println(InetAddress.getByName("127.0.0.1").getHostName() + " " + InetAddress.getByAddress("x", new byte[] {1, 2, 3, 4}));
        System.out.println(InetAddress.getByName("127.0.0.1").isReachable(1000));
        NetworkInterface lo = NetworkInterface.getByName("lo");
        System.out.println(lo + " " + lo.getIndex() + " " + lo.isLoopback() + lo.isUp() + lo.isVirtual() + lo.isPointToPoint() + " "
            + lo.getMTU() + " " + Collections.list(lo.getInetAddresses()) + " " + lo.getInterfaceAddresses() + " "
            + Arrays.toString(lo.getHardwareAddress()));
        System.out.println(NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")).equals(lo) + " "
            + NetworkInterface.getByIndex(1).equals(lo) + " " + NetworkInterface.getByName("nope"));
        System.out.println(new InetSocketAddress("localhost", 80) + " " + InetSocketAddress.createUnresolved("x", 1) + " "
            + new InetSocketAddress(443) + " " + new InetSocketAddress("::1", 9));
    }
}
