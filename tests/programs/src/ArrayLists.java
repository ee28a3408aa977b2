/* Exercises: ArrayList, LinkedList, Vector, Stack, sublists, list iterators, immutable lists, bulk
 * operations, ConcurrentModificationException (java.util lists, without lambdas). */
import java.util.*;

public class ArrayLists {
    static void exercise(List<Integer> list) {
        for (int i = 0; i < 20; i++) list.add(i * 7 % 20);
        list.add(5, 100);
        list.add(0, -1);
        list.remove(3);
        list.remove((Integer) 14);
        System.out.println(list + " " + list.size() + " " + list.indexOf(13) + " " + list.lastIndexOf(100) + " " + list.contains(55));
        list.set(2, 77);
        list.addAll(4, Arrays.asList(1000, 1001));
        boolean vector = list instanceof Vector; // its removeAll and retainAll are lambdas
        if (!vector) list.removeAll(Arrays.asList(1, 2, 3, 4));
        System.out.println(list + " " + list.hashCode());
        List<Integer> sub = list.subList(2, 6);
        sub.set(0, -5);
        sub.add(66);
        sub.remove(1);
        System.out.println(sub + " " + list);
        sub.clear();
        if (!vector) list.retainAll(Arrays.asList(-1, 7, 12, 100, 5, 18, 11));
        System.out.println(list + " " + list.equals(new ArrayList<Integer>(list)));
        for (ListIterator<Integer> it = list.listIterator(); it.hasNext();) {
            int v = it.next();
            if (v % 2 != 0) it.remove();
            else it.set(v + 1);
            if (v == 12) it.add(1212);
        }
        ListIterator<Integer> back = list.listIterator(list.size());
        StringBuilder reversed = new StringBuilder();
        while (back.hasPrevious()) reversed.append(back.previousIndex()).append('=').append(back.previous()).append(' ');
        System.out.println(list + " " + reversed);
        try {
            for (Integer i : list) list.add(i);
        } catch (ConcurrentModificationException e) {
            System.out.println(e);
        }
        try {
            list.get(list.size());
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        try {
            list.add(-1, 0);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        list.clear();
        System.out.println(list + " " + list.isEmpty());
        try {
            list.iterator().next();
        } catch (NoSuchElementException e) {
            System.out.println(e.getClass().getName());
        }
    }

    public static void main(String[] args) {
        exercise(new ArrayList<Integer>());
        exercise(new LinkedList<Integer>());
        exercise(new Vector<Integer>());
        LinkedList<String> deque = new LinkedList<String>();
        deque.addFirst("b");
        deque.addLast("c");
        deque.push("a");
        deque.offer("d");
        System.out.println(deque + " " + deque.peek() + deque.peekLast() + deque.pop() + deque.pollLast() + deque.getFirst() + deque.removeLast() + " " + deque);
        Stack<Integer> stack = new Stack<Integer>();
        for (int i = 0; i < 5; i++) stack.push(i * i);
        System.out.println(stack.pop() + " " + stack.peek() + " " + stack.search(1) + " " + stack);
        try {
            new Stack<String>().pop();
        } catch (EmptyStackException e) {
            System.out.println(e);
        }
        List<String> fixed = Arrays.asList("x", "y");
        fixed.set(0, "z");
        List<List<String>> readOnly = new ArrayList<List<String>>();
        readOnly.add(fixed);
        readOnly.add(Collections.unmodifiableList(fixed));
        readOnly.add(List.of("p", "q", "r"));
        readOnly.add(Collections.nCopies(3, "n"));
        readOnly.add(Collections.singletonList("one"));
        readOnly.add(Collections.<String>emptyList());
        readOnly.add(List.copyOf(fixed));
        for (List<String> list : readOnly) {
            try {
                list.add("w");
                System.out.println("added");
            } catch (UnsupportedOperationException e) {
                System.out.println(list + " cannot grow");
            }
        }
        ArrayList<Integer> numbers = new ArrayList<Integer>();
        for (int i = 0; i < 100000; i++) numbers.add(i ^ 0x55);
        long sum = 0;
        for (int n : numbers) sum += n;
        System.out.println(sum + " " + numbers.toArray().length + " " + numbers.toArray(new Integer[0])[7] + " " + numbers.subList(10, 15));
        Collections.reverse(numbers);
        Collections.swap(numbers, 0, 1);
        Collections.rotate(numbers, 3);
        System.out.println(numbers.subList(0, 6) + " " + Collections.max(numbers) + " " + Collections.min(numbers) + " " + Collections.frequency(numbers, 5));
    }
}
