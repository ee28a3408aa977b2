/* Exercises: arrays of every element type, multi-dimensional and ragged arrays, initialisers, narrow
 * stores (JVMS §6.5 newarray, anewarray, multianewarray, baload…sastore, arraylength). */
public class ArrayKinds {
    static int sum(int[][] grid) {
        int total = 0;
        for (int[] row : grid) for (int v : row) total += v;
        return total;
    }

    static void narrow() {
        byte[] bytes = new byte[4];
        bytes[0] = (byte) 200;
        bytes[1] += 130;
        bytes[2]--;
        bytes[3] = (byte) (bytes[0] >>> 1);
        short[] shorts = {(short) 40000, -1, 1};
        shorts[1] >>>= 1;
        shorts[2] <<= 15;
        char[] chars = {'a', '\uFFFF', 0};
        chars[0] += 1;
        chars[1]++;
        chars[2]--;
        boolean[] booleans = new boolean[3];
        booleans[1] = true;
        booleans[2] |= booleans[1];
        booleans[0] ^= true;
        booleans[1] &= false;
        System.out.println(bytes[0] + " " + bytes[1] + " " + bytes[2] + " " + bytes[3]);
        System.out.println(shorts[0] + " " + shorts[1] + " " + shorts[2]);
        System.out.println(chars[0] + " " + (int) chars[1] + " " + (int) chars[2]);
        System.out.println(booleans[0] + " " + booleans[1] + " " + booleans[2]);
    }


    static String names() {
        Object[] arrays = {new int[0], new long[0][0], new byte[0], new char[0], new short[0], new boolean[0], new float[0], new double[0],
            new String[0], new Object[0][][], new int[0][][][], new ArrayKinds[1], new Runnable[0][0]};
        StringBuilder text = new StringBuilder();
        for (Object array : arrays) {
            text.append(array.getClass().getName()).append(' ').append(array.getClass().getSimpleName()).append(' ')
                .append(array.getClass().getSuperclass().getName()).append(' ').append(array.getClass().getComponentType().getName()).append('\n');
        }
        return text.toString();
    }

    public static void main(String[] args) {
        narrow();
        int[][] grid = new int[3][4];
        for (int i = 0; i < 3; i++) for (int j = 0; j < 4; j++) grid[i][j] = i * 10 + j;
        grid[1] = new int[] {1, 2, 3, 4, 5, 6};
        grid[2][3] += grid[1][5]++;
        System.out.println(sum(grid) + " " + grid[1].length + " " + grid[1][5]);
        int[][][] cube = new int[2][3][];
        cube[1][2] = new int[] {9, 8};
        System.out.println(cube[0][0] == null ? "no row" : "row");
        System.out.println(cube[1][2][1] + cube.length + cube[0].length);
        long[][][] deep = new long[2][2][2];
        deep[1][0][1] = Long.MIN_VALUE;
        deep[0][1][0] = ~deep[1][0][1];
        System.out.println(deep[0][1][0] + " " + deep[1][1][1]);
        double[] doubles = {1, 2.5, -0.0, Double.NaN};
        float[] floats = {1, 2.5f, (float) 1e40};
        doubles[0] /= 3;
        floats[0] *= floats[1];
        System.out.println(doubles[0] + " " + doubles[2] + " " + floats[0] + " " + floats[2]);
        String[][] words = {{"a"}, {}, {"b", null, "c"}};
        System.out.println(words[2][1] + words[0][0] + words[1].length + words[2].length);
        int[] a = {0, 1, 2}, b = a;
        int i = 0;
        a[i] = i = 2; // the index is evaluated before the assignment
        System.out.println(a[0] + " " + i + " " + (a == b));
        a[i--] = a[i--] + a[i];
        System.out.println(a[2] + " " + i);
        int[] odd[] = {{1}, {2, 3}}, plain = {4};
        System.out.println(odd[1][1] + plain[0]);
        System.out.print(names());
        Object[] covariant = new Integer[] {1, 2};
        System.out.println(covariant instanceof Integer[] ? "Integer[]" : "Object[]");
        System.arraycopy(a, 0, a, 1, 2);
        System.out.println(a[0] + " " + a[1] + " " + a[2]);
        char[] text = new char[5];
        "hello world".getChars(6, 11, text, 0);
        System.out.println(text);
        System.out.println(new int[0].length + new int[] {5, 6}[1]);
        System.out.println(new int[2][0].length + " " + new int[0][5].length);
    }
}
