/** Log4j 2 as it is without a configuration: the console, errors and worse. */

import org.apache.logging.log4j.*;

public class Log4jDriver {
    static final Logger LOG = LogManager.getLogger(Log4jDriver.class);

    public static void main(String[] args) {
        ThreadContext.put("user", "somebody");
        LOG.error("{} cups of {}", 2, "tea");
        LOG.warn("not shown");
        LOG.fatal("spilt", new RuntimeException("outer", new IllegalStateException("inner")));
        try (var context = CloseableThreadContext.put("x", "y")) {
            LOG.error(() -> "lazy " + ThreadContext.get("x") + ThreadContext.get("user"));
        }
        LOG.atError().withMarker(MarkerManager.getMarker("M")).withLocation().log("fluent {}", LOG.getLevel());
    }
}
