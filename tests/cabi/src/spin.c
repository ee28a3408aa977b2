/* Spin locks and atomics: no thread is lost on one processor, whoever holds what. */
#include "check.h"
#include <stdatomic.h>
#define ROUNDS 5000
static pthread_spinlock_t lock;
static long counter;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static long flagged;
static atomic_llong added;

static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		OK(pthread_spin_lock(&lock));
		counter++;
		OK(pthread_spin_unlock(&lock));
		while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire))
			sched_yield();
		flagged++;
		atomic_flag_clear_explicit(&flag, memory_order_release);
		atomic_fetch_add(&added, 3);
	}
	return 0;
}

int main(void)
{
	OK(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE));
	run_threads(4, work);
	printf("counter %ld, flagged %ld, added %lld\n", counter, flagged, (long long)added);
	OK(pthread_spin_lock(&lock));
	printf("try: %s\n", strerror(pthread_spin_trylock(&lock)));
	OK(pthread_spin_unlock(&lock));
	OK(pthread_spin_destroy(&lock));
	return 0;
}
