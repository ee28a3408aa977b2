/* Mutexes of every kind: exclusion, recursion, error checking, robustness, trylock. */
#include "check.h"
#define ROUNDS 20000
static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		OK(pthread_mutex_lock(&plain));
		counter++;
		OK(pthread_mutex_unlock(&plain));
	}
	return 0;
}

static void *try(void *mutex)
{
	return (void *)(long)pthread_mutex_trylock(mutex);
}

static int from_another_thread(pthread_mutex_t *mutex)
{
	pthread_t thread;
	void *result;
	OK(pthread_create(&thread, 0, try, mutex));
	OK(pthread_join(thread, &result));
	return (long)result;
}

static void *lock_and_end(void *mutex)
{
	OK(pthread_mutex_lock(mutex));
	return 0;
}

int main(void)
{
	run_threads(THREADS, count);
	printf("counted %ld of %d\n", counter, THREADS * ROUNDS);

	pthread_mutexattr_t kind;
	pthread_mutex_t mutex;
	OK(pthread_mutexattr_init(&kind));
	OK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE));
	OK(pthread_mutex_init(&mutex, &kind));
	for (int i = 0; i < 3; i++)
		OK(pthread_mutex_lock(&mutex));
	printf("recursive: another thread gets %s\n", from_another_thread(&mutex) == EBUSY ? "EBUSY" : "in");
	for (int i = 0; i < 3; i++)
		OK(pthread_mutex_unlock(&mutex));
	printf("recursive: unlocked, one unlock more is %s\n", pthread_mutex_unlock(&mutex) == EPERM ? "EPERM" : "taken");
	OK(pthread_mutex_destroy(&mutex));

	OK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK));
	OK(pthread_mutex_init(&mutex, &kind));
	OK(pthread_mutex_lock(&mutex));
	printf("checked: locked again: %s\n", strerror(pthread_mutex_lock(&mutex)));
	OK(pthread_mutex_unlock(&mutex));
	printf("checked: unlocked again: %s\n", strerror(pthread_mutex_unlock(&mutex)));
	OK(pthread_mutex_destroy(&mutex));

	OK(pthread_mutexattr_init(&kind));
	OK(pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST));
	OK(pthread_mutex_init(&mutex, &kind));
	pthread_t thread;
	OK(pthread_create(&thread, 0, lock_and_end, &mutex));
	OK(pthread_join(thread, 0));
	printf("robust: its owner ended: %s\n", strerror(pthread_mutex_lock(&mutex)));
	OK(pthread_mutex_consistent(&mutex));
	OK(pthread_mutex_unlock(&mutex));
	OK(pthread_mutex_lock(&mutex));
	OK(pthread_mutex_unlock(&mutex));

	OK(pthread_mutex_lock(&plain));
	struct timespec soon = after_ms(CLOCK_REALTIME, 20);
	printf("timed: %s\n", strerror(pthread_mutex_timedlock(&plain, &soon)) );
	return 0;
}
