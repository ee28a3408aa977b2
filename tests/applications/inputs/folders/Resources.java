import java.io.File;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collections;

/** What a program finds of itself when its class path has folders: URLs of files, which it may list and read as such. */
public class Resources {
    public static void main(String[] args) throws Exception {
        System.out.println(System.getProperty("java.class.path"));
        ClassLoader loader = Resources.class.getClassLoader();
        for (String name : new String[] {"", ".", "texts", "texts/", "texts/one.txt", "Resources.class", "/", "none"}) {
            System.out.println(name + " -> " + Collections.list(loader.getResources(name)));
        }
        System.out.println(Resources.class.getResource("") + " " + Resources.class.getProtectionDomain().getCodeSource().getLocation());
        URL texts = loader.getResource("texts");
        try (var found = Files.walk(Path.of(texts.toURI()))) {
            found.sorted().forEach(System.out::println);
        }
        File one = new File(loader.getResource("texts/one.txt").getFile());
        System.out.print(one.isFile() + " " + one.length() + " " + Files.readString(one.toPath()));
        try (var in = loader.getResourceAsStream("texts")) {
            System.out.print(new String(in.readAllBytes()));
        }
        URLConnection connection = loader.getResource("two.txt").openConnection();
        System.out.println(connection.getContentType() + " " + connection.getContentLength() + " " + connection.getClass().getSimpleName());
        String[] names = new File(Resources.class.getResource("/").getFile()).list();
        Arrays.sort(names);
        System.out.println(Arrays.toString(names));
        Files.walkFileTree(Path.of(loader.getResource("two.txt").toURI()).getParent(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                System.out.println(file.getFileName() + " " + attributes.size() + " " + attributes.isRegularFile());
                return FileVisitResult.CONTINUE;
            }
        });
        System.out.println(Resources.class.getPackage().getName().isEmpty() + " " + Class.forName("Resources$Inner").getSimpleName());
    }

    static class Inner {
    }
}
