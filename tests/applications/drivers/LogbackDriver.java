/** Loggers, levels, markers, the diagnostic context, an appender to a file with rolling, traces, and configuration by code. */

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.io.ByteArrayInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

public class LogbackDriver {
    public static void main(String[] args) throws Exception {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(new ByteArrayInputStream("""
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%-5level [%thread] %logger{20} %X{request} %marker - %msg%n%ex{short}</pattern></encoder>
              </appender>
              <appender name="file" class="ch.qos.logback.core.rolling.RollingFileAppender">
                <file>FOLDER/log.txt</file>
                <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                  <fileNamePattern>FOLDER/log.%i.txt.gz</fileNamePattern><minIndex>1</minIndex><maxIndex>3</maxIndex>
                </rollingPolicy>
                <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy"><maxFileSize>2KB</maxFileSize></triggeringPolicy>
                <encoder><pattern>%level %msg%n</pattern></encoder>
              </appender>
              <logger name="quiet" level="ERROR"/>
              <root level="DEBUG"><appender-ref ref="out"/><appender-ref ref="file"/></root>
            </configuration>""".replace("FOLDER", args[0]).getBytes()));

        Logger log = LoggerFactory.getLogger("org.example.application.LogbackDriver");
        MDC.put("request", "r-7");
        log.info("hello {} and {}", 42, new int[] {1, 2});
        log.debug(MarkerFactory.getMarker("AUDIT"), "marked");
        log.trace("unseen");
        log.warn("failed", new IllegalStateException("outer", new java.io.IOException("inner")));
        LoggerFactory.getLogger("quiet.child").warn("unseen");
        LoggerFactory.getLogger("quiet.child").error("seen");
        MDC.clear();
        context.getLogger("quiet").setLevel(Level.INFO);
        LoggerFactory.getLogger("quiet.child").atInfo().addKeyValue("k", "v").setMessage("fluent {}").addArgument(1).log();
        Thread other = new Thread(() -> log.error("from a thread"), "worker");
        other.start();
        other.join();
        System.out.println(log.getClass().getName() + " " + context.getStatusManager().getCount());
        context.stop();
    }
}
