/* Exercises: weak, soft and phantom references and their queues, WeakHashMap: cleared once only weakly
 * reachable, kept while strongly reachable (java.lang.ref). */
import java.lang.ref.*;
import java.util.WeakHashMap;

public class References {
    static class Payload {
        final int[] data = new int[1000];
    }

    static WeakReference<Payload> weak(ReferenceQueue<Payload> queue) { return new WeakReference<Payload>(new Payload(), queue); }

    static void fill(WeakHashMap<Object, String> map) { for (int i = 0; i < 10; i++) map.put(new Object(), "v" + i); }

    static boolean untilCleared(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 200 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(5);
        }
        return reference.get() == null;
    }

    public static void main(String[] args) throws InterruptedException {
        ReferenceQueue<Payload> queue = new ReferenceQueue<Payload>();
        WeakReference<Payload> gone = weak(queue);
        System.out.println("cleared " + untilCleared(gone));
        Reference<?> queued = queue.remove(10_000);
        System.out.println("queued " + (queued == gone) + " " + (queue.poll() == null));
        Payload strong = new Payload();
        strong.data[5] = 55;
        WeakReference<Payload> kept = new WeakReference<Payload>(strong);
        SoftReference<Payload> soft = new SoftReference<Payload>(new Payload());
        for (int i = 0; i < 3; i++) System.gc();
        System.out.println("kept " + (kept.get() == strong) + " soft kept " + (soft.get() != null));
        System.out.println(strong.data[5] + " " + kept.refersTo(strong) + " " + kept.refersTo(null));
        PhantomReference<Payload> phantom = new PhantomReference<Payload>(new Payload(), queue);
        System.out.println("phantom never gives " + phantom.get());
        Reference<?> died = null;
        for (int i = 0; i < 200 && died == null; i++) {
            System.gc();
            died = queue.remove(10);
        }
        System.out.println("phantom queued " + (died == phantom));
        WeakHashMap<Object, String> map = new WeakHashMap<Object, String>();
        Object key = new Object();
        map.put(key, "stays");
        fill(map);
        for (int i = 0; i < 200 && map.size() > 1; i++) {
            System.gc();
            Thread.sleep(5);
        }
        System.out.println(map.size() + " " + map.get(key));
        WeakReference<Payload> cleared = new WeakReference<Payload>(strong, queue);
        cleared.clear();
        System.out.println(cleared.get() + " " + cleared.enqueue() + " " + cleared.enqueue() + " " + (queue.remove() == cleared));
        Object[] cycle = new Object[2];
        cycle[0] = cycle;
        WeakReference<Object[]> round = new WeakReference<Object[]>(cycle);
        cycle[1] = round;
        cycle = null;
        System.out.println("cycle cleared " + untilCleared(round));
        Reference.reachabilityFence(strong);
    }
}
