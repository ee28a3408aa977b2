import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.prefs.Preferences;

/** java.util.prefs on files: values, children, export and import, and what is on the disk after a flush. */
public class Preferred {
    static final Logger LOGGER = Logger.getLogger("java.util.prefs");

    public static void main(String[] args) throws Exception {
        LOGGER.setLevel(Level.WARNING);      // it tells, with the time, of the folder that it makes
        Path root = Files.createTempDirectory("preferred");
        System.setProperty("java.util.prefs.userRoot", root.toString());
        Preferences node = Preferences.userRoot().node("org/example");
        node.put("text", "three words here");
        node.putInt("number", 42);
        node.putBoolean("flag", true);
        node.putByteArray("bytes", new byte[] {1, 2, 3});
        node.node("child").putDouble("half", 0.5);
        node.addPreferenceChangeListener(e -> { });
        node.flush();
        String[] keys = node.keys();
        Arrays.sort(keys);
        System.out.println(Arrays.toString(keys) + " " + Arrays.toString(node.childrenNames()));
        System.out.println(node.getInt("number", 0) + " " + node.getInt("text", -1) + " " + node.get("none", "default"));
        System.out.println(node.absolutePath() + " " + Arrays.toString(node.getByteArray("bytes", null)));
        System.out.println(Preferences.userRoot().nodeExists("/org/example/child") + " " + node.nodeExists("other"));
        System.out.println(Files.exists(root.resolve(".java/.userPrefs/org/example/prefs.xml")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        node.exportSubtree(out);
        node.removeNode();
        Preferences.userRoot().flush();
        System.out.println(Preferences.userRoot().nodeExists("/org/example"));
        Preferences.importPreferences(new ByteArrayInputStream(out.toByteArray()));
        System.out.println(Preferences.userRoot().node("org/example/child").getDouble("half", 0));
        Preferences.userRoot().node("org").removeNode();
        Preferences.userRoot().flush();
    }
}
