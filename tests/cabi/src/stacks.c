/* Stacks of threads, one after another: their guards, their sizes, and memory that looks like them. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include "check.h"

static sigjmp_buf back;

static void on_fault(int number)
{
	siglongjmp(back, number);
}

/* The signal that a store raises, or 0. */
static int store(volatile char *at)
{
	int number = sigsetjmp(back, 1);
	if (!number)
		*at = 1;
	return number;
}

struct seen {
	size_t size, guard;
	int below, lowest, clean;
};

static void *look(void *argument)
{
	struct seen *seen = argument;
	pthread_attr_t attributes;
	void *low;
	size_t size;
	OK(pthread_getattr_np(pthread_self(), &attributes));
	OK(pthread_attr_getstack(&attributes, &low, &size));
	OK(pthread_attr_getguardsize(&attributes, &seen->guard));
	seen->size = size;
	seen->clean = 1;
	for (size_t i = 0; i < size - 8192; i += 64)
		seen->clean &= ((volatile char *)low)[i] == 0;
	seen->lowest = store(low);
	seen->below = seen->guard ? store((char *)low - 1) : 0;
	memset(low, 0x55, size - 8192);         /* what the next one must not find */
	return 0;
}

static void try(size_t size, size_t guard)
{
	struct seen seen = { 0 };
	pthread_attr_t attributes;
	pthread_t thread;
	OK(pthread_attr_init(&attributes));
	OK(pthread_attr_setstacksize(&attributes, size));
	OK(pthread_attr_setguardsize(&attributes, guard));
	OK(pthread_create(&thread, &attributes, look, &seen));
	OK(pthread_join(thread, 0));
	printf("%zu %zu: %d clean, lowest %d, below %d\n", size, guard, seen.clean, seen.lowest, seen.below);
	CHECK(seen.guard >= guard && seen.size > size / 2);
}

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	static const size_t sizes[] = { 65536, 131072, 131072, 1 << 20 };
	static const size_t guards[] = { 4096, 8192, 0, 65536, 4096, 16384, 8192 };
	struct sigaction action = { .sa_handler = on_fault };
	char *map;

	sigaction(SIGSEGV, &action, 0);
	for (int round = 0; round < 3; round++)
		for (unsigned i = 0; i < sizeof guards / sizeof *guards; i++)
			try(sizes[(i + round) % 4], guards[i]);

	/* Memory without access is that at once, whatever was unmapped before; so is memory in place of a stack. */
	for (int i = 0; i < 10; i++) {
		pthread_t thread;
		OK(pthread_create(&thread, 0, nothing, 0));
		OK(pthread_join(thread, 0));
		map = mmap(0, 143360, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(map != MAP_FAILED);
		CHECK(store(map) == SIGSEGV && store(map + 143359) == SIGSEGV);
		CHECK(!mprotect(map + 8192, 135168, PROT_READ | PROT_WRITE));
		CHECK(store(map + 8191) == SIGSEGV && !store(map + 8192) && !store(map + 143359));
		CHECK(!munmap(map, 143360));
		map = mmap(0, 143360, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int at = 0; at < 143360; at += 4096)
			CHECK(map[at] == 0);
		CHECK(!store(map) && !munmap(map, 143360));
	}
	puts("done");
	return 0;
}
