/* Exercises: threads that allocate at the same time, hand objects to each other and keep some, under a
 * small heap (run with -Xmx32m). */
public class GarbageThreads {
    static final Object[] shared = new Object[256];

    static class Worker extends Thread {
        final int seed;
        long checksum;
        Worker(int seed) { this.seed = seed; }
        @Override public void run() {
            int[][] own = new int[64][];
            int random = seed;
            for (int i = 0; i < 30000; i++) {
                random = random * 1103515245 + 12345;
                int[] made = new int[16 + (random >>> 24)];
                made[0] = i;
                made[made.length - 1] = random;
                own[i & 63] = made;
                synchronized (shared) { shared[random >>> 8 & 255] = made; }
                int[] seen = own[i * 7 & 63];
                if (seen != null) checksum = checksum * 31 + seen[0] + seen[seen.length - 1];
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Worker[] workers = new Worker[4];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i * 7 + 1);
            workers[i].start();
        }
        for (Worker w : workers) w.join();
        for (Worker w : workers) System.out.println(w.checksum);
        int broken = 0, filled = 0;
        for (Object o : shared) {
            if (o == null) continue;
            filled++;
            if (((int[]) o).length < 16 || ((int[]) o)[0] < 0) broken++;
        }
        System.out.println(filled + " " + broken);
    }
}
