// Three threads make coffee: one grinds, one brews, one serves, with small queues between them.
import java.util.ArrayDeque;

public class Pipeline {
    /** A queue that makes a fast producer wait for a slow consumer, and the other way round. */
    static class Counter {
        private final ArrayDeque<String> items = new ArrayDeque<String>();
        private final int places;

        Counter(int places) { this.places = places; }

        synchronized void put(String item) throws InterruptedException {
            while (items.size() == places) wait();
            items.addLast(item);
            notifyAll();
        }

        synchronized String take() throws InterruptedException {
            while (items.isEmpty()) wait();
            String item = items.removeFirst();
            notifyAll();
            return item;
        }
    }

    static final String CLOSED = "closed";

    abstract static class Barista extends Thread {
        Barista(String name) { super(name); }

        abstract void work() throws InterruptedException;

        @Override
        public void run() {
            try {
                work();
            } catch (InterruptedException e) {
                System.err.println(getName() + " was interrupted");
            }
        }
    }

    public static void main(String[] args) throws InterruptedException {
        final int orders = args.length > 0 ? Integer.parseInt(args[0]) : 6;
        final Counter ground = new Counter(2), brewed = new Counter(1);
        Barista[] baristas = {
            new Barista("grinder") {
                @Override
                void work() throws InterruptedException {
                    for (int i = 1; i <= orders; i++) ground.put("beans " + i);
                    ground.put(CLOSED);
                }
            },
            new Barista("brewer") {
                @Override
                void work() throws InterruptedException {
                    for (String beans; !(beans = ground.take()).equals(CLOSED);) brewed.put("demitasse from " + beans);
                    brewed.put(CLOSED);
                }
            },
            new Barista("waiter") {
                @Override
                void work() throws InterruptedException {
                    int served = 0;
                    for (String cup; !(cup = brewed.take()).equals(CLOSED); served++) System.out.println("served a " + cup);
                    System.out.println(served + " cups served by " + getName());
                }
            },
        };
        for (Barista barista : baristas) barista.start();
        for (Barista barista : baristas) barista.join();
        System.out.println("closed");
    }
}
