/* C11: threads, mutexes, conditions, once, thread-specific storage, atomics. */
#include "check.h"
#include <stdatomic.h>
#include <threads.h>
static mtx_t mutex;
static cnd_t condition;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;
static int initialised, turn, destroyed;
static atomic_long total;
static thread_local int mine = 5;

static void initialise(void)
{
	initialised++;
}

static void destroy(void *value)
{
	destroyed += (int)(long)value;
}

static int work(void *argument)
{
	int me = (int)(long)argument;
	call_once(&flag, initialise);
	CHECK(tss_set(key, (void *)1L) == thrd_success);
	mine += me;
	for (int i = 0; i < 1000; i++)
		atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
	CHECK(mtx_lock(&mutex) == thrd_success);
	while (turn != me)
		CHECK(cnd_wait(&condition, &mutex) == thrd_success);
	printf("turn of %d, mine %d\n", me, mine);
	turn++;
	CHECK(cnd_broadcast(&condition) == thrd_success);
	CHECK(mtx_unlock(&mutex) == thrd_success);
	return me * me;
}

static int leave(void *unused)
{
	thrd_exit(42);
}

int main(void)
{
	thrd_t threads[THREADS];
	int result, sum = 0;
	CHECK(mtx_init(&mutex, mtx_timed) == thrd_success && cnd_init(&condition) == thrd_success);
	CHECK(tss_create(&key, destroy) == thrd_success);
	for (long i = 0; i < THREADS; i++)
		CHECK(thrd_create(&threads[i], work, (void *)i) == thrd_success);
	for (int i = 0; i < THREADS; i++) {
		CHECK(thrd_join(threads[i], &result) == thrd_success);
		sum += result;
	}
	printf("sum %d, total %ld, initialised %d, destroyed %d\n", sum, (long)total, initialised, destroyed);
	CHECK(thrd_create(&threads[0], leave, 0) == thrd_success && thrd_join(threads[0], &result) == thrd_success);
	printf("exit %d\n", result);
	CHECK(mtx_lock(&mutex) == thrd_success);
	printf("locked: try is %s\n", mtx_trylock(&mutex) == thrd_busy ? "busy" : "else");
	struct timespec until;
	CHECK(timespec_get(&until, TIME_UTC) == TIME_UTC);
	until.tv_nsec += 10000000;
	if (until.tv_nsec >= 1000000000)
		until.tv_sec++, until.tv_nsec -= 1000000000;
	printf("waiting: %s\n", cnd_timedwait(&condition, &mutex, &until) == thrd_timedout ? "timed out" : "else");
	CHECK(mtx_unlock(&mutex) == thrd_success);
	CHECK(thrd_sleep(&(struct timespec){0, 1000000}, 0) == 0);
	thrd_yield();
	return 0;
}
