/** Queues without locks, which reach into objects and buffers through Unsafe and VarHandles: Disruptor, JCTools, Agrona. */

import com.lmax.disruptor.*;
import com.lmax.disruptor.dsl.*;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jctools.maps.NonBlockingHashMap;
import org.jctools.queues.*;

public class QueuesDriver {
    static final int PRODUCERS = 3, EACH = 4000;

    static class Event {
        long value;
    }

    interface Work {
        void run(int number) throws Exception;
    }

    static List<Thread> start(int count, Work work) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    work.run(number);
                } catch (Exception e) {
                    e.printStackTrace();
                }
            }));
        }
        return threads;
    }

    static void disruptor(WaitStrategy waiting) throws Exception {
        Disruptor<Event> disruptor = new Disruptor<>(Event::new, 256, DaemonThreadFactory.INSTANCE, ProducerType.MULTI, waiting);
        AtomicLong first = new AtomicLong(), second = new AtomicLong();
        disruptor.handleEventsWith((event, sequence, last) -> first.addAndGet(event.value))
                .then((event, sequence, last) -> second.addAndGet(event.value * 2));
        RingBuffer<Event> ring = disruptor.start();
        for (Thread thread : start(PRODUCERS, number -> {
            for (int i = 0; i < EACH; i++) {
                long value = i + number;
                ring.publishEvent((event, sequence) -> event.value = value);
            }
        })) {
            thread.join();
        }
        disruptor.shutdown();
        System.out.println(waiting.getClass().getSimpleName() + " " + first + " " + second);
    }

    static void queue(Queue<Integer> queue, int producers) throws Exception {
        List<Thread> threads = start(producers, number -> {
            for (int i = 1; i <= EACH; i++) {
                while (!queue.offer(i)) {
                    Thread.yield();
                }
            }
        });
        long sum = 0;
        for (int taken = 0; taken < producers * EACH;) {
            Integer value = queue.poll();
            if (value == null) {
                Thread.yield();
            } else {
                sum += value;
                taken++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(queue.getClass().getSimpleName() + " " + sum + " " + queue.isEmpty());
    }

    public static void main(String[] args) throws Exception {
        disruptor(new BlockingWaitStrategy());
        disruptor(new SleepingWaitStrategy());
        queue(new MpmcArrayQueue<>(64), PRODUCERS);
        queue(new MpscUnboundedArrayQueue<>(16), PRODUCERS);
        queue(new SpscLinkedQueue<>(), 1);
        queue(new ManyToOneConcurrentArrayQueue<>(32), PRODUCERS);

        NonBlockingHashMap<String, Integer> map = new NonBlockingHashMap<>();
        for (Thread thread : start(PRODUCERS, number -> {
            for (int i = 0; i < 500; i++) {
                map.merge("k" + i % 10, 1, Integer::sum);
            }
        })) {
            thread.join();
        }
        System.out.println(new TreeMap<>(map));

        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        buffer.putLong(8, 77);
        buffer.putStringAscii(16, "tea");
        System.out.println(buffer.getAndAddInt(40, 5) + " " + buffer.getInt(40) + " " + buffer.getLong(8) + " " + buffer.getStringAscii(16)
                + " " + buffer.compareAndSetLong(8, 77, 78));
        try {
            buffer.getLong(60);
        } catch (IndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        ManyToOneRingBuffer ring = new ManyToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH)));
        for (int i = 1; i <= 5; i++) {
            buffer.putInt(0, i * i);
            ring.write(i, buffer, 0, 4);
        }
        ring.read((type, from, index, length) -> System.out.print(type + ":" + from.getInt(index) + " "));
        Int2IntHashMap counts = new Int2IntHashMap(-1);
        counts.put(3, 4);
        System.out.println(counts + " " + counts.get(9));
        System.out.flush();
        System.exit(0);
    }
}
