/** An HTTP server of Jetty over loopback. */

import org.eclipse.jetty.server.*;
import org.eclipse.jetty.util.*;

import java.net.*;
import java.nio.ByteBuffer;

public class JettyDriver {
    public static void main(String[] a) throws Exception {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        Server s = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        s.setHandler(
                new Handler.Abstract() {
                    public boolean handle(Request q, Response r, Callback c) {
                        r.setStatus(200);
                        r.getHeaders().put("X", "y");
                        r.write(
                                true,
                                ByteBuffer.wrap(
                                        ("jetty " + q.getMethod() + " " + q.getHttpURI().getPath())
                                                .getBytes()),
                                c);
                        return true;
                    }
                });
        s.start();
        int port = ((ServerConnector) s.getConnectors()[0]).getLocalPort();
        for (int i = 0; i < 5; i++)
            System.out.println(
                    new String(
                            new URL("http://127.0.0.1:" + port + "/q" + i)
                                    .openStream()
                                    .readAllBytes()));
        s.stop();
        System.out.println("end");
    }
}
