/** Quartz: a job that runs three times, and what a cron expression says. */

import java.util.*;
import java.util.concurrent.CountDownLatch;
import org.quartz.*;
import org.quartz.impl.StdSchedulerFactory;

public class QuartzDriver {
    static final CountDownLatch RUNS = new CountDownLatch(3);

    public static class Brew implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            System.out.println(context.getJobDetail().getKey() + " " + context.getMergedJobDataMap().get("what"));
            RUNS.countDown();
        }
    }

    public static void main(String[] args) throws Exception {
        Scheduler scheduler = new StdSchedulerFactory().getScheduler();
        scheduler.scheduleJob(
                JobBuilder.newJob(Brew.class).withIdentity("brew", "kitchen").usingJobData("what", "tea").build(),
                TriggerBuilder.newTrigger()
                        .withSchedule(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(50).withRepeatCount(2)).build());
        scheduler.start();
        RUNS.await();
        scheduler.shutdown(true);
        CronExpression cron = new CronExpression("0 0/5 14 ? * MON-FRI");
        Date next = new Date(0);
        for (int i = 0; i < 3; i++) System.out.println(next = cron.getNextValidTimeAfter(next));
        System.out.println(cron.getExpressionSummary());
    }
}
