/* What a program pays for calls of the kernel and for switches between threads, by its own clock.
 *
 *     kernel FOLDER SCALE
 *
 * One line for each measure on stdout: its name, how often it was done, nanoseconds in all.  FOLDER is where a small file
 * may be made; SCALE multiplies the counts.  All threads stay on one processor, on Linux as in a guest that has only one.
 * Each measure is done a tenth as often before it counts.  Exit code 1 and a line on stderr if anything fails. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FILE_SIZE = 4096 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static long now(void)
{
	struct timespec t;
	if (clock_gettime(CLOCK_MONOTONIC, &t)) fail("clock_gettime");
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* --- calls: each takes `count` and does its thing so often ------------------------------------------------------------ */

static int file;

/* One byte from a file in memory; the position goes back to the start once for every FILE_SIZE bytes. */
static void do_read(long count)
{
	char byte;
	for (long i = 0; i < count; i++) {
		if (i % FILE_SIZE == 0 && lseek(file, 0, SEEK_SET) != 0) fail("lseek");
		if (read(file, &byte, 1) != 1 || byte != 'd') fail("read");
	}
}

static void do_write(long count)
{
	char byte = 'd';
	for (long i = 0; i < count; i++) {
		if (i % FILE_SIZE == 0 && lseek(file, 0, SEEK_SET) != 0) fail("lseek");
		if (write(file, &byte, 1) != 1) fail("write");
	}
}

static void do_clock(long count)
{
	struct timespec t;
	for (long i = 0; i < count; i++)
		if (clock_gettime(CLOCK_MONOTONIC, &t)) fail("clock_gettime");
}

/* The same past the C library's own way (on Linux the vDSO, which makes no system call). */
static void do_clock_call(long count)
{
	struct timespec t;
	for (long i = 0; i < count; i++)
		if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t)) fail("syscall clock_gettime");
}

static void do_yield(long count)
{
	for (long i = 0; i < count; i++)
		if (sched_yield()) fail("sched_yield");
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void do_mutex(long count)
{
	for (long i = 0; i < count; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

/* --- switches: two threads; each takes `count` turns, so 2 × count in all ---------------------------------------------- */

struct turns {
	void (*take)(int me, long count);
	int me;
	long count;
};

static void *take_turns(void *argument)
{
	struct turns *turns = argument;
	turns->take(turns->me, turns->count);
	return NULL;
}

static void both(void (*take)(int, long), long count)
{
	struct turns other = { take, 1, count };
	pthread_t thread;
	if (pthread_create(&thread, NULL, take_turns, &other)) fail("pthread_create");
	take(0, count);
	if (pthread_join(thread, NULL)) fail("pthread_join");
}

static int turn;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;

/* A mutex goes from one thread to the other, which sleeps until it is its turn. */
static void hand_over(int me, long count)
{
	for (long i = 0; i < count; i++) {
		pthread_mutex_lock(&mutex);
		while (turn != me) pthread_cond_wait(&turned, &mutex);
		turn = !me;
		pthread_cond_signal(&turned);
		pthread_mutex_unlock(&mutex);
	}
}

static sem_t semaphores[2];

static void post(int me, long count)
{
	for (long i = 0; i < count; i++) {
		while (sem_wait(&semaphores[me])) ;
		sem_post(&semaphores[!me]);
	}
}

/* Yielding until the other has run: nothing but the switch.  A yield that the scheduler did not follow costs what it costs. */
static volatile int running;

static void yield_to(int me, long count)
{
	for (long i = 0; i < count; i++) {
		while (running != me) sched_yield();
		running = !me;
	}
}

static int ends[2][2];

static void pass(int me, long count)
{
	char byte = 'd';
	for (long i = 0; i < count; i++) {
		if (read(ends[me][0], &byte, 1) != 1) fail("read of a pipe");
		if (write(ends[!me][1], &byte, 1) != 1) fail("write of a pipe");
	}
}

static void do_hand_over(long count) { both(hand_over, count / 2); }
static void do_yield_to(long count) { both(yield_to, count / 2); }

static void do_post(long count)
{
	sem_init(&semaphores[0], 0, 1);
	sem_init(&semaphores[1], 0, 0);
	both(post, count / 2);
}

static void do_pass(long count)
{
	char byte;
	if (pipe(ends[0]) || pipe(ends[1])) fail("pipe");
	if (write(ends[0][1], "d", 1) != 1) fail("write of a pipe");
	both(pass, count / 2);
	if (read(ends[0][0], &byte, 1) != 1) fail("read of a pipe");
	for (int i = 0; i < 4; i++) close(ends[i / 2][i % 2]);
}

static void *nothing(void *argument) { return argument; }

static void do_thread(long count)
{
	pthread_t thread;
	for (long i = 0; i < count; i++) {
		if (pthread_create(&thread, NULL, nothing, NULL)) fail("pthread_create");
		if (pthread_join(thread, NULL)) fail("pthread_join");
	}
}

/* --- the table ---------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*work)(long count);
	long count;
} measures[] = {
	{ "read", do_read, 400000 },
	{ "write", do_write, 400000 },
	{ "clock_gettime", do_clock, 1000000 },
	{ "syscall-clock_gettime", do_clock_call, 400000 },
	{ "sched_yield", do_yield, 400000 },
	{ "mutex", do_mutex, 4000000 },
	{ "hand-over", do_hand_over, 100000 },
	{ "switch-yield", do_yield_to, 200000 },
	{ "switch-semaphore", do_post, 100000 },
	{ "switch-pipe", do_pass, 100000 },
	{ "thread", do_thread, 5000 },
};

static void stay_on_one_processor(void)
{
#ifndef __demitasse__
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set)) fail("sched_getaffinity");
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set)) {
			CPU_ZERO(&set);
			CPU_SET(cpu, &set);
			break;
		}
	if (sched_setaffinity(0, sizeof set, &set)) fail("sched_setaffinity");
#endif
}

int main(int argc, char **argv)
{
	char block[FILE_SIZE], path[4096];
	double scale = argc == 3 ? atof(argv[2]) : 0;
	if (scale <= 0) {
		fprintf(stderr, "usage: kernel FOLDER SCALE\n");
		return 2;
	}
	stay_on_one_processor();
	snprintf(path, sizeof path, "%s/bench-kernel-XXXXXX", argv[1]);
	file = mkstemp(path);
	if (file < 0) fail(path);
	unlink(path);
	memset(block, 'd', sizeof block);
	if (write(file, block, sizeof block) != sizeof block) fail("write");
	for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
		long count = (long)(measures[i].count * scale) & ~1L, start;
		if (count < 20) count = 20;
		measures[i].work(count / 20 * 2);
		turn = 0, running = 0;
		start = now();
		measures[i].work(count);
		printf("%s %ld %ld\n", measures[i].name, count, now() - start);
	}
	return 0;
}
