/* Read-write locks: readers together, writers alone, what try and timed say meanwhile. */
#include "check.h"
#define ROUNDS 3000
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile int a, b;
static int wrong;
static pthread_barrier_t together;

static void *work(void *number)
{
	int writer = (long)number % 4 == 0;
	for (int i = 0; i < ROUNDS; i++) {
		if (writer) {
			OK(pthread_rwlock_wrlock(&lock));
			a++;
			if (i % 100 == 0)
				sched_yield();
			b++;
		} else {
			OK(pthread_rwlock_rdlock(&lock));
			if (a != b)
				wrong = 1;
		}
		OK(pthread_rwlock_unlock(&lock));
	}
	return 0;
}

static void *read_together(void *unused)
{
	OK(pthread_rwlock_rdlock(&lock));
	int result = pthread_barrier_wait(&together);           /* passes only if all hold the lock at once */
	CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	OK(pthread_rwlock_unlock(&lock));
	return 0;
}

static void *try_all(void *unused)
{
	struct timespec soon = after_ms(CLOCK_REALTIME, 10);
	printf("try read: %s\n", strerror(pthread_rwlock_tryrdlock(&lock)));
	printf("try write: %s\n", strerror(pthread_rwlock_trywrlock(&lock)));
	printf("timed read: %s\n", strerror(pthread_rwlock_timedrdlock(&lock, &soon)));
	soon = after_ms(CLOCK_REALTIME, 10);
	printf("timed write: %s\n", strerror(pthread_rwlock_timedwrlock(&lock, &soon)));
	return 0;
}

int main(void)
{
	run_threads(THREADS, work);
	printf("written %d, %s\n", a, wrong ? "torn" : "never torn");
	OK(pthread_barrier_init(&together, 0, THREADS));
	run_threads(THREADS, read_together);
	printf("%d readers at once\n", THREADS);
	OK(pthread_rwlock_wrlock(&lock));
	run_threads(1, try_all);
	OK(pthread_rwlock_unlock(&lock));
	OK(pthread_rwlock_rdlock(&lock));
	printf("reading: another write: %s\n", strerror(pthread_rwlock_trywrlock(&lock)));
	OK(pthread_rwlock_unlock(&lock));
	OK(pthread_rwlock_destroy(&lock));
	return 0;
}
