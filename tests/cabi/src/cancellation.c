/* Cancellation: at blocking calls, while computing, held back, with cleanup handlers run in order. */
#include "check.h"
#include <semaphore.h>
#include <unistd.h>
static sem_t ready;
static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static char order[16];

static void note(void *letter)
{
	order[strlen(order)] = *(char *)letter;
}

static void unlock(void *unused)
{
	OK(pthread_mutex_unlock(&mutex));
	note("u");
}

static void *in_read(void *unused)
{
	char byte;
	pthread_cleanup_push(note, "1");
	pthread_cleanup_push(note, "2");
	sem_post(&ready);
	read(ends[0], &byte, 1);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return "came back";
}

static void *in_sleep(void *unused)
{
	pthread_cleanup_push(note, "s");
	sem_post(&ready);
	sleep(1000);
	pthread_cleanup_pop(0);
	return "came back";
}

static void *in_condition(void *unused)
{
	OK(pthread_mutex_lock(&mutex));
	pthread_cleanup_push(unlock, 0);
	sem_post(&ready);
	for (;;)
		pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(0);
	return "came back";
}

static void *in_semaphore(void *unused)
{
	sem_t closed;
	CHECK(sem_init(&closed, 0, 0) == 0);
	sem_post(&ready);
	sem_wait(&closed);
	return "came back";
}

static void *in_join(void *thread)
{
	sem_post(&ready);
	pthread_join(*(pthread_t *)thread, 0);
	return "came back";
}

static void *computing(void *unused)
{
	volatile unsigned long n = 0;
	OK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0));
	sem_post(&ready);
	for (;;)
		n++;
}

static void *polite(void *unused)
{
	OK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, 0));
	sem_post(&ready);
	sleep_ms(30);
	note("d");
	OK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, 0));
	pthread_testcancel();
	return "came back";
}

static void *at_once(void *unused)
{
	OK(pthread_cancel(pthread_self()));
	note("x");
	pthread_testcancel();
	return "came back";
}

static void cancel(const char *name, void *(*body)(void *), void *argument)
{
	pthread_t thread;
	void *result;
	memset(order, 0, sizeof order);
	OK(pthread_create(&thread, 0, body, argument));
	if (body != at_once) {
		CHECK(sem_wait(&ready) == 0);
		sleep_ms(10);
		OK(pthread_cancel(thread));
	}
	OK(pthread_join(thread, &result));
	printf("%s: %s [%s]\n", name, result == PTHREAD_CANCELED ? "cancelled" : (char *)result, order);
	fflush(stdout);
}

int main(void)
{
	pthread_t sleeper;
	CHECK(sem_init(&ready, 0, 0) == 0 && pipe(ends) == 0);
	cancel("read", in_read, 0);
	cancel("sleep", in_sleep, 0);
	cancel("condition", in_condition, 0);
	OK(pthread_mutex_trylock(&mutex));
	cancel("semaphore", in_semaphore, 0);
	OK(pthread_create(&sleeper, 0, in_sleep, 0));
	CHECK(sem_wait(&ready) == 0);
	cancel("join", in_join, &sleeper);
	OK(pthread_cancel(sleeper));
	OK(pthread_join(sleeper, 0));
	cancel("computing", computing, 0);
	cancel("held back", polite, 0);
	cancel("itself", at_once, 0);
	printf("read still works: ");
	char byte = 0;
	CHECK(write(ends[1], "y", 1) == 1 && read(ends[0], &byte, 1) == 1);
	printf("%c\n", byte);
	return 0;
}
