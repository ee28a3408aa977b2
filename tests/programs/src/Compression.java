/* Exercises: LZ77, LZW, run lengths and Huffman codes written by hand, each undone again; Levenshtein
 * distance: byte arrays, maps, priority queues, dynamic programming. */
import java.util.*;

public class Compression {
    static byte[] lz(byte[] in) {
        byte[] out = new byte[in.length * 2 + 10];
        int o = 0;
        int[] heads = new int[4096];
        Arrays.fill(heads, -1);
        for (int i = 0; i < in.length;) {
            int length = 0, distance = 0;
            if (i + 3 <= in.length) {
                int h = (in[i] * 31 * 31 + in[i + 1] * 31 + in[i + 2]) & 4095, candidate = heads[h];
                heads[h] = i;
                if (candidate >= 0 && i - candidate < 65536) {
                    while (length < 255 && i + length < in.length && in[candidate + length] == in[i + length]) length++;
                    distance = i - candidate;
                }
            }
            if (length > 4) {
                out[o++] = 1;
                out[o++] = (byte) length;
                out[o++] = (byte) (distance >> 8);
                out[o++] = (byte) distance;
                i += length;
            } else {
                out[o++] = 0;
                out[o++] = in[i++];
            }
        }
        return Arrays.copyOf(out, o);
    }

    static byte[] unlz(byte[] in, int size) {
        byte[] out = new byte[size];
        int o = 0;
        for (int i = 0; i < in.length;) {
            if (in[i++] == 0) {
                out[o++] = in[i++];
            } else {
                int length = in[i++] & 255, distance = (in[i++] & 255) << 8 | in[i++] & 255;
                for (int k = 0; k < length; k++, o++) out[o] = out[o - distance];
            }
        }
        return out;
    }

    static List<Integer> lzw(String text) {
        Map<String, Integer> codes = new HashMap<String, Integer>();
        for (int i = 0; i < 256; i++) codes.put("" + (char) i, i);
        List<Integer> out = new ArrayList<Integer>();
        String w = "";
        for (char c : text.toCharArray()) {
            if (codes.containsKey(w + c)) {
                w += c;
            } else {
                out.add(codes.get(w));
                codes.put(w + c, codes.size());
                w = "" + c;
            }
        }
        if (!w.isEmpty()) out.add(codes.get(w));
        return out;
    }

    static class Tree implements Comparable<Tree> {
        final int weight, symbol;
        final Tree zero, one;
        Tree(int weight, int symbol, Tree zero, Tree one) { this.weight = weight; this.symbol = symbol; this.zero = zero; this.one = one; }
        @Override public int compareTo(Tree o) { return weight != o.weight ? weight - o.weight : symbol - o.symbol; }
        void codes(String prefix, Map<Character, String> into) {
            if (zero == null) {
                into.put((char) symbol, prefix);
            } else {
                zero.codes(prefix + '0', into);
                one.codes(prefix + '1', into);
            }
        }
    }

    static void huffman(String text) {
        int[] counts = new int[256];
        for (char c : text.toCharArray()) counts[c]++;
        PriorityQueue<Tree> queue = new PriorityQueue<Tree>();
        for (int i = 0; i < 256; i++) if (counts[i] > 0) queue.add(new Tree(counts[i], i, null, null));
        for (int fresh = 1000; queue.size() > 1; fresh++) {
            Tree a = queue.poll(), b = queue.poll();
            queue.add(new Tree(a.weight + b.weight, fresh, a, b));
        }
        Tree root = queue.poll();
        Map<Character, String> codes = new TreeMap<Character, String>();
        root.codes("", codes);
        StringBuilder bits = new StringBuilder();
        for (char c : text.toCharArray()) bits.append(codes.get(c));
        StringBuilder back = new StringBuilder();
        Tree at = root;
        for (int i = 0; i < bits.length(); i++) {
            at = bits.charAt(i) == '0' ? at.zero : at.one;
            if (at.zero == null) {
                back.append((char) at.symbol);
                at = root;
            }
        }
        System.out.println("huffman " + bits.length() + " bits " + back.toString().equals(text) + " " + codes);
    }

    static int levenshtein(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0]++;
            for (int j = 1; j < row.length; j++) {
                int cost = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }
        return row[b.length()];
    }

    public static void main(String[] args) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 400; i++) s.append("she sells sea shells by the sea shore ").append(i % 13).append(i % 7 == 0 ? "\n" : ", ");
        String text = s.toString();
        byte[] raw = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), packed = lz(raw);
        System.out.println("lz " + raw.length + " -> " + packed.length + " " + Arrays.equals(raw, unlz(packed, raw.length)) + " " + Arrays.hashCode(packed));
        List<Integer> codes = lzw(text);
        System.out.println("lzw " + codes.size() + " " + codes.subList(0, 20) + " " + codes.hashCode());
        huffman(text);
        String[][] pairs = {{"kitten", "sitting"}, {"", "abc"}, {"flaw", "lawn"}, {"same", "same"}, {text.substring(0, 300), text.substring(40, 330)}};
        for (String[] p : pairs) System.out.println("distance " + levenshtein(p[0], p[1]));
    }
}
