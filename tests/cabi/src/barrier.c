/* Barriers: nobody leaves a round before all came, and one of each round is told so. */
#include "check.h"
#include <stdatomic.h>
#define ROUNDS 500
static pthread_barrier_t barrier;
static atomic_int arrived, serial, wrong;

static void *work(void *unused)
{
	for (int i = 1; i <= ROUNDS; i++) {
		atomic_fetch_add(&arrived, 1);
		int result = pthread_barrier_wait(&barrier);
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add(&serial, 1);
		else
			OK(result);
		if (atomic_load(&arrived) < i * THREADS)
			wrong = 1;
		result = pthread_barrier_wait(&barrier);
		CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	}
	return 0;
}

int main(void)
{
	printf("of none: %s\n", strerror(pthread_barrier_init(&barrier, 0, 0)));
	OK(pthread_barrier_init(&barrier, 0, THREADS));
	run_threads(THREADS, work);
	printf("rounds %d, serial %d, arrived %d, %s\n", ROUNDS, serial, arrived, wrong ? "somebody left early" : "in step");
	OK(pthread_barrier_destroy(&barrier));
	return 0;
}
