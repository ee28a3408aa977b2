/* Exercises: the collector under a small heap: many times the heap in garbage of all sizes, while live
 * data keeps its contents (run with -Xmx32m). */
public class Garbage {
    static class Node {
        final int value;
        Node left, right;
        Node(int value) { this.value = value; }
    }

    static Node build(int depth, int value) {
        Node n = new Node(value);
        if (depth > 0) {
            n.left = build(depth - 1, value * 2);
            n.right = build(depth - 1, value * 2 + 1);
        }
        return n;
    }

    static long sum(Node n) { return n == null ? 0 : n.value + sum(n.left) + sum(n.right); }

    public static void main(String[] args) {
        Node keep = build(12, 1);
        long before = sum(keep);
        long total = 0;
        for (int i = 0; i < 4000; i++) { // small objects: about 100 MB
            Node tree = build(8, i);
            total += tree.left.right.value;
        }
        System.out.println("small " + total);
        for (int i = 0; i < 300; i++) { // large arrays: about 300 MB
            byte[] large = new byte[1 << 20];
            large[i] = 1;
            total += large[i] + large[large.length - 1];
        }
        System.out.println("large " + total);
        int[][] rows = new int[100][];
        for (int i = 0; i < 20000; i++) { // medium ones, of which the last hundred stay
            int[] row = new int[1000];
            row[i % 1000] = i;
            rows[i % 100] = row;
        }
        int check = 0;
        for (int[] row : rows) for (int v : row) check = check * 31 + v;
        System.out.println("medium " + check);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20000; i++) {
            String s = "string garbage number " + i;
            if (s.hashCode() % 1000 == 0) text.append(i).append(' ');
        }
        System.out.println("strings " + text);
        Object[] ring = new Object[1000];
        for (int i = 0; i < 200000; i++) ring[i % 1000] = new Object[] {ring[(i + 1) % 1000] == null ? null : ring, i};
        long last = 0;
        for (Object o : ring) last += (Integer) ((Object[]) o)[1];
        System.out.println("ring " + last);
        Node list = null;
        for (int i = 0; i < 200000; i++) { // a long list: marking it must not recurse
            Node n = new Node(i);
            n.left = list;
            list = n;
        }
        System.gc();
        long length = 0;
        for (Node n = list; n != null; n = n.left) length += n.value & 1;
        System.out.println("list " + length);
        list = null;
        for (int i = 0; i < 50; i++) total += new long[200_000].length;
        System.out.println("kept intact " + (sum(keep) == before) + " " + before + " " + total);
    }
}
