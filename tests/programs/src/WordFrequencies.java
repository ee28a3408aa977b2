/* Exercises: a small text program over standard input: words, counts, a sorted table. */
import java.io.*;
import java.util.*;

public class WordFrequencies {
    public static void main(String[] args) throws IOException {
        TreeMap<String, Integer> counts = new TreeMap<String, Integer>();
        Reader in = new InputStreamReader(System.in, "UTF-8");
        StringBuilder word = new StringBuilder();
        int c;
        do {
            c = in.read();
            if (c >= 0 && Character.isLetter(c)) {
                word.append(Character.toLowerCase((char) c));
            } else if (word.length() > 0) {
                String w = word.toString();
                counts.put(w, counts.containsKey(w) ? counts.get(w) + 1 : 1);
                word.setLength(0);
            }
        } while (c >= 0);
        List<Map.Entry<String, Integer>> table = new ArrayList<Map.Entry<String, Integer>>(counts.entrySet());
        Collections.sort(table, new Comparator<Map.Entry<String, Integer>>() {
            @Override public int compare(Map.Entry<String, Integer> a, Map.Entry<String, Integer> b) {
                int byCount = b.getValue().compareTo(a.getValue());
                return byCount != 0 ? byCount : a.getKey().compareTo(b.getKey());
            }
        });
        for (Map.Entry<String, Integer> e : table) System.out.println(e.getValue() + "\t" + e.getKey());
        System.out.println(counts.size() + " different words");
    }
}
