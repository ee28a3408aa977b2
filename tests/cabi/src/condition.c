/* Conditions: a bounded queue of several producers and consumers, broadcast, timed waits by both clocks. */
#include "check.h"
#define SLOTS 4
#define EACH 2000
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static int slots[SLOTS], used, in, out;
static long sum;

static void *produce(void *number)
{
	for (int i = 0; i < EACH; i++) {
		OK(pthread_mutex_lock(&mutex));
		while (used == SLOTS)
			OK(pthread_cond_wait(&not_full, &mutex));
		slots[in++ % SLOTS] = (long)number * EACH + i;
		used++;
		OK(pthread_cond_signal(&not_empty));
		OK(pthread_mutex_unlock(&mutex));
	}
	return 0;
}

static void *consume(void *unused)
{
	for (int i = 0; i < EACH; i++) {
		OK(pthread_mutex_lock(&mutex));
		while (!used)
			OK(pthread_cond_wait(&not_empty, &mutex));
		sum += slots[out++ % SLOTS];
		used--;
		OK(pthread_cond_signal(&not_full));
		OK(pthread_mutex_unlock(&mutex));
	}
	return 0;
}

static void *either(void *number)
{
	return (long)number % 2 ? consume(0) : produce((void *)((long)number / 2));
}

static int open_gate, waiting, passed;
static pthread_cond_t gate = PTHREAD_COND_INITIALIZER;

static void *pass(void *unused)
{
	OK(pthread_mutex_lock(&mutex));
	waiting++;
	while (!open_gate)
		OK(pthread_cond_wait(&gate, &mutex));
	passed++;
	OK(pthread_mutex_unlock(&mutex));
	return 0;
}

static void *open_it(void *unused)
{
	for (;;) {
		OK(pthread_mutex_lock(&mutex));
		int all = waiting == THREADS;
		if (all) {
			open_gate = 1;
			OK(pthread_cond_broadcast(&gate));
		}
		OK(pthread_mutex_unlock(&mutex));
		if (all)
			return 0;
		sched_yield();
	}
}

static void *gate_or_opener(void *number)
{
	return (long)number == THREADS ? open_it(0) : pass(0);
}

int main(void)
{
	run_threads(THREADS, either);
	long n = THREADS / 2 * EACH;
	printf("sum %ld of %ld, left %d\n", sum, n * (n - 1) / 2, used);
	run_threads(THREADS + 1, gate_or_opener);
	printf("passed %d\n", passed);

	for (int i = 0; i < 2; i++) {
		clockid_t clock = i ? CLOCK_MONOTONIC : CLOCK_REALTIME;
		pthread_condattr_t attributes;
		pthread_cond_t never;
		OK(pthread_condattr_init(&attributes));
		OK(pthread_condattr_setclock(&attributes, clock));
		OK(pthread_cond_init(&never, &attributes));
		OK(pthread_mutex_lock(&mutex));
		struct timespec until = after_ms(clock, 30), now;
		int result = pthread_cond_timedwait(&never, &mutex, &until);
		CHECK(clock_gettime(clock, &now) == 0);
		int late = now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec);
		printf("clock %d: %s, %s\n", i, result == ETIMEDOUT ? "timed out" : strerror(result), late ? "not too early" : "too early");
		OK(pthread_mutex_unlock(&mutex));
	}
	return 0;
}
