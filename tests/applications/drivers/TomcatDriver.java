/** Tomcat with one servlet, asked over loopback. */

import jakarta.servlet.http.*;
import java.io.IOException;
import java.net.URI;
import java.net.http.*;
import java.util.logging.*;
import org.apache.catalina.startup.Tomcat;

public class TomcatDriver {
    public static void main(String[] args) throws Exception {
        LogManager.getLogManager().getLogger("").setLevel(Level.SEVERE);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(args[0]);
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        var context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "hello", new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                if (request.getParameter("name") == null) {
                    response.sendError(422, "no name");
                    return;
                }
                response.setContentType("text/plain;charset=UTF-8");
                response.getWriter().println(request.getPathInfo() + " " + request.getParameter("name") + " " + request.getSession().isNew());
            }
        });
        context.addServletMappingDecoded("/*", "hello");
        tomcat.start();
        HttpClient client = HttpClient.newHttpClient();
        for (String path : new String[] {"/?name=bob", "/a%20b?name=%C3%A9", "/"}) {
            var uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path);
            var answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.headers().firstValue("content-type") + " " + answer.body());
        }
        tomcat.stop();
        tomcat.destroy();
        System.out.println("stopped");
    }
}
