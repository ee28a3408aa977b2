/** A repository made by JGit: commits, status, differences, log. */

import org.eclipse.jgit.api.*;
import org.eclipse.jgit.lib.*;

import java.nio.file.*;
import java.time.*;
import java.util.*;

public class GitDriver {
    public static void main(String[] a) throws Exception {
        Path d = Files.createTempDirectory("jg");
        try (Git g = Git.init().setDirectory(d.toFile()).setInitialBranch("main").call()) {
            Files.writeString(d.resolve("f"), "one\n");
            g.add().addFilepattern("f").call();
            PersonIdent p = new PersonIdent("a", "b@c", Instant.EPOCH, ZoneOffset.UTC);
            System.out.println(
                    g.commit()
                            .setMessage("m")
                            .setAuthor(p)
                            .setCommitter(p)
                            .setSign(false)
                            .call()
                            .getName());
            Files.writeString(d.resolve("f"), "two\n");
            System.out.println(g.status().call().getModified());
            System.out.println(g.diff().call());
            for (var c : g.log().call())
                System.out.println(c.getFullMessage() + c.getAuthorIdent());
        }
    }
}
