/* Signals that come between any two instructions: registers, floating point and the errno of the interrupted code stay. */
#define _GNU_SOURCE
#include "check.h"
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t ticks, queued, order;
static sigjmp_buf out;

static void tick(int signal)
{
	volatile double noise = ticks * 1.25;
	noise = noise / 3;
	errno = 12345;
	errno = 0;
	ticks++;
}

static void take(int signal, siginfo_t *information, void *context)
{
	order = order * 10 + information->si_value.sival_int;
	queued++;
}

static void leave(int signal)
{
	siglongjmp(out, 1);
}

/* Goes on behind a faulting instruction of two bytes, mov %eax, (%rax). */
static void step_over(int signal, siginfo_t *information, void *context)
{
	ucontext_t *c = context;
	c->uc_mcontext.gregs[REG_RIP] += 2;
	c->uc_mcontext.gregs[REG_RBX] = 77;
}

static void *compute(void *number)
{
	double sum = 0;
	unsigned long mix = (long)number;
	for (long i = 1; i < 3000000; i++) {
		sum += 1.0 / i;
		mix = mix * 6364136223846793005UL + 1442695040888963407UL;
		mix ^= mix >> 29;
	}
	double *result = malloc(2 * sizeof *result);
	result[0] = sum;
	result[1] = (double)(mix >> 40);
	return result;
}

int main(void)
{
	struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
	CHECK(sigaction(SIGALRM, &action, 0) == 0);
	struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
	double *quiet[4], *busy[4];
	for (long i = 0; i < 4; i++)
		quiet[i] = compute((void *)i);
	CHECK(setitimer(ITIMER_REAL, &often, 0) == 0);
	pthread_t threads[4];
	for (long i = 0; i < 4; i++)
		OK(pthread_create(&threads[i], 0, compute, (void *)i));
	for (int i = 0; i < 4; i++)
		OK(pthread_join(threads[i], (void **)&busy[i]));
	CHECK(setitimer(ITIMER_REAL, &never, 0) == 0);
	int same = 1;
	for (int i = 0; i < 4; i++)
		same = same && busy[i][0] == quiet[i][0] && busy[i][1] == quiet[i][1];
	printf("same results: %d, some signals: %d\n", same, ticks > 3);

	struct sigaction with = {.sa_sigaction = take, .sa_flags = SA_SIGINFO};
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	CHECK(sigaction(SIGRTMIN, &with, 0) == 0 && sigprocmask(SIG_BLOCK, &set, 0) == 0);
	for (int i = 1; i < 8; i++)
		CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}) == 0);
	CHECK(sigprocmask(SIG_UNBLOCK, &set, 0) == 0);
	printf("queued: %d, in order %d\n", queued, order);

	action.sa_handler = leave;
	action.sa_flags = 0;
	CHECK(sigaction(SIGALRM, &action, 0) == 0);
	volatile int rounds = 0;
	if (sigsetjmp(out, 1) == 0 || rounds < 20) {
		rounds++;
		struct itimerval soon = {{0, 0}, {0, 2000}};
		CHECK(setitimer(ITIMER_REAL, &soon, 0) == 0);
		for (;;)
			;
	}
	printf("left a loop: %d times\n", rounds);

	struct sigaction step = {.sa_sigaction = step_over, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(SIGSEGV, &step, 0) == 0);
	unsigned long seen = 1, address = 64;
	__asm__ volatile("mov $5, %%rbx\n\tmov %1, %%rax\n\tmov %%eax, (%%rax)\n\tmov %%rbx, %0" : "=r"(seen) : "r"(address) : "rax", "rbx", "memory");
	printf("a handler's changes count: %lu\n", seen);
	fesetround(FE_UPWARD);
	raise(SIGRTMIN);
	printf("rounding stays: %d\n", fegetround() == FE_UPWARD);
	return 0;
}
