// The JDK's HTTP server with HttpURLConnection, over loopback.
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.*;
import java.util.concurrent.*;

public class HttpLoopback {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] in = exchange.getRequestBody().readAllBytes();
            byte[] body = ("hello " + exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + in.length).getBytes();
            exchange.getResponseHeaders().add("X-A", "b");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        ExecutorService pool = Executors.newFixedThreadPool(2);
        server.setExecutor(pool);
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x");
        System.out.println(new String(uri.toURL().openStream().readAllBytes()));
        HttpURLConnection post = (HttpURLConnection) uri.toURL().openConnection();
        post.setDoOutput(true);
        post.getOutputStream().write(new byte[12345]);
        System.out.println(post.getResponseCode() + " " + post.getHeaderField("X-A") + " " + new String(post.getInputStream().readAllBytes()));
        server.stop(0);
        pool.shutdown();
        try {
            uri.toURL().openStream();
        } catch (IOException e) {
            System.out.println(e);
        }
        System.out.println("done");
    }
}
