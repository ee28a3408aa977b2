// Streams (java.util.stream): sources, stateless and stateful stages, collectors, primitives, parallel runs
// whose result does not depend on the order, laziness and errors.
package indy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

public class Streams {
    record Person(String name, int age, String town) { }

    static final List<Person> PEOPLE = List.of(new Person("Ann", 31, "Rome"), new Person("Bob", 25, "Oslo"),
        new Person("Cid", 31, "Oslo"), new Person("Dee", 42, "Rome"), new Person("Eve", 25, "Bern"));

    static void stages() {
        System.out.println(Stream.of("delta", "alpha", "charlie", "bravo").sorted().map(String::toUpperCase).toList());
        System.out.println(IntStream.rangeClosed(1, 20).filter(n -> n % 3 == 0).mapToObj(Integer::toString).collect(Collectors.joining("-", "<", ">")));
        System.out.println(Stream.iterate(1, n -> n * 3).limit(8).skip(2).reduce(Integer::sum).get());
        System.out.println(Stream.iterate(1, n -> n < 100, n -> n * 2).count());
        System.out.println(Stream.of(3, 1, 3, 2, 1).distinct().sorted(Comparator.reverseOrder()).toList());
        System.out.println(Stream.of(List.of(1, 2), List.<Integer>of(), List.of(3)).flatMap(List::stream).map(n -> n * n).toList());
        System.out.println(Stream.of(1, 2, 3).<String>mapMulti((n, sink) -> { for (int i = 0; i < n; i++) { sink.accept(n + "." + i); } }).toList());
        System.out.println(Stream.of(5, 6, 7, 2, 8).takeWhile(n -> n > 4).toList() + " " + Stream.of(5, 6, 7, 2, 8).dropWhile(n -> n > 4).toList());
        System.out.println("hello".chars().mapToObj(c -> (char) c).map(String::valueOf).collect(Collectors.joining(",")));
        System.out.println(Arrays.stream(new double[] {1, 2, 4}).map(Math::sqrt).sum());
        System.out.println(LongStream.range(0, 5).boxed().collect(Collectors.toList()));
        System.out.println(Stream.of(1, 2, 3, 4, 5).gather(Gatherers.windowSliding(3)).toList());
        System.out.println(Stream.concat(Stream.of("a"), Stream.of("b")).anyMatch("b"::equals) + " " + Stream.empty().findFirst());
    }

    static void laziness() {
        List<String> seen = new ArrayList<>();
        Optional<Integer> first = Stream.of(1, 2, 3, 4).peek(n -> seen.add("p" + n)).filter(n -> { seen.add("f" + n); return n > 1; }).findFirst();
        System.out.println(first.get() + " " + seen);
        Stream<Integer> used = Stream.of(1);
        used.count();
        try {
            used.count();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            Stream.of(1, 0).map(n -> 1 / n).forEach(n -> System.out.println("got " + n));
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        }
    }

    static void collectors() {
        System.out.println(new TreeMap<>(PEOPLE.stream().collect(Collectors.groupingBy(Person::town, Collectors.mapping(Person::name, Collectors.toList())))));
        System.out.println(PEOPLE.stream().collect(Collectors.partitioningBy(p -> p.age() > 30, Collectors.counting())));
        Map<Integer, String> byAge = PEOPLE.stream().collect(Collectors.toMap(Person::age, Person::name, (a, b) -> a + "+" + b, TreeMap::new));
        System.out.println(byAge);
        System.out.println(PEOPLE.stream().sorted(Comparator.comparingInt(Person::age).thenComparing(Person::name, Comparator.reverseOrder())).map(Person::name).toList());
        System.out.println(PEOPLE.stream().mapToInt(Person::age).summaryStatistics());
        System.out.println(PEOPLE.stream().collect(Collectors.averagingInt(Person::age)));
        String youngest = PEOPLE.stream().collect(Collectors.teeing(Collectors.minBy(Comparator.comparing(Person::age)), Collectors.counting(), (m, c) -> m.get().name() + c));
        System.out.println(youngest);
        int size = PEOPLE.stream().collect(Collectors.collectingAndThen(Collectors.toSet(), set -> set.size()));
        System.out.println(size);
        Map<Boolean, List<Integer>> split = IntStream.range(0, 10).boxed().collect(Collectors.partitioningBy(n -> n % 2 == 0));
        System.out.println(split);
        Map<Integer, String> byLength = Stream.of("x", "yy", "zz")
            .collect(Collectors.groupingBy(String::length, LinkedHashMap::new, Collectors.reducing("", Function.identity(), String::concat)));
        System.out.println(byLength);
        try {
            Stream.of("a", "a").collect(Collectors.toMap(Function.identity(), String::length));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(DoubleStream.of(0.1, 0.2, 0.3).summaryStatistics());
    }

    static void parallel() {
        System.out.println(IntStream.range(0, 10000).parallel().filter(n -> n % 7 == 0).mapToLong(n -> n).sum());
        System.out.println(IntStream.range(0, 1000).parallel().boxed().map(n -> n * 2).collect(Collectors.toList()).get(999));
        System.out.println(Stream.of("c", "a", "b").parallel().sorted().collect(Collectors.joining()));
        System.out.println(StreamSupport.stream(Spliterators.spliteratorUnknownSize(List.of(1, 2, 3).iterator(), 0), true).mapToInt(n -> n).max().getAsInt());
    }

    public static void main(String[] args) {
        stages();
        laziness();
        collectors();
        parallel();
    }
}
