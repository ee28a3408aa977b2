/* Clocks, sleeping, timers that make threads and signals, and what a process says of itself. */
#define _GNU_SOURCE
#include "check.h"
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>
static sem_t fired;

static void notify(union sigval value)
{
	CHECK(value.sival_int == 77 && sem_post(&fired) == 0);
}

static double now(clockid_t clock)
{
	struct timespec t;
	CHECK(clock_gettime(clock, &t) == 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static long long ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The monotonic clock goes as fast as that of the day: looked at for a third of a second, where nothing came between. */
static void agree(void)
{
	long long least = 1LL << 62, most = -(1LL << 62), begin = ns(CLOCK_MONOTONIC), last = begin, before, after, day;
	int back = 0, looks = 0;
	do {
		before = ns(CLOCK_MONOTONIC);
		day = ns(CLOCK_REALTIME);
		after = ns(CLOCK_MONOTONIC);
		back += before < last || after < before;
		last = after;
		if (after - before < 5000) {
			long long apart = day - (before + after) / 2;
			least = apart < least ? apart : least;
			most = apart > most ? apart : most;
			looks++;
		}
	} while (after - begin < 333000000);
	printf("clocks agree: %d, went back %d times\n", !looks || most - least < 1000000, back);
}

int main(void)
{
	clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,
			      CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
	for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		double last = now(clocks[i]);
		for (int j = 0; j < 1000; j++) {
			double next = now(clocks[i]);
			CHECK(next >= last);
			last = next;
		}
		struct timespec resolution;
		printf("clock %u never goes back, resolution %s\n", i, clock_getres(clocks[i], &resolution) == 0 && resolution.tv_sec == 0 ? "told" : "not told");
	}
	printf("this century: %d\n", now(CLOCK_REALTIME) > 1.7e9);
	printf("time agrees: %d\n", llabs((long long)time(0) - (long long)now(CLOCK_REALTIME)) <= 1);
	double begin = now(CLOCK_MONOTONIC);
	sleep_ms(50);
	double took = now(CLOCK_MONOTONIC) - begin;
	printf("slept %s\n", took >= 0.05 && took < 5 ? "long enough" : "wrong");
	struct timespec until = after_ms(CLOCK_MONOTONIC, 30);
	OK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0));
	printf("until then: %d\n", now(CLOCK_MONOTONIC) >= until.tv_sec + until.tv_nsec * 1e-9);
	printf("bad time: %s\n", nanosleep(&(struct timespec){0, 1000000000}, 0) ? strerror(errno) : "slept");
	printf("bad clock: %s\n", clock_gettime(99, &until) ? strerror(errno) : "told");

	CHECK(sem_init(&fired, 0, 0) == 0);
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify, .sigev_value.sival_int = 77};
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &(struct itimerspec){{0, 5000000}, {0, 5000000}}, 0) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(sem_wait(&fired) == 0);
	CHECK(timer_delete(timer) == 0);
	printf("timer fired\n");
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGRTMIN);
	OK(pthread_sigmask(SIG_BLOCK, &mask, 0));
	event = (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 5};
	CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0 && timer_settime(timer, 0, &(struct itimerspec){{0, 0}, {0, 1000000}}, 0) == 0);
	siginfo_t info;
	CHECK(sigwaitinfo(&mask, &info) == SIGRTMIN);
	printf("timer's signal: code %d, value %d\n", info.si_code, info.si_value.sival_int);

	agree();
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	tzset();
	time_t summer = 1720000000;
	char text[100];
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", localtime(&summer));
	printf("%s\n", text);
	struct rusage usage;
	struct tms used;
	CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && times(&used) != (clock_t)-1 && clock() >= 0);
	struct rlimit limit;
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 64 && getrlimit(RLIMIT_STACK, &limit) == 0);
	struct utsname name;
	CHECK(uname(&name) == 0);
	printf("machine %s\n", name.machine);
	printf("processors: %s, page %ld\n", sysconf(_SC_NPROCESSORS_ONLN) >= 1 ? "some" : "none", sysconf(_SC_PAGESIZE));
	unsigned char random[64] = {0}, zero[64] = {0};
	CHECK(getrandom(random, sizeof random, 0) == 64 && memcmp(random, zero, 64) && getentropy(random, 32) == 0);
	printf("pid %s, parent %s, session %s\n", getpid() > 0 ? "there" : "wrong", getppid() >= 0 ? "there" : "wrong", getsid(0) >= 0 ? "there" : "wrong");
	CHECK(sched_yield() == 0);
	printf("priorities %d to %d\n", sched_get_priority_min(SCHED_FIFO), sched_get_priority_max(SCHED_FIFO));
	printf("host name %s\n", gethostname(text, sizeof text) == 0 && text[0] ? "there" : "missing");
	return 0;
}
