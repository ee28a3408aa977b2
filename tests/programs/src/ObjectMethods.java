/* Exercises: equals, hashCode and toString defined by users and used by the library; identity where
 * they are not; Object.toString over an own hashCode; getClass (java.lang.Object). */
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Objects;

public class ObjectMethods {
    static class Money {
        final long amount;
        final String currency;
        static int compared;

        Money(long amount, String currency) { this.amount = amount; this.currency = currency; }

        @Override
        public boolean equals(Object o) {
            compared++;
            return o instanceof Money && ((Money) o).amount == amount && ((Money) o).currency.equals(currency);
        }

        @Override public int hashCode() { return (int) (amount % 4); }
        @Override public String toString() { return amount + currency; }
    }

    static class OnlyHash { @Override public int hashCode() { return 0xCAFE; } }
    static class Plain { }
    static class Broken { @Override public boolean equals(Object o) { return false; } @Override public int hashCode() { return 1; } }

    public static void main(String[] args) {
        HashMap<Money, String> map = new HashMap<Money, String>();
        for (int i = 0; i < 20; i++) map.put(new Money(i % 10, "EUR"), "v" + i);
        System.out.println(map.size() + " " + map.get(new Money(3, "EUR")) + " " + map.get(new Money(3, "USD")) + " " + map.containsKey(new Money(9, "EUR")));
        System.out.println(Money.compared > 0);
        ArrayList<Money> list = new ArrayList<Money>();
        for (int i = 0; i < 5; i++) list.add(new Money(i * i, "CHF"));
        System.out.println(list + " " + list.indexOf(new Money(9, "CHF")) + " " + list.contains(new Money(5, "CHF")) + " " + list.remove(new Money(4, "CHF")) + " " + list);
        System.out.println(list.equals(new ArrayList<Money>(list)) + " " + list.hashCode());
        System.out.println(new OnlyHash() + " " + new OnlyHash().equals(new OnlyHash()));
        OnlyHash[] none = {};
        System.out.println(none.getClass() + " " + new Plain().getClass() + " " + Runnable.class + " " + int.class);
        Plain a = new Plain(), b = new Plain();
        System.out.println(a.equals(a) + " " + a.equals(b) + " " + (a.hashCode() == a.hashCode()) + " " + (System.identityHashCode(a) == a.hashCode()) + " " + System.identityHashCode(null));
        System.out.println(System.identityHashCode(list) == System.identityHashCode(list));
        System.out.println(a.toString().startsWith("ObjectMethods$Plain@") + " " + a.toString().equals(a.toString()));
        HashSet<Object> set = new HashSet<Object>();
        Broken broken = new Broken();
        set.add(broken);
        set.add(broken); // identity is tried before equals
        set.add(new Broken());
        set.add(null);
        set.add(null);
        System.out.println(set.size() + " " + set.contains(broken) + " " + set.contains(new Broken()) + " " + set.contains(null));
        System.out.println(Objects.equals(null, null) + " " + Objects.equals("a", null) + " " + Objects.hash(1, "a", null) + " " + Objects.hashCode(null) + " " + Objects.toString(null, "default"));
        System.out.println(Objects.requireNonNullElse(null, "else") + " " + Objects.checkIndex(2, 3));
        try {
            Objects.checkIndex(3, 3);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        HashMap<Plain, Integer> byIdentity = new HashMap<Plain, Integer>();
        Plain[] keys = new Plain[1000];
        for (int i = 0; i < keys.length; i++) byIdentity.put(keys[i] = new Plain(), i);
        System.gc(); // identity hash codes survive a collection
        int found = 0;
        for (int i = 0; i < keys.length; i++) if (byIdentity.get(keys[i]) == i) found++;
        System.out.println(found);
        System.out.println("text".hashCode() + " " + Boolean.hashCode(true) + " " + Character.hashCode('x') + " " + Long.hashCode(1L << 40) + " " + new ArrayList<String>().hashCode());
    }
}
