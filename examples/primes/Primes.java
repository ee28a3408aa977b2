// Lists the primes up to a limit given as the first argument, and counts them.
import java.util.BitSet;

public class Primes {
    static BitSet sieve(int limit) {
        BitSet prime = new BitSet(limit + 1);
        prime.set(2, limit + 1);
        for (int p = 2; (long) p * p <= limit; p = prime.nextSetBit(p + 1)) {
            for (int multiple = p * p; multiple <= limit && multiple > 0; multiple += p) prime.clear(multiple);
        }
        return prime;
    }

    public static void main(String[] args) {
        int limit;
        try {
            limit = Integer.parseInt(args[0]);
            if (limit < 2 || limit > 100_000_000) throw new NumberFormatException("out of range");
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            System.err.println("usage: primes LIMIT   (2 to 100000000)");
            Runtime.getRuntime().halt(2);
            return;
        }
        BitSet prime = sieve(limit);
        StringBuilder line = new StringBuilder();
        for (int p = prime.nextSetBit(0); p >= 0 && p <= 200; p = prime.nextSetBit(p + 1)) line.append(p).append(' ');
        System.out.println(line.toString().trim() + (limit > 200 ? " …" : ""));
        System.out.println(prime.cardinality() + " primes up to " + limit + ", the largest is " + prime.previousSetBit(limit));
    }
}
