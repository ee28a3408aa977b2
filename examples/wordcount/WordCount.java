// Counts lines, words and bytes of standard input, and shows its most frequent words.
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class WordCount {
    private static final int SHOWN = 5;

    private final Map<String, Integer> counts = new HashMap<String, Integer>();
    private long lines, words, bytes;

    private void read(InputStream in) throws IOException {
        byte[] word = new byte[256];
        int length = 0;
        for (int b; (b = in.read()) >= 0;) {
            bytes++;
            if (b == '\n') lines++;
            if (b > ' ') {
                if (length < word.length) word[length++] = (byte) b;
            } else if (length > 0) {
                count(new String(word, 0, length, StandardCharsets.UTF_8));
                length = 0;
            }
        }
        if (length > 0) count(new String(word, 0, length, StandardCharsets.UTF_8));
    }

    private void count(String word) {
        words++;
        Integer before = counts.get(word);
        counts.put(word, before == null ? 1 : before + 1);
    }

    private List<Map.Entry<String, Integer>> byFrequency() {
        List<Map.Entry<String, Integer>> entries = new ArrayList<Map.Entry<String, Integer>>(counts.entrySet());
        Collections.sort(entries, new Comparator<Map.Entry<String, Integer>>() {
            @Override
            public int compare(Map.Entry<String, Integer> a, Map.Entry<String, Integer> b) {
                int order = b.getValue().compareTo(a.getValue());
                return order != 0 ? order : a.getKey().compareTo(b.getKey());
            }
        });
        return entries;
    }

    public static void main(String[] args) throws IOException {
        WordCount counter = new WordCount();
        counter.read(new BufferedInputStream(System.in));
        System.out.println(counter.lines + " lines, " + counter.words + " words, " + counter.bytes + " bytes");
        List<Map.Entry<String, Integer>> entries = counter.byFrequency();
        for (Map.Entry<String, Integer> entry : entries.subList(0, Math.min(SHOWN, entries.size()))) {
            System.out.println("  " + entry.getValue() + " × " + entry.getKey());
        }
    }
}
