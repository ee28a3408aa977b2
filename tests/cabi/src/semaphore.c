/* Semaphores: counting, handing over, try and timed, and named ones. */
#include "check.h"
#include <fcntl.h>
#include <semaphore.h>
#include <stdatomic.h>
#define ROUNDS 2000
static sem_t places, ping, pong;
static atomic_int inside, most;

static void *enter(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(sem_wait(&places) == 0);
		int now = atomic_fetch_add(&inside, 1) + 1;
		for (int seen = most; now > seen && !atomic_compare_exchange_weak(&most, &seen, now);)
			;
		if (i % 64 == 0)
			sched_yield();
		atomic_fetch_sub(&inside, 1);
		CHECK(sem_post(&places) == 0);
	}
	return 0;
}

static void *play(void *number)
{
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(sem_wait(number ? &pong : &ping) == 0);
		CHECK(sem_post(number ? &ping : &pong) == 0);
	}
	return 0;
}

int main(void)
{
	int value;
	CHECK(sem_init(&places, 0, 3) == 0 && sem_init(&ping, 0, 1) == 0 && sem_init(&pong, 0, 0) == 0);
	run_threads(THREADS, enter);
	CHECK(sem_getvalue(&places, &value) == 0);
	printf("never more than 3: %s, left %d\n", most <= 3 ? "yes" : "no", value);
	run_threads(2, play);
	CHECK(sem_getvalue(&ping, &value) == 0);
	printf("played, ping %d\n", value);

	CHECK(sem_trywait(&pong) == -1);
	printf("try: %s\n", strerror(errno));
	struct timespec soon = after_ms(CLOCK_REALTIME, 20);
	CHECK(sem_timedwait(&pong, &soon) == -1);
	printf("timed: %s\n", strerror(errno));
	soon.tv_nsec = -1;
	CHECK(sem_timedwait(&pong, &soon) == -1);
	printf("timed, bad time: %s\n", strerror(errno));

	sem_unlink("/demitasse-test");
	sem_t *named = sem_open("/demitasse-test", O_CREAT | O_EXCL, 0600, 2);
	CHECK(named != SEM_FAILED);
	sem_t *again = sem_open("/demitasse-test", 0);
	CHECK(again == named);
	CHECK(sem_open("/demitasse-test", O_CREAT | O_EXCL, 0600, 2) == SEM_FAILED);
	printf("named, again: %s\n", strerror(errno));
	CHECK(sem_wait(again) == 0 && sem_getvalue(named, &value) == 0);
	printf("named, one taken: %d\n", value);
	CHECK(sem_close(again) == 0 && sem_close(named) == 0 && sem_unlink("/demitasse-test") == 0);
	CHECK(sem_open("/demitasse-test", 0) == SEM_FAILED);
	printf("named, gone: %s\n", strerror(errno));
	return 0;
}
