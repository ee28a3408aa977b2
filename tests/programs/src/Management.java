import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.MBeanServer;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** java.lang.management: what does not depend on the machine, its collector and its speed. */
public class Management {
    static byte[][] kept = new byte[64][];
    static volatile long spin;

    public static void main(String[] args) throws Exception {
        runtime();
        memory();
        collectors();
        threads();
        contention();
        deadlocks();
        system();
        server();
        notifications();
        diagnostic();
    }

    static void runtime() {
        var r = ManagementFactory.getRuntimeMXBean();
        System.out.println("name has pid: " + r.getName().matches("\\d+@.+") + " " + (r.getPid() > 0));
        System.out.println("spec: " + r.getSpecVersion() + " " + r.getManagementSpecVersion() + " " + r.isBootClassPathSupported());
        long before = r.getUptime();
        System.out.println("uptime: " + (before >= 0) + " start: " + (Math.abs(System.currentTimeMillis() - before - r.getStartTime()) < 60000));
        System.out.println("property: " + r.getSystemProperties().get("java.specification.version"));
        System.out.println("compilation: " + (ManagementFactory.getCompilationMXBean() == null || true));
        var c = ManagementFactory.getClassLoadingMXBean();
        System.out.println("classes: " + (c.getLoadedClassCount() > 300) + " " + (c.getTotalLoadedClassCount() >= c.getLoadedClassCount()) + " " + c.isVerbose());
    }

    static boolean sane(MemoryUsage u) {
        return u.getUsed() >= 0 && u.getUsed() <= u.getCommitted() && (u.getMax() == -1 || u.getCommitted() <= u.getMax());
    }

    static void memory() {
        MemoryMXBean m = ManagementFactory.getMemoryMXBean();
        System.out.println("heap: " + sane(m.getHeapMemoryUsage()) + " other: " + sane(m.getNonHeapMemoryUsage()) + " max: " + (m.getHeapMemoryUsage().getMax() <= Runtime.getRuntime().maxMemory()));
        m.gc();
        long low = m.getHeapMemoryUsage().getUsed();
        for (int i = 0; i < kept.length; i++) kept[i] = new byte[1 << 18];
        long high = m.getHeapMemoryUsage().getUsed();
        System.out.println("memory seen: " + (high - low > 10 << 20) + " " + (high - low < 40 << 20));
        Runtime r = Runtime.getRuntime();
        System.out.println("runtime: " + (r.freeMemory() <= r.totalMemory()) + " " + (r.totalMemory() <= r.maxMemory()) + " " + (r.totalMemory() - r.freeMemory() > 10 << 20));
        Arrays.fill(kept, null);
        m.gc();
        System.out.println("given back: " + (m.getHeapMemoryUsage().getUsed() < high - (8 << 20)));
        boolean heap = false, other = false;
        for (MemoryPoolMXBean p : ManagementFactory.getMemoryPoolMXBeans()) {
            heap |= p.getType() == MemoryType.HEAP;
            other |= p.getType() == MemoryType.NON_HEAP;
            MemoryUsage u = p.getUsage();
            if (!p.isValid() || u.getUsed() > u.getCommitted() || p.getPeakUsage().getUsed() < u.getUsed() || p.getMemoryManagerNames().length == 0) System.out.println("bad pool " + p.getName() + u);
            if (p.isUsageThresholdSupported() && (p.getUsageThreshold() != 0 || p.isUsageThresholdExceeded())) System.out.println("bad threshold " + p.getName());
        }
        System.out.println("pools: " + heap + " " + other);
        var before = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(b -> b.getName().equals("direct")).findFirst().get();
        long count = before.getCount();
        ByteBuffer b = ByteBuffer.allocateDirect(100000);
        System.out.println("direct: " + (before.getCount() - count) + " " + (before.getMemoryUsed() >= 100000) + " " + b.capacity());
    }

    static void collectors() {
        long count = 0;
        for (GarbageCollectorMXBean g : ManagementFactory.getGarbageCollectorMXBeans()) count += g.getCollectionCount();
        System.gc();
        long after = 0, time = 0;
        boolean pools = true;
        boolean info = false;
        for (GarbageCollectorMXBean g : ManagementFactory.getGarbageCollectorMXBeans()) {
            after += g.getCollectionCount();
            time += g.getCollectionTime();
            pools &= g.getMemoryPoolNames().length > 0 && g.isValid();
            var last = ((com.sun.management.GarbageCollectorMXBean) g).getLastGcInfo();
            info |= last != null && last.getId() > 0 && last.getEndTime() >= last.getStartTime() && !last.getMemoryUsageAfterGc().isEmpty();
        }
        System.out.println("collections: " + (after > count) + " time: " + (time >= 0) + " pools: " + pools + " info: " + info);
    }

    static void threads() throws Exception {
        ThreadMXBean t = ManagementFactory.getThreadMXBean();
        int count = t.getThreadCount();
        long started = t.getTotalStartedThreadCount();
        CountDownLatch go = new CountDownLatch(1), up = new CountDownLatch(3);
        Thread[] made = new Thread[3];
        for (int i = 0; i < 3; i++) {
            made[i] = new Thread(() -> { up.countDown(); try { go.await(); } catch (InterruptedException e) { } }, "worker-" + i);
            made[i].setDaemon(i == 0);
            made[i].start();
        }
        up.await();
        for (Thread x : made) while (x.getState() != Thread.State.WAITING) Thread.yield();
        System.out.println("threads: +" + (t.getThreadCount() - count) + " started +" + (t.getTotalStartedThreadCount() - started) + " peak " + (t.getPeakThreadCount() >= count + 3));
        ThreadInfo i = t.getThreadInfo(made[1].threadId(), 50);
        System.out.println(i.getThreadName() + " " + i.getThreadState() + " " + i.isDaemon() + " " + i.getPriority() + " " + i.getLockName().replaceAll("@.*", "") + " " + i.getLockOwnerName() + " " + i.isSuspended() + i.isInNative());
        System.out.println("frames: " + i.getStackTrace()[0] + " … " + i.getStackTrace()[i.getStackTrace().length - 1]);
        System.out.println("waited: " + (i.getWaitedCount() > 0) + " " + i.getWaitedTime() + " blocked time " + i.getBlockedTime());
        go.countDown();
        for (Thread x : made) x.join();
        t.resetPeakThreadCount();
        System.out.println("peak reset: " + (t.getPeakThreadCount() <= count) + " gone: " + t.getThreadInfo(made[1].threadId()));
        System.out.println("ids: " + (Arrays.stream(t.getAllThreadIds()).anyMatch(x -> x == Thread.currentThread().threadId())));
        long cpu = t.getCurrentThreadCpuTime();
        for (int k = 0; k < 200000; k++) spin += k;
        System.out.println("cpu: " + (t.getCurrentThreadCpuTime() > cpu) + " " + (t.getThreadCpuTime(Thread.currentThread().threadId()) > cpu) + " " + t.getThreadCpuTime(999999) + " " + (t.getCurrentThreadUserTime() >= 0));
        var more = (com.sun.management.ThreadMXBean) t;
        long bytes = more.getCurrentThreadAllocatedBytes();
        byte[] block = new byte[1 << 20];
        long used = more.getCurrentThreadAllocatedBytes() - bytes;
        System.out.println("allocated: " + (used >= block.length && used < 2 * block.length));
        try { t.getThreadInfo(-5); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        Thread v = Thread.ofVirtual().start(() -> { });
        v.join();
        System.out.println("virtual threads do not count: " + (t.getThreadInfo(v.threadId()) == null));
    }

    static void contention() throws Exception {
        ThreadMXBean t = ManagementFactory.getThreadMXBean();
        t.setThreadContentionMonitoringEnabled(true);
        Object lock = new Object();
        ReentrantLock fair = new ReentrantLock();
        Thread x;
        synchronized (lock) {
            x = new Thread(() -> { fair.lock(); synchronized (lock) { try { lock.wait(); } catch (InterruptedException e) { } } fair.unlock(); }, "contender");
            x.start();
            while (x.getState() != Thread.State.BLOCKED) Thread.yield();
            ThreadInfo i = t.getThreadInfo(new long[] {x.threadId()}, true, true)[0];
            System.out.println(i.getThreadState() + " on " + i.getLockInfo().getClassName() + " owned by " + i.getLockOwnerName() + " " + (i.getLockOwnerId() == Thread.currentThread().threadId()) + " holds " + i.getLockedMonitors().length + " " + i.getLockedSynchronizers().length + " " + i.getLockedSynchronizers()[0].getClassName());
        }
        while (x.getState() != Thread.State.WAITING) Thread.yield();
        ThreadInfo i = t.getThreadInfo(new long[] {x.threadId()}, true, true)[0];
        System.out.println("blocked " + i.getBlockedCount() + " " + (i.getBlockedTime() >= 0) + " waits on " + i.getLockInfo().getClassName() + " " + i.getLockOwnerName());
        synchronized (lock) { lock.notify(); }
        x.join();
        t.setThreadContentionMonitoringEnabled(false);
        ThreadInfo[] all = t.dumpAllThreads(true, true);
        ThreadInfo self = Arrays.stream(all).filter(y -> y.getThreadId() == Thread.currentThread().threadId()).findFirst().get();
        synchronized (lock) {
            self = t.getThreadInfo(new long[] {Thread.currentThread().threadId()}, true, false)[0];
            var held = self.getLockedMonitors();
            System.out.println(self.getThreadName() + " holds " + held.length + " " + held[0].getClassName() + " at " + held[0].getLockedStackFrame().getMethodName() + " depth " + (self.getStackTrace()[held[0].getLockedStackDepth()].getMethodName().equals("contention")));
        }
    }

    static void deadlocks() throws Exception {
        ThreadMXBean t = ManagementFactory.getThreadMXBean();
        System.out.println("deadlocked: " + Arrays.toString(t.findDeadlockedThreads()) + " " + Arrays.toString(t.findMonitorDeadlockedThreads()));
        Object a = new Object(), b = new Object();
        CountDownLatch both = new CountDownLatch(2);
        Thread x = daemon("x", () -> { synchronized (a) { both.countDown(); await(both); synchronized (b) { spin++; } } });
        Thread y = daemon("y", () -> { synchronized (b) { both.countDown(); await(both); synchronized (a) { spin++; } } });
        ReentrantLock p = new ReentrantLock(), q = new ReentrantLock();
        CountDownLatch two = new CountDownLatch(2);
        Thread u = daemon("u", () -> { p.lock(); two.countDown(); await(two); q.lock(); });
        Thread w = daemon("w", () -> { q.lock(); two.countDown(); await(two); p.lock(); });
        while (x.getState() != Thread.State.BLOCKED || y.getState() != Thread.State.BLOCKED || u.getState() != Thread.State.WAITING || w.getState() != Thread.State.WAITING) Thread.sleep(1);
        System.out.println("monitors: " + names(t, t.findMonitorDeadlockedThreads()) + " all: " + names(t, t.findDeadlockedThreads()));
    }

    static Thread daemon(String name, Runnable body) {
        Thread t = new Thread(body, name);
        t.setDaemon(true);
        t.start();
        return t;
    }

    static void await(CountDownLatch l) {
        try { l.await(); } catch (InterruptedException e) { throw new RuntimeException(e); }
    }

    static TreeSet<String> names(ThreadMXBean t, long[] ids) {
        TreeSet<String> s = new TreeSet<>();
        for (ThreadInfo i : t.getThreadInfo(ids)) s.add(i.getThreadName());
        return s;
    }

    static void system() {
        var s = (com.sun.management.UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.println("system: " + s.getName() + " " + s.getArch() + " " + (s.getAvailableProcessors() >= 1) + " " + (s.getTotalMemorySize() > 1 << 24) + " " + (s.getFreeMemorySize() <= s.getTotalMemorySize()));
        System.out.println("cpu time: " + (s.getProcessCpuTime() > 0) + " load " + (s.getProcessCpuLoad() <= 1.0) + " " + (s.getCpuLoad() <= 1.0) + " files " + (s.getOpenFileDescriptorCount() >= 3) + " " + (s.getMaxFileDescriptorCount() >= s.getOpenFileDescriptorCount()));
    }

    public interface CupMBean { int getSize(); void setSize(int size); String sip(int ml); }
    public static class Cup implements CupMBean {
        private int size = 60;
        public int getSize() { return size; }
        public void setSize(int size) { this.size = size; }
        public String sip(int ml) { size -= ml; return "left " + size; }
    }

    static void server() throws Exception {
        MBeanServer s = ManagementFactory.getPlatformMBeanServer();
        TreeSet<String> types = new TreeSet<>();
        for (ObjectName n : s.queryNames(new ObjectName("java.lang:*"), null)) types.add(n.getKeyProperty("type"));
        types.remove("Compilation");
        types.remove("MemoryManager");
        System.out.println(types);
        var heap = (CompositeData) s.getAttribute(new ObjectName("java.lang:type=Memory"), "HeapMemoryUsage");
        System.out.println("used: " + ((Long) heap.get("used") > 0) + " " + heap.getCompositeType().keySet());
        ObjectName name = new ObjectName("demo:type=Cup");
        s.registerMBean(new Cup(), name);
        s.setAttribute(name, new javax.management.Attribute("Size", 100));
        System.out.println(s.getAttribute(name, "Size") + " " + s.invoke(name, "sip", new Object[] {30}, new String[] {"int"}) + " " + s.isRegistered(name) + " " + s.getMBeanInfo(name).getOperations().length);
        s.unregisterMBean(name);
        try { s.getAttribute(name, "Size"); } catch (Exception e) { System.out.println(e); }
    }

    static void notifications() throws Exception {
        CountDownLatch crossed = new CountDownLatch(1), collected = new CountDownLatch(1), after = new CountDownLatch(1);
        MemoryMXBean m = ManagementFactory.getMemoryMXBean();
        ((NotificationEmitter) m).addNotificationListener((n, h) -> {
            MemoryNotificationInfo i = MemoryNotificationInfo.from((CompositeData) n.getUserData());
            if (n.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED) && i.getUsage().getUsed() > 0) crossed.countDown();
            if (n.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) after.countDown();
        }, null, null);
        for (GarbageCollectorMXBean g : ManagementFactory.getGarbageCollectorMXBeans())
            ((NotificationEmitter) g).addNotificationListener((n, h) -> {
                var i = com.sun.management.GarbageCollectionNotificationInfo.from((CompositeData) n.getUserData());
                if (i.getGcCause().equals("System.gc()") && i.getGcInfo().getDuration() >= 0) collected.countDown();
            }, null, null);
        for (MemoryPoolMXBean p : ManagementFactory.getMemoryPoolMXBeans()) {
            if (p.getType() != MemoryType.HEAP) continue;
            if (p.isUsageThresholdSupported()) p.setUsageThreshold(1);
            if (p.isCollectionUsageThresholdSupported()) p.setCollectionUsageThreshold(1);
        }
        System.gc();
        kept[0] = new byte[1 << 22];
        System.gc();
        System.out.println("told: " + crossed.await(20, TimeUnit.SECONDS) + " " + collected.await(20, TimeUnit.SECONDS) + " " + after.await(20, TimeUnit.SECONDS));
    }

    static void diagnostic() throws Exception {
        var d = ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class);
        System.out.println(d.getVMOption("UseCompressedOops").getValue() + " " + d.getVMOption("ObjectAlignmentInBytes").getValue() + " " + (Long.parseLong(d.getVMOption("MaxHeapSize").getValue()) > 0));
        try { d.getVMOption("NoSuchOption"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
    }
}
