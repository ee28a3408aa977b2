// java.net.http.HttpClient against the JDK's HTTP server, over loopback: synchronous, asynchronous, many at once, redirects,
// bodies of each kind, authentication, time limits, and connections that fail.
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

public class HttpClients {
    static String base;

    static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    static void answer(HttpExchange exchange, int code, byte[] body, boolean chunked) throws IOException {
        exchange.sendResponseHeaders(code, chunked ? 0 : body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var pool = Executors.newFixedThreadPool(4);
        server.setExecutor(pool);
        server.createContext("/echo", exchange -> {
            byte[] in = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("X-Method", exchange.getRequestMethod());
            exchange.getResponseHeaders().add("X-Asked", String.valueOf(exchange.getRequestHeaders().getFirst("X-Ask")));
            answer(exchange, 200, in.length == 0 ? exchange.getRequestURI().toString().getBytes() : in, false);
        });
        server.createContext("/lines", exchange -> answer(exchange, 200, "one\ntwo\r\nthree".getBytes(), true));
        server.createContext("/large", exchange -> answer(exchange, 200, new byte[3_000_000], true));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/echo/new-place");
            answer(exchange, 302, new byte[0], false);
        });
        server.createContext("/missing", exchange -> answer(exchange, 404, "not here".getBytes(), false));
        server.createContext("/secret", exchange -> answer(exchange, 200, ("for " + exchange.getPrincipal().getUsername()).getBytes(), false))
            .setAuthenticator(new BasicAuthenticator("realm") {
                @Override public boolean checkCredentials(String user, String password) { return user.equals("me") && password.equals("pässword"); }
            });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();

        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(Duration.ofSeconds(60)).build();
        HttpResponse<String> text = client.send(to("/echo/a?b=c").header("X-Ask", "q").build(), BodyHandlers.ofString());
        System.out.println(text.statusCode() + " " + text.version() + " " + text.body() + " " + text.headers().firstValue("x-method").get()
            + " " + text.headers().firstValue("X-Asked").get() + " " + text.headers().firstValueAsLong("content-length").getAsLong());
        text = client.send(to("/echo").POST(BodyPublishers.ofString("grüße 🍵")).build(), BodyHandlers.ofString());
        System.out.println(text.body() + " " + text.request().method());
        text = client.send(to("/echo").method("PATCH", BodyPublishers.ofByteArrays(List.of("a".getBytes(), "b".getBytes()))).build(), BodyHandlers.ofString());
        System.out.println(text.body() + " " + text.headers().allValues("X-Method"));
        text = client.send(to("/moved").build(), BodyHandlers.ofString());
        System.out.println(text.body() + " " + text.previousResponse().get().statusCode() + " " + text.uri().getPath());
        text = client.send(to("/missing").DELETE().build(), BodyHandlers.ofString());
        System.out.println(text.statusCode() + " " + text.body());
        System.out.println(client.send(to("/lines").build(), BodyHandlers.ofLines()).body().collect(Collectors.joining("|")));
        System.out.println(client.send(to("/large").build(), BodyHandlers.ofByteArray()).body().length);
        long read = 0;
        try (InputStream in = client.send(to("/large").build(), BodyHandlers.ofInputStream()).body()) {
            for (int n; (n = in.read(new byte[8192])) > 0; ) read += n;
        }
        System.out.println(read);
        Path file = Files.createTempFile("http", ".bin");
        byte[] upload = new byte[500_000];
        Arrays.fill(upload, (byte) 7);
        Files.write(file, upload);
        Path down = client.send(to("/echo").PUT(BodyPublishers.ofFile(file)).build(), BodyHandlers.ofFile(file.resolveSibling("http-down.bin"))).body();
        System.out.println(Files.mismatch(file, down));
        Files.delete(file);
        Files.delete(down);

        List<CompletableFuture<String>> many = new ArrayList<>();
        for (int n = 0; n < 40; n++)
            many.add(client.sendAsync(to("/echo/" + n).build(), BodyHandlers.ofString()).thenApply(HttpResponse::body));
        System.out.println(many.stream().map(CompletableFuture::join).collect(Collectors.joining(" ")));

        HttpClient known = HttpClient.newBuilder().authenticator(new Authenticator() {
            @Override protected PasswordAuthentication getPasswordAuthentication() { return new PasswordAuthentication("me", "pässword".toCharArray()); }
        }).build();
        System.out.println(known.send(to("/secret").build(), BodyHandlers.ofString()).body());
        System.out.println(client.send(to("/secret").build(), BodyHandlers.discarding()).statusCode());

        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI nobody = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            try {
                client.send(HttpRequest.newBuilder(nobody).timeout(Duration.ofMillis(200)).build(), BodyHandlers.ofString());
            } catch (HttpTimeoutException e) {
                System.out.println(e.getMessage());
            }
            silent.close();
            try {
                client.send(HttpRequest.newBuilder(nobody).build(), BodyHandlers.ofString());
            } catch (ConnectException e) {
                System.out.println(e.getClass().getName());
            }
            try {
                client.sendAsync(HttpRequest.newBuilder(nobody).build(), BodyHandlers.ofString()).get();
            } catch (ExecutionException e) {
                System.out.println(e.getCause().getClass().getName());
            }
        }
        try {
            client.send(HttpRequest.newBuilder(URI.create("http://no.such.host.invalid/")).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            System.out.println(e.getClass().getName());
        }
        client.close();
        known.close();
        server.stop(0);
        pool.shutdown();
        System.out.println(client.isTerminated());
    }
}
