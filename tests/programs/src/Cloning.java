/* Exercises: clone of arrays of every kind and of objects, shallow and deep, without Cloneable
 * (Object.clone; JLS §10.7). */
public class Cloning {
    static class Point implements Cloneable {
        int x;
        long wide = 1L << 50;
        byte small = 3;
        double d = 0.5;
        int[] shared = {1, 2};
        Point next;

        Point(int x) { this.x = x; }

        @Override
        public Point clone() {
            try {
                return (Point) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        Point deep() {
            Point p = clone();
            p.shared = shared.clone();
            if (next != null) p.next = next.deep();
            return p;
        }
    }

    static class Point3 extends Point {
        int z;
        Point3(int x, int z) { super(x); this.z = z; }
        @Override public Point3 clone() { return (Point3) super.clone(); }
    }

    static class Not {
        Object copy() throws CloneNotSupportedException { return super.clone(); }
    }

    public static void main(String[] args) throws Exception {
        int[] ints = {1, 2, 3};
        int[] copy = ints.clone();
        copy[0] = 99;
        System.out.println(ints[0] + " " + copy[0] + " " + copy.length + " " + copy.getClass().getName());
        byte[] bytes = {1, 2, 3, 4, 5};
        boolean[] booleans = {true, false};
        char[] chars = "chars".toCharArray();
        short[] shorts = {-1};
        long[] longs = {Long.MIN_VALUE, 1};
        float[] floats = {0.1f};
        double[] doubles = {};
        System.out.println(bytes.clone()[4] + " " + booleans.clone()[0] + " " + new String(chars.clone()) + " " + shorts.clone()[0] + " " + longs.clone()[0] + " "
                + floats.clone()[0] + " " + doubles.clone().length);
        int[][] grid = {{1, 2}, {3}};
        int[][] shallow = grid.clone();
        shallow[0][0] = 50;
        shallow[1] = null;
        System.out.println(grid[0][0] + " " + grid[1][0] + " " + (shallow[0] == grid[0]));
        Object[] strings = new String[] {"a", "b"};
        Object[] same = strings.clone();
        System.out.println(same.getClass().getName() + " " + (same[0] == strings[0]) + " " + (same != strings));
        Point p = new Point(5);
        p.next = new Point(6);
        Point q = p.clone(), r = p.deep();
        p.shared[0] = 77;
        p.next.x = 66;
        p.x = 55;
        System.out.println(q.x + " " + q.shared[0] + " " + q.next.x + " " + q.wide + " " + q.small + " " + q.d);
        System.out.println(r.x + " " + r.shared[0] + " " + r.next.x + " " + r.wide);
        Point3 t = new Point3(1, 9).clone();
        System.out.println(t.x + " " + t.z + " " + t.getClass().getName());
        try {
            new Not().copy();
        } catch (CloneNotSupportedException e) {
            System.out.println(e.getMessage());
        }
        Object array = new long[] {4, 5};
        System.out.println(((long[]) array).clone()[1] + " " + (array instanceof Cloneable));
        int[] large = new int[100_000];
        for (int i = 0; i < large.length; i++) large[i] = i * i;
        int[] big = large.clone();
        System.out.println(big[99_999] + " " + java.util.Arrays.equals(large, big));
        java.util.ArrayList<String> list = new java.util.ArrayList<String>(java.util.Arrays.asList("x", "y"));
        Object listCopy = list.clone();
        list.clear();
        System.out.println(listCopy);
    }
}
