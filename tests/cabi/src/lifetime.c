/* Threads come and go: joined, detached, with given stacks, deep recursion, more than a machine has at once. */
#define _GNU_SOURCE
#include "check.h"
#include <semaphore.h>
#include <stdint.h>
#include <sys/mman.h>
static sem_t ended;
static uintptr_t where;

static void *nothing(void *value)
{
	return value;
}

static void *say_ended(void *unused)
{
	CHECK(sem_post(&ended) == 0);
	return 0;
}

static void *look(void *unused)
{
	char here;
	where = (uintptr_t)&here;
	return 0;
}

static int depth(int left)
{
	volatile char frame[1024];
	frame[left % 1024] = 1;
	return left ? depth(left - 1) + frame[left % 1024] : 0;
}

static void *deep(void *levels)
{
	return (void *)(long)depth((long)levels);
}

int main(void)
{
	pthread_t thread;
	void *result;
	long sum = 0;
	for (long i = 0; i < 2000; i++) {
		OK(pthread_create(&thread, 0, nothing, (void *)i));
		OK(pthread_join(thread, &result));
		sum += (long)result;
	}
	printf("joined one after another: %ld\n", sum);
	CHECK(sem_init(&ended, 0, 0) == 0);
	for (int i = 0; i < 300; i++) {
		OK(pthread_create(&thread, 0, say_ended, 0));
		OK(pthread_detach(thread));
	}
	for (int i = 0; i < 300; i++)
		CHECK(sem_wait(&ended) == 0);
	printf("detached: all ended\n");

	pthread_attr_t attributes;
	size_t size = 256 << 10;
	char *stack = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(stack != MAP_FAILED);
	OK(pthread_attr_init(&attributes));
	OK(pthread_attr_setstack(&attributes, stack, size));
	OK(pthread_create(&thread, &attributes, look, 0));
	OK(pthread_join(thread, 0));
	printf("on the stack that was given: %s\n", where >= (uintptr_t)stack && where < (uintptr_t)stack + size ? "yes" : "no");
	CHECK(munmap(stack, size) == 0);

	OK(pthread_attr_init(&attributes));
	OK(pthread_attr_setstacksize(&attributes, 8 << 20));
	OK(pthread_create(&thread, &attributes, deep, (void *)6000L));
	OK(pthread_join(thread, &result));
	printf("deep: %ld\n", (long)result);
	OK(pthread_attr_getstacksize(&attributes, &size));
	printf("stack size: %zu\n", size);
	OK(pthread_setname_np(pthread_self(), "renamed"));
	pthread_t main_thread = pthread_self();
	printf("equal: %d\n", !!pthread_equal(main_thread, pthread_self()));
	pthread_exit(0);                                        /* the last thread to end ends the process with 0 */
}
