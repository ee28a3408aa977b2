/* Exercises: HashMap, LinkedHashMap (both orders, eviction), TreeMap navigation, Hashtable, Properties,
 * IdentityHashMap and WeakHashMap sizes, immutable maps, collisions and tree bins (java.util maps). */
import java.util.*;

public class Maps {
    static class Collides implements Comparable<Collides> {
        final int id;
        Collides(int id) { this.id = id; }
        @Override public int hashCode() { return 42; }
        @Override public boolean equals(Object o) { return o instanceof Collides && ((Collides) o).id == id; }
        @Override public int compareTo(Collides o) { return Integer.compare(id, o.id); }
    }

    static class Lru extends LinkedHashMap<String, Integer> {
        private static final long serialVersionUID = 1;
        Lru() { super(16, 0.75f, true); }
        @Override protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) { return size() > 3; }
    }

    static void exercise(Map<String, Integer> map) {
        String[] words = "to be or not to be that is the question whether tis nobler in the mind to suffer".split(" ");
        for (String w : words) {
            Integer old = map.get(w);
            map.put(w, old == null ? 1 : old + 1);
        }
        System.out.println(map);
        System.out.println(map.size() + " " + map.get("to") + " " + map.get("none") + " " + map.getOrDefault("none", -1) + " " + map.containsKey("be") + " " + map.containsValue(3));
        System.out.println(map.put("be", 50) + " " + map.putIfAbsent("be", 51) + " " + map.putIfAbsent("new", 52) + " " + map.remove("or") + " " + map.remove("or") + " " + map.replace("is", 9)
                + " " + map.remove("is", 8));
        int sum = 0;
        for (Map.Entry<String, Integer> e : map.entrySet()) {
            sum += e.getKey().length() * e.getValue();
            if (e.getValue() == 1) e.setValue(100);
        }
        for (Iterator<String> it = map.keySet().iterator(); it.hasNext();) if (it.next().length() == 2) it.remove();
        System.out.println(sum + " " + map + " " + map.values() + " " + map.hashCode() + " " + map.equals(new HashMap<String, Integer>(map)));
        try {
            for (String k : map.keySet()) map.remove(k + "").byteValue();
        } catch (ConcurrentModificationException e) {
            System.out.println("modified");
        }
        map.clear();
        System.out.println(map + " " + map.isEmpty());
    }

    public static void main(String[] args) {
        exercise(new HashMap<String, Integer>());
        exercise(new LinkedHashMap<String, Integer>());
        exercise(new TreeMap<String, Integer>());
        exercise(new Hashtable<String, Integer>());
        HashMap<Integer, Integer> big = new HashMap<Integer, Integer>();
        for (int i = 0; i < 50000; i++) big.put(i * 31, i);
        for (int i = 0; i < 50000; i += 3) big.remove(i * 31);
        long sum = 0;
        for (Map.Entry<Integer, Integer> e : big.entrySet()) sum = sum * 31 + e.getKey() + e.getValue();
        System.out.println(big.size() + " " + sum);
        HashMap<Collides, Integer> bins = new HashMap<Collides, Integer>();
        for (int i = 0; i < 200; i++) bins.put(new Collides(i * 7 % 200), i); // a tree bin by now
        int found = 0;
        for (int i = 0; i < 250; i++) if (bins.get(new Collides(i)) != null) found++;
        for (int i = 0; i < 195; i++) bins.remove(new Collides(i));
        System.out.println(found + " " + bins.size() + " " + bins.get(new Collides(199)));
        Lru lru = new Lru();
        for (String s : new String[] {"a", "b", "c", "a", "d", "e", "a"}) {
            if (lru.get(s) == null) lru.put(s, s.charAt(0) - 'a');
        }
        System.out.println(lru);
        TreeMap<Integer, String> tree = new TreeMap<Integer, String>();
        for (int i = 0; i < 100; i += 10) tree.put(i, "v" + i);
        System.out.println(tree.firstKey() + " " + tree.lastEntry() + " " + tree.floorKey(35) + " " + tree.ceilingKey(35) + " " + tree.lowerKey(30) + " " + tree.higherKey(90) + " "
                + tree.headMap(30) + " " + tree.tailMap(70, false) + " " + tree.subMap(20, true, 40, true) + " " + tree.pollFirstEntry() + " " + tree.descendingMap());
        TreeMap<String, Integer> reversed = new TreeMap<String, Integer>(Collections.<String>reverseOrder());
        reversed.put("a", 1);
        reversed.put("c", 3);
        reversed.put("b", 2);
        System.out.println(reversed + " " + reversed.headMap("b", true) + " " + reversed.descendingKeySet());
        Random random = new Random(7);
        TreeMap<Integer, Integer> many = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 5000; i++) many.put(random.nextInt(10000), i);
        for (int i = 0; i < 10000; i += 2) many.remove(i);
        int previous = -1, disorder = 0;
        for (int k : many.keySet()) {
            if (k <= previous) disorder++;
            previous = k;
        }
        System.out.println(many.size() + " " + disorder + " " + many.firstEntry());
        try {
            tree.put(null, "x");
        } catch (NullPointerException e) {
            System.out.println("no null keys in a TreeMap");
        }
        Properties properties = new Properties();
        properties.setProperty("key", "value");
        System.out.println(properties + " " + properties.getProperty("key") + " " + properties.getProperty("none", "default") + " " + properties.size());
        IdentityHashMap<String, Integer> identity = new IdentityHashMap<String, Integer>();
        identity.put("k", 1);
        identity.put(new String("k"), 2);
        System.out.println(identity.size() + " " + identity.get("k"));
        Map<String, Integer> one = Map.of("only", 1);
        try {
            one.put("x", 2);
        } catch (UnsupportedOperationException e) {
            System.out.println(one + " is immutable");
        }
        System.out.println(new AbstractMap.SimpleEntry<String, Integer>("k", 5) + " " + Collections.unmodifiableMap(reversed) + " " + Collections.emptyMap());
    }
}
