/* Benchmark: binary trees, made and dropped, beside one that lives.
 * Arguments: depth of the largest. Prints its checksum and the time of the measured part. */
package bench;

public class Trees {
    static final class Node {
        final Node left, right;
        Node(Node left, Node right) { this.left = left; this.right = right; }
        int count() { return left == null ? 1 : 1 + left.count() + right.count(); }
    }

    static Node make(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(make(depth - 1), make(depth - 1));
    }

    static long run(int depth) {
        long sum = make(depth + 1).count();
        Node lives = make(depth);
        for (int d = 4; d <= depth; d += 2) {
            int times = 1 << depth - d + 4;
            long count = 0;
            for (int i = 0; i < times; i++) count += make(d).count();
            sum = sum * 31 + count;
        }
        return sum * 31 + lives.count();
    }

    public static void main(String[] args) {
        int depth = Integer.parseInt(args[0]);
        long start = System.nanoTime();
        long checksum = run(depth);
        long end = System.nanoTime();
        System.out.println("checksum " + checksum);
        System.out.println("ns " + (end - start));
    }
}
