/** Persistent collections, pattern matching, values for failures. */

import static io.vavr.API.*;
import static io.vavr.Predicates.*;

import io.vavr.*;
import io.vavr.collection.*;
import io.vavr.control.*;

public class VavrDriver {
    public static void main(String[] args) {
        System.out.println(List.range(0, 10).map(x -> x * x).filter(x -> x % 2 == 0).sum() + " " + Stream.from(1).takeWhile(x -> x < 20).toList());
        System.out.println(Try.of(() -> Integer.parseInt("x")).recover(NumberFormatException.class, -1) + " " + Option.of(null) + " "
                + Either.<String, Integer>right(3).map(x -> x + 1));
        System.out.println(Match(7).of(Case($(isIn(1, 2)), "low"), Case($(n -> n > 5), "high"), Case($(), "?")));
        Function2<Integer, Integer, Integer> plus = (x, y) -> x + y;
        System.out.println(HashMap.of("a", 1, "b", 2).mapValues(x -> x + 1) + " " + TreeSet.of(3, 1, 2) + " " + Tuple.of(1, "x", 2.5) + " "
                + plus.curried().apply(1).apply(2) + " " + Vector.range(0, 100).sliding(30).map(Vector::length).toList());
    }
}
