/* Exercises: java.util.Arrays and Collections: sort (stable, by comparator, ranges), binarySearch, fill,
 * copyOf, equals, deep variants, and the comparator contract. The sorts of int,
 * long, float and double link lambdas: PrimitiveSorts has them. */
import java.util.*;

public class SortingAndArrays {
    static class Person implements Comparable<Person> {
        final String name;
        final int age;
        Person(String name, int age) { this.name = name; this.age = age; }
        @Override public int compareTo(Person o) { return name.compareTo(o.name); }
        @Override public String toString() { return name + age; }
    }

    static final Comparator<Person> BY_AGE = new Comparator<Person>() {
        @Override public int compare(Person a, Person b) { return Integer.compare(a.age, b.age); }
    };

    public static void main(String[] args) {
        int[] ints = {5, -3, 9, 0, Integer.MIN_VALUE, 7, 7, Integer.MAX_VALUE, 1};
        for (int i = 1; i < ints.length; i++) {
            for (int j = i; j > 0 && ints[j] < ints[j - 1]; j--) {
                int t = ints[j];
                ints[j] = ints[j - 1];
                ints[j - 1] = t;
            }
        }
        System.out.println(Arrays.toString(ints) + " " + Arrays.binarySearch(ints, 7) + " " + Arrays.binarySearch(ints, 2) + " " + Arrays.binarySearch(ints, 100));
        String[] words = "pear Apple fig banana apple Cherry date fig".split(" ");
        Arrays.sort(words);
        System.out.println(Arrays.toString(words) + " " + Arrays.binarySearch(words, "fig"));
        Arrays.sort(words, String.CASE_INSENSITIVE_ORDER);
        System.out.println(Arrays.toString(words));
        Arrays.sort(words, 2, 6, Collections.reverseOrder());
        System.out.println(Arrays.asList(words));
        List<Person> people = new ArrayList<Person>();
        for (int i = 0; i < 200; i++) people.add(new Person("p" + (char) ('a' + i * 17 % 26) + i % 10, i * 31 % 10));
        Collections.sort(people, BY_AGE); // stable
        System.out.println(people.subList(0, 30));
        Collections.sort(people);
        System.out.println(people.subList(0, 30));
        Collections.sort(people, Collections.reverseOrder(BY_AGE));
        System.out.println(people.subList(0, 20) + " " + Collections.binarySearch(people, new Person("", 5), Collections.reverseOrder(BY_AGE)) / 200);
        Integer[] many = new Integer[5000];
        for (int i = 0; i < many.length; i++) many[i] = i * 7919 % 5003;
        Arrays.sort(many);
        boolean ordered = true;
        for (int i = 1; i < many.length; i++) ordered &= many[i - 1] <= many[i];
        System.out.println(ordered + " " + many[0] + " " + many[4999]);
        try {
            Arrays.sort(many, new Comparator<Integer>() {
                int calls;
                @Override public int compare(Integer a, Integer b) { return ++calls * 7919 % 3 - 1; }
            });
            System.out.println("inconsistent, unnoticed");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        double[] doubles = {1.5, Double.NaN, -0.0, 0.0, Double.NEGATIVE_INFINITY, -7};
        char[] chars = "sorting".toCharArray();
        Arrays.sort(chars);
        byte[] bytes = {3, -1, 127, -128};
        Arrays.sort(bytes);
        long[] longs = {5, 1, 4};
        short[] shorts = {3, 2, 1};
        Arrays.sort(shorts);
        System.out.println(Arrays.toString(doubles) + new String(chars) + Arrays.toString(bytes) + Arrays.toString(longs) + Arrays.toString(shorts));
        int[] filled = new int[10];
        Arrays.fill(filled, 3);
        Arrays.fill(filled, 2, 5, -1);
        System.out.println(Arrays.toString(filled) + " " + Arrays.toString(Arrays.copyOf(filled, 3)) + " " + Arrays.toString(Arrays.copyOf(filled, 12)) + " " + Arrays.toString(Arrays.copyOfRange(filled, 4, 7)));
        int[][] a = {{1, 2}, {3}}, b = {{1, 2}, {3}};
        System.out.println(Arrays.equals(a, b) + " " + Arrays.deepEquals(a, b) + " " + Arrays.deepToString(a) + " " + Arrays.deepHashCode(a) + " " + Arrays.hashCode(filled) + " " + Arrays.hashCode((int[]) null));
        Object[] self = {1, null, "s", new double[] {0.5}, null};
        self[4] = self;
        System.out.println(Arrays.deepToString(self) + " " + Arrays.toString((Object[]) null));
        System.out.println(Arrays.compare(new int[] {1, 2}, new int[] {1, 3}) + " " + Arrays.mismatch(new byte[] {1, 2, 3}, new byte[] {1, 2, 4}) + " " + Arrays.equals(new long[] {1}, new long[] {1})
                + " " + Arrays.mismatch(new int[100], new int[100]) + " " + Arrays.equals("abc".toCharArray(), "abd".toCharArray()));
        try {
            Arrays.copyOfRange(ints, 5, 2);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            Arrays.fill(filled, 8, 11, 0);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        try {
            Arrays.sort(new Object[] {new Object(), new Object()});
        } catch (ClassCastException e) {
            System.out.println("not comparable");
        }
    }
}
