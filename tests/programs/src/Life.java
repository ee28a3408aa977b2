/* Exercises: Conway's Game of Life on a torus: boolean grids, modular indexing, text output. */
public class Life {
    static boolean[][] next(boolean[][] now) {
        int h = now.length, w = now[0].length;
        boolean[][] then = new boolean[h][w];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int n = 0;
                for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) if ((dx | dy) != 0 && now[(y + dy + h) % h][(x + dx + w) % w]) n++;
                then[y][x] = n == 3 || n == 2 && now[y][x];
            }
        }
        return then;
    }

    static int show(boolean[][] grid, int generation) {
        int alive = 0;
        System.out.println("generation " + generation);
        for (boolean[] row : grid) {
            StringBuilder line = new StringBuilder();
            for (boolean cell : row) {
                line.append(cell ? '#' : '.');
                if (cell) alive++;
            }
            System.out.println(line);
        }
        return alive;
    }

    public static void main(String[] args) {
        boolean[][] grid = new boolean[16][40];
        String[] pattern = {".#.", "..#", "###"};
        for (int y = 0; y < 3; y++) for (int x = 0; x < 3; x++) grid[y + 1][x + 1] = pattern[y].charAt(x) == '#';
        for (int[] cell : new int[][] {{8, 20}, {8, 21}, {9, 19}, {9, 20}, {10, 20}}) grid[cell[0]][cell[1]] = true; // R pentomino
        for (int generation = 0; generation <= 120; generation++) {
            if (generation % 24 == 0) System.out.println(show(grid, generation) + " alive");
            grid = next(grid);
        }
    }
}
