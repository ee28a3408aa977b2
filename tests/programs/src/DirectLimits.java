import java.lang.management.*;
import java.nio.ByteBuffer;
import java.util.*;

/** Exercises: the limit of direct memory, set on the command line, and what is counted against it. */
public class DirectLimits {
    public static void main(String[] args) {
        List<ByteBuffer> kept = new ArrayList<>();
        try {
            while (true) kept.add(ByteBuffer.allocateDirect(1 << 20));
        } catch (OutOfMemoryError e) {
            System.out.println(kept.size() + " " + e.getMessage());
        }
        for (BufferPoolMXBean b : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) System.out.println(b.getName() + " " + b.getCount() + " " + b.getTotalCapacity());
        kept.clear();
        ByteBuffer again = ByteBuffer.allocateDirect(3 << 20);
        System.out.println(again.capacity() + " " + System.getProperty("sun.nio.MaxDirectMemorySize"));
    }
}
