/* Exercises: generics by erasure: bridge methods, covariant returns, bounded types, generic methods,
 * casts that javac inserts, recursive bounds (JLS §8.4.5, §15.12.4.5; JVMS §4.6 ACC_BRIDGE). */
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

public class Bridges {
    static class Box<T> {
        private T value;
        Box(T value) { this.value = value; }
        T get() { return value; }
        void set(T value) { this.value = value; }
        <R> Box<R> with(R other) { return new Box<R>(other); }
        Box<T> copy() { return new Box<T>(value); }
    }

    static class IntBox extends Box<Integer> implements Comparable<IntBox>, Cloneable {
        IntBox(int v) { super(v); }
        @Override Integer get() { return super.get() + 1; }
        @Override void set(Integer value) { super.set(value * 10); }
        @Override IntBox copy() { return new IntBox(get()); }
        @Override public int compareTo(IntBox o) { return get().compareTo(o.get()); }
        @Override public IntBox clone() { return new IntBox(-get()); }
    }

    interface Transform<A, B> { B apply(A a); }
    static class Length implements Transform<String, Integer> { public Integer apply(String s) { return s.length(); } }
    static class Twice implements Transform<Integer, Integer> { public Integer apply(Integer i) { return i * 2; } }

    static class Chain<A, B, C> implements Transform<A, C> {
        final Transform<A, B> first;
        final Transform<? super B, ? extends C> second;
        Chain(Transform<A, B> first, Transform<? super B, ? extends C> second) { this.first = first; this.second = second; }
        public C apply(A a) { return second.apply(first.apply(a)); }
    }

    static <T extends Comparable<? super T>> T max(Iterable<? extends T> all) {
        Iterator<? extends T> it = all.iterator();
        T best = it.next();
        while (it.hasNext()) {
            T t = it.next();
            if (t.compareTo(best) > 0) best = t;
        }
        return best;
    }

    static class Range implements Iterable<Integer> {
        final int from, to;
        Range(int from, int to) { this.from = from; this.to = to; }
        public Iterator<Integer> iterator() {
            return new Iterator<Integer>() {
                int at = from;
                public boolean hasNext() { return at < to; }
                public Integer next() { return at++; }
            };
        }
    }

    abstract static class Builder<S extends Builder<S>> {
        StringBuilder text = new StringBuilder();
        abstract S self();
        S add(String s) { text.append(s); return self(); }
    }
    static class Shout extends Builder<Shout> {
        Shout self() { return this; }
        Shout bang() { text.append('!'); return this; }
    }

    static <T> T[] fill(T[] array, T value) {
        for (int i = 0; i < array.length; i++) array[i] = value;
        return array;
    }

    @SafeVarargs static <T> List<T> list(T... items) {
        List<T> list = new ArrayList<T>();
        for (T item : items) list.add(item);
        return list;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] args) {
        IntBox box = new IntBox(5);
        Box<Integer> asBox = box;
        asBox.set(7);
        System.out.println(box.get() + " " + asBox.get() + " " + asBox.copy().get() + " " + asBox.with("s").get() + " " + box.clone().get());
        Box raw = box;
        try {
            raw.set("not an integer"); // the bridge casts
        } catch (ClassCastException e) {
            System.out.println("bridge refused");
        }
        Box<String> polluted = new Box("fine");
        ((Box) polluted).set(5);
        Object fine = ((Box) polluted).get();
        try {
            String s = polluted.get();
        } catch (ClassCastException e) {
            System.out.println("cast at the call, holding " + fine);
        }
        System.out.println(new Chain<String, Integer, Integer>(new Length(), new Twice()).apply("twelve chars"));
        System.out.println(max(list(3, 9, 2)) + " " + max(list("b", "a")) + " " + max(list(new IntBox(1), new IntBox(4))).get() + " " + max(new Range(0, 8)));
        System.out.println(new Shout().add("a").add("b").bang().add("c").text);
        System.out.println(fill(new String[3], "z")[2] + fill(new Integer[1], 8)[0]);
        int sum = 0;
        for (int i : new Range(1, 101)) sum += i;
        System.out.println(sum);
        Comparator<String> byLength = new Comparator<String>() {
            public int compare(String a, String b) { return a.length() - b.length(); }
        };
        List<String> words = list("ccc", "a", "bb", "d");
        java.util.Collections.sort(words, byLength);
        System.out.println(words);
        try {
            Object[] broken = fill((Object[]) new String[1], (Object) 5);
        } catch (ArrayStoreException e) {
            System.out.println(e.getMessage());
        }
    }
}
