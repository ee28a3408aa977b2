/* Thread-local storage: initial values, alignment, independence, destructors of keys in rounds. */
#include "check.h"
#include <stdint.h>
static __thread int number = 7;
static __thread char text[40] = "as it was";
static __thread _Alignas(64) char aligned[64];
_Thread_local long big[2000];
static pthread_key_t key;
static int destroyed, rounds;

static void destroy(void *value)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	OK(pthread_mutex_lock(&mutex));
	destroyed++;
	if ((long)value > 1) {                          /* a destructor that sets the key again is called again */
		rounds++;
		OK(pthread_setspecific(key, (void *)((long)value - 1)));
	}
	OK(pthread_mutex_unlock(&mutex));
}

static void *work(void *argument)
{
	long me = (long)argument;
	CHECK(number == 7 && !strcmp(text, "as it was"));
	CHECK((uintptr_t)aligned % 64 == 0);
	for (int i = 0; i < 2000; i++)
		CHECK(big[i] == 0);
	CHECK(pthread_getspecific(key) == 0);
	OK(pthread_setspecific(key, (void *)(me % 3 + 1)));
	number += me;
	sprintf(text, "of thread %ld", me);
	for (int i = 0; i < 2000; i++)
		big[i] = me * i;
	for (int i = 0; i < 50; i++)
		sched_yield();
	char wanted[40];
	sprintf(wanted, "of thread %ld", me);
	CHECK(number == 7 + me && !strcmp(text, wanted));
	for (int i = 0; i < 2000; i++)
		CHECK(big[i] == me * i);
	errno = me;
	sched_yield();
	CHECK(errno == me);
	return 0;
}

int main(void)
{
	OK(pthread_key_create(&key, destroy));
	for (int i = 0; i < 5; i++)
		run_threads(12, work);
	printf("main's own: %d, %s\n", number, text);
	printf("destroyed %d, again %d\n", destroyed, rounds);
	OK(pthread_key_delete(key));
	pthread_key_t many[200];
	int made = 0;
	while (made < 200 && !pthread_key_create(&many[made], 0))
		made++;
	printf("keys until there are no more: %d\n", made);
	return 0;
}
