/** A web application of Spring Boot, asked over loopback. */

package org.example;

import java.net.URI;
import java.net.http.*;
import java.util.*;
import org.springframework.boot.*;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.web.bind.annotation.*;

@SpringBootApplication
@RestController
public class SpringDriver {
    public record Greeting(String text, int count, List<String> more) {}

    @GetMapping("/hello/{name}")
    public Greeting hello(@PathVariable("name") String name, @RequestParam(name = "count", defaultValue = "3") int count) {
        return new Greeting("Hello " + name, count, List.of("a", "b"));
    }

    @PostMapping("/echo")
    public Map<String, Object> echo(@RequestBody Map<String, Object> body) {
        body.put("seen", true);
        return body;
    }

    public static void main(String[] args) throws Exception {
        SpringApplication application = new SpringApplication(SpringDriver.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(Map.of("server.port", "0", "server.address", "127.0.0.1", "logging.level.root", "ERROR"));
        var context = (ServletWebServerApplicationContext) application.run(args);
        String root = "http://127.0.0.1:" + context.getWebServer().getPort();
        HttpClient client = HttpClient.newHttpClient();
        for (String path : List.of("/hello/bob", "/hello/x?count=5", "/hello/x?count=y", "/nope")) {
            var answer = client.send(HttpRequest.newBuilder(URI.create(root + path)).build(), HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.headers().firstValue("content-type") + " "
                    + answer.body().replaceAll("\"timestamp\":\"[^\"]*\"", "TIME"));
        }
        var request = HttpRequest.newBuilder(URI.create(root + "/echo")).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":[1,2.5,null]}")).build();
        System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        System.exit(SpringApplication.exit(context));
    }
}
