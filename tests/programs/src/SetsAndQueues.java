/* Exercises: HashSet, LinkedHashSet, TreeSet, PriorityQueue, ArrayDeque, BitSet (java.util). */
import java.util.*;

public class SetsAndQueues {
    static class Task implements Comparable<Task> {
        final int priority;
        final String name;
        Task(int priority, String name) { this.priority = priority; this.name = name; }
        @Override public int compareTo(Task o) { return priority != o.priority ? Integer.compare(priority, o.priority) : name.compareTo(o.name); }
        @Override public String toString() { return name + ":" + priority; }
    }

    static void exercise(Set<Integer> set) {
        for (int i = 0; i < 30; i++) set.add(i * 37 % 41 - 20);
        System.out.println(set + " " + set.size() + " " + set.add(0) + set.add(0) + " " + set.contains(17) + " " + set.remove(17) + set.remove(17));
        Set<Integer> other = new HashSet<Integer>(Arrays.asList(0, 1, 2, 3, 99));
        Set<Integer> common = new TreeSet<Integer>(set);
        common.retainAll(other);
        set.removeAll(other);
        System.out.println(common + " " + set.containsAll(common) + " " + set.size() + " " + set.hashCode());
        for (Iterator<Integer> it = set.iterator(); it.hasNext();) if (it.next() % 3 == 0) it.remove();
        System.out.println(set);
    }

    public static void main(String[] args) {
        exercise(new HashSet<Integer>());
        exercise(new LinkedHashSet<Integer>());
        exercise(new TreeSet<Integer>());
        HashSet<String> words = new HashSet<String>(Arrays.asList("espresso", "doppio", "ristretto", "lungo", "macchiato", "cortado", ""));
        System.out.println(words + " " + words.contains("lungo"));
        TreeSet<String> sorted = new TreeSet<String>(words);
        System.out.println(sorted.first() + sorted.last() + " " + sorted.headSet("e") + sorted.tailSet("m") + sorted.floor("k") + sorted.higher("lungo") + sorted.descendingSet() + sorted.pollFirst() + sorted.pollLast());
        PriorityQueue<Task> queue = new PriorityQueue<Task>();
        for (int i = 0; i < 12; i++) queue.add(new Task(i * 5 % 7, "t" + i));
        System.out.println(queue.peek() + " " + queue.size());
        StringBuilder order = new StringBuilder();
        while (!queue.isEmpty()) order.append(queue.poll()).append(' ');
        System.out.println(order);
        PriorityQueue<Integer> largest = new PriorityQueue<Integer>(4, new Comparator<Integer>() {
            public int compare(Integer a, Integer b) { return b.compareTo(a); }
        });
        for (int i = 0; i < 1000; i++) largest.offer(i * 7919 % 1009);
        for (int i = 0; i < 5; i++) System.out.print(largest.remove() + " ");
        System.out.println(largest.remove(500) + " " + largest.contains(500));
        ArrayDeque<Integer> deque = new ArrayDeque<Integer>(2);
        for (int i = 0; i < 10; i++) {
            deque.addLast(i);
            deque.addFirst(-i);
            if (i % 3 == 0) deque.pollFirst();
        }
        System.out.println(deque + " " + deque.peekFirst() + " " + deque.removeLast() + " " + deque.pop() + " " + deque.size() + " " + deque.contains(4) + " " + deque.removeFirstOccurrence(4));
        Iterator<Integer> down = deque.descendingIterator();
        while (down.hasNext()) System.out.print(down.next() + " ");
        System.out.println();
        try {
            deque.add(null);
        } catch (NullPointerException e) {
            System.out.println("no nulls in a deque");
        }
        try {
            new ArrayDeque<String>().removeFirst();
        } catch (NoSuchElementException e) {
            System.out.println("empty " + e.getMessage());
        }
        BitSet bits = new BitSet();
        for (int i = 0; i < 200; i += 7) bits.set(i);
        BitSet threes = new BitSet(10);
        for (int i = 0; i < 200; i += 3) threes.set(i);
        BitSet both = (BitSet) bits.clone();
        both.and(threes);
        System.out.println(both + " " + bits.cardinality() + " " + bits.length() + " " + bits.nextSetBit(50) + " " + bits.nextClearBit(49) + " " + bits.previousSetBit(48) + " " + bits.intersects(threes));
        bits.or(threes);
        bits.xor(both);
        bits.flip(0, 10);
        bits.clear(100, 200);
        System.out.println(bits + " " + bits.hashCode() + " " + bits.get(3, 30) + " " + bits.size() + " " + bits.toLongArray().length);
        try {
            bits.set(-1);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
    }
}
