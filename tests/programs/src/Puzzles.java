/* Exercises: classic small computations: n queens, knight's tour, permutations, Sudoku, towers of Hanoi,
 * Ackermann, Fibonacci, Collatz, Pascal's triangle: recursion, arrays, backtracking. */
public class Puzzles {
    static int queens(int n, int row, int columns, int left, int right) {
        if (row == n) return 1;
        int count = 0;
        for (int free = ~(columns | left | right) & (1 << n) - 1; free != 0; free &= free - 1) {
            int bit = free & -free;
            count += queens(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >>> 1);
        }
        return count;
    }

    static boolean firstQueens(int[] at, int row) {
        if (row == at.length) return true;
        next:
        for (int c = 0; c < at.length; c++) {
            for (int r = 0; r < row; r++) if (at[r] == c || Math.abs(at[r] - c) == row - r) continue next;
            at[row] = c;
            if (firstQueens(at, row + 1)) return true;
        }
        return false;
    }

    static void permute(char[] letters, int from, StringBuilder out) {
        if (from == letters.length) out.append(letters).append(' ');
        for (int i = from; i < letters.length; i++) {
            char t = letters[from];
            letters[from] = letters[i];
            letters[i] = t;
            permute(letters, from + 1, out);
            letters[i] = letters[from];
            letters[from] = t;
        }
    }

    static boolean sudoku(int[] cells, int at) {
        while (at < 81 && cells[at] != 0) at++;
        if (at == 81) return true;
        for (int d = 1; d <= 9; d++) {
            boolean fits = true;
            for (int i = 0; i < 9 && fits; i++) {
                fits = cells[at / 9 * 9 + i] != d && cells[i * 9 + at % 9] != d && cells[(at / 27 * 3 + i / 3) * 9 + at % 9 / 3 * 3 + i % 3] != d;
            }
            if (!fits) continue;
            cells[at] = d;
            if (sudoku(cells, at + 1)) return true;
            cells[at] = 0;
        }
        return false;
    }

    static int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
    static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

    static int hanoi(int n, int from, int to, int[] heights) {
        if (n == 0) return 0;
        int by = 3 - from - to, moves = hanoi(n - 1, from, by, heights);
        heights[from]--;
        heights[to]++;
        return moves + 1 + hanoi(n - 1, by, to, heights);
    }

    public static void main(String[] args) {
        for (int n = 1; n <= 9; n++) System.out.print(queens(n, 0, 0, 0, 0) + " ");
        System.out.println();
        int[] board = new int[8];
        firstQueens(board, 0);
        for (int c : board) System.out.println("........".substring(0, c) + 'Q' + "........".substring(c + 1));
        StringBuilder permutations = new StringBuilder();
        permute("abcd".toCharArray(), 0, permutations);
        System.out.println(permutations);
        String givens = "530070000600195000098000060800060003400803001700020006060000280000419005000080079";
        int[] cells = new int[81];
        for (int i = 0; i < 81; i++) cells[i] = givens.charAt(i) - '0';
        System.out.println(sudoku(cells, 0));
        for (int r = 0; r < 9; r++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < 9; c++) line.append(cells[r * 9 + c]);
            System.out.println(line);
        }
        System.out.println(ackermann(2, 9) + " " + ackermann(3, 5) + " " + fibonacci(24));
        int[] heights = {14, 0, 0};
        System.out.println(hanoi(14, 0, 2, heights) + " " + heights[0] + heights[1] + heights[2]);
        long[][] pascal = new long[31][];
        for (int i = 0; i < pascal.length; i++) {
            pascal[i] = new long[i + 1];
            for (int k = 0; k <= i; k++) pascal[i][k] = k == 0 || k == i ? 1 : pascal[i - 1][k - 1] + pascal[i - 1][k];
        }
        System.out.println(pascal[30][15] + " " + pascal[20][7]);
        int longest = 0, start = 0;
        for (int i = 1; i < 20000; i++) {
            int steps = 0;
            for (long n = i; n != 1; n = (n & 1) == 0 ? n >> 1 : 3 * n + 1) steps++;
            if (steps > longest) {
                longest = steps;
                start = i;
            }
        }
        System.out.println(start + " takes " + longest);
    }
}
