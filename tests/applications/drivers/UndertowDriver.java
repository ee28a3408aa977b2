/** A web server over loopback, asked by java.net.http. */

import io.undertow.*;
import io.undertow.server.handlers.*;
import io.undertow.util.*;

import java.net.*;
import java.net.http.*;

public class UndertowDriver {
    public static void main(String[] args) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        Undertow server = Undertow.builder().addHttpListener(0, "127.0.0.1").setIoThreads(2).setWorkerThreads(4)
                .setHandler(new PathHandler()
                        .addExactPath("/hi", e -> {
                            e.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
                            e.getResponseSender().send("hi " + e.getQueryString());
                        })
                        .addPrefixPath("/echo", new BlockingHandler(e -> e.getOutputStream().write(e.getInputStream().readAllBytes()))))
                .build();
        server.start();
        String base = "http://127.0.0.1:" + ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(base + "/hi?x=1")).build(), HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body() + " " + answer.headers().firstValue("content-type"));
        answer = client.send(HttpRequest.newBuilder(URI.create(base + "/echo")).POST(HttpRequest.BodyPublishers.ofString("x".repeat(100000))).build(),
                HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body().length());
        System.out.println(client.send(HttpRequest.newBuilder(URI.create(base + "/no")).build(), HttpResponse.BodyHandlers.ofString()).statusCode());
        server.stop();
        System.out.println("stopped");
    }
}
