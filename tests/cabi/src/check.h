/* For all test programs: a check that says where it failed, and threads by the number. */
#ifndef CHECK_H
#define CHECK_H
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHECK(condition) do { \
	if (!(condition)) { \
		printf("%s:%d: not so: %s (errno %d: %s)\n", __FILE__, __LINE__, #condition, errno, strerror(errno)); \
		fflush(stdout); \
		_Exit(1); \
	} } while (0)

/* The result of a pthread function is an error number. */
#define OK(call) do { \
	int result_ = (call); \
	if (result_) { \
		printf("%s:%d: %s: %s\n", __FILE__, __LINE__, #call, strerror(result_)); \
		fflush(stdout); \
		_Exit(1); \
	} } while (0)

#define THREADS 8

static inline void run_threads(int count, void *(*body)(void *))
{
	pthread_t threads[64];
	for (long i = 0; i < count; i++)
		OK(pthread_create(&threads[i], 0, body, (void *)i));
	for (int i = 0; i < count; i++)
		OK(pthread_join(threads[i], 0));
}

/* A point in time so many milliseconds from now, by the clock that timed waits use. */
static inline struct timespec after_ms(clockid_t clock, long ms)
{
	struct timespec t;
	CHECK(clock_gettime(clock, &t) == 0);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

static inline void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	while (nanosleep(&t, &t) && errno == EINTR)
		;
}
#endif
