/* Exercises: eight sorting algorithms written out, over the same data: array access, recursion, calls
 * through an abstract class. */
public class SortAlgorithms {
    abstract static class Sort {
        long compared, moved;
        abstract void sort(int[] a);
        boolean less(int x, int y) { compared++; return x < y; }
        void swap(int[] a, int i, int j) { moved += 2; int t = a[i]; a[i] = a[j]; a[j] = t; }
    }

    static class Bubble extends Sort {
        void sort(int[] a) {
            for (int end = a.length - 1; end > 0;) {
                int last = 0;
                for (int i = 0; i < end; i++) if (less(a[i + 1], a[i])) { swap(a, i, i + 1); last = i; }
                end = last;
            }
        }
    }

    static class Insertion extends Sort {
        void sort(int[] a) {
            for (int i = 1; i < a.length; i++) {
                int v = a[i], j = i;
                for (; j > 0 && less(v, a[j - 1]); j--, moved++) a[j] = a[j - 1];
                a[j] = v;
            }
        }
    }

    static class Selection extends Sort {
        void sort(int[] a) {
            for (int i = 0; i < a.length; i++) {
                int m = i;
                for (int j = i + 1; j < a.length; j++) if (less(a[j], a[m])) m = j;
                if (m != i) swap(a, i, m);
            }
        }
    }

    static class Shell extends Sort {
        void sort(int[] a) {
            for (int gap = a.length / 2; gap > 0; gap /= 2) {
                for (int i = gap; i < a.length; i++) for (int j = i; j >= gap && less(a[j], a[j - gap]); j -= gap) swap(a, j, j - gap);
            }
        }
    }

    static class Merge extends Sort {
        void sort(int[] a) {
            if (a.length < 2) return;
            int[] l = java.util.Arrays.copyOf(a, a.length / 2), r = java.util.Arrays.copyOfRange(a, a.length / 2, a.length);
            sort(l);
            sort(r);
            for (int i = 0, p = 0, q = 0; i < a.length; i++, moved++) a[i] = q == r.length || p < l.length && !less(r[q], l[p]) ? l[p++] : r[q++];
        }
    }

    static class Quick extends Sort {
        void sort(int[] a) { range(a, 0, a.length - 1); }
        void range(int[] a, int low, int high) {
            if (low >= high) return;
            int pivot = a[low + high >>> 1], i = low, j = high;
            while (i <= j) {
                while (less(a[i], pivot)) i++;
                while (less(pivot, a[j])) j--;
                if (i <= j) swap(a, i++, j--);
            }
            range(a, low, j);
            range(a, i, high);
        }
    }

    static class Heap extends Sort {
        void sort(int[] a) {
            for (int i = a.length / 2; i >= 0; i--) sink(a, i, a.length);
            for (int end = a.length - 1; end > 0; end--) {
                swap(a, 0, end);
                sink(a, 0, end);
            }
        }
        void sink(int[] a, int i, int n) {
            for (int c; (c = 2 * i + 1) < n; i = c) {
                if (c + 1 < n && less(a[c], a[c + 1])) c++;
                if (!less(a[i], a[c])) return;
                swap(a, i, c);
            }
        }
    }

    static class Radix extends Sort {
        void sort(int[] a) {
            int[] from = a, to = new int[a.length];
            for (int shift = 0; shift < 32; shift += 8) {
                int[] starts = new int[257];
                for (int v : from) starts[((v ^ 0x80000000) >>> shift & 255) + 1]++;
                for (int i = 0; i < 256; i++) starts[i + 1] += starts[i];
                for (int v : from) { to[starts[(v ^ 0x80000000) >>> shift & 255]++] = v; moved++; }
                int[] t = from;
                from = to;
                to = t;
            }
        }
    }

    public static void main(String[] args) {
        int[][] inputs = new int[6][];
        int seed = 12345;
        for (int k = 0; k < inputs.length; k++) {
            inputs[k] = new int[k == 5 ? 1 : 300];
            for (int i = 0; i < inputs[k].length; i++) {
                seed = seed * 1664525 + 1013904223;
                inputs[k][i] = k == 0 ? seed : k == 1 ? i : k == 2 ? -i : k == 3 ? seed >>> 29 : k == 4 ? (i % 2 == 0 ? i : seed >> 10) : seed;
            }
        }
        Sort[] sorts = {new Bubble(), new Insertion(), new Selection(), new Shell(), new Merge(), new Quick(), new Heap(), new Radix()};
        for (Sort s : sorts) {
            StringBuilder line = new StringBuilder(s.getClass().getSimpleName());
            for (int[] input : inputs) {
                int[] a = input.clone();
                s.sort(a);
                int wrong = 0, hash = 0;
                for (int i = 1; i < a.length; i++) if (a[i - 1] > a[i]) wrong++;
                for (int v : a) hash = hash * 31 + v;
                line.append(' ').append(wrong).append('/').append(hash);
            }
            System.out.println(line.append(" compared ").append(s.compared).append(" moved ").append(s.moved));
        }
    }
}
