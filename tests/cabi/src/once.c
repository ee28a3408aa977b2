/* pthread_once: once whoever asks, and all wait until it is done. */
#include "check.h"
static pthread_once_t control = PTHREAD_ONCE_INIT, retried = PTHREAD_ONCE_INIT;
static volatile int done, times;

static void initialise(void)
{
	times++;
	sleep_ms(20);
	done = 1;
}

static void *work(void *unused)
{
	OK(pthread_once(&control, initialise));
	CHECK(done == 1);
	return 0;
}

static volatile int tries;

static void cancelled_first(void)
{
	if (tries++ == 0)
		for (;;)
			sleep_ms(1000);                 /* the first caller is cancelled in here */
}

static void *try(void *unused)
{
	OK(pthread_once(&retried, cancelled_first));
	return 0;
}

int main(void)
{
	run_threads(THREADS, work);
	printf("times %d\n", times);
	pthread_t first;
	OK(pthread_create(&first, 0, try, 0));
	while (!tries)
		sched_yield();
	OK(pthread_cancel(first));
	OK(pthread_join(first, 0));
	run_threads(3, try);
	printf("tries %d\n", tries);
	return 0;
}
