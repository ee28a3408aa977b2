/* Signals within the program: handlers, masks, waiting, alternate stacks, faults that are caught, timers, restarted calls. */
#define _GNU_SOURCE
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
static volatile sig_atomic_t seen, nested, depth, most;
static volatile uintptr_t stack_of_handler;

static void count(int signal)
{
	seen++;
}

static void inform(int signal, siginfo_t *info, void *context)
{
	char here;
	stack_of_handler = (uintptr_t)&here;
	printf("signal %d, code %d, value %d, own process: %d\n", signal, info->si_code, info->si_value.sival_int, info->si_pid == getpid());
}

static void nest(int signal)
{
	depth++;
	if (depth > most)
		most = depth;
	if (nested++ < 2)
		raise(signal);
	depth--;
}

static void set(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	CHECK(sigaction(signal, &action, 0) == 0);
}

static sigjmp_buf back;

static void jump(int signal)
{
	siglongjmp(back, signal);
}

static void skip(int signal, siginfo_t *info, void *context)
{
	ucontext_t *machine = context;
	printf("fault at address %p\n", info->si_addr);
	machine->uc_mcontext.gregs[REG_RIP] = machine->uc_mcontext.gregs[REG_RBX];
}

static int ends[2];

static void *write_later(void *main_thread)
{
	sleep_ms(20);
	OK(pthread_kill(*(pthread_t *)main_thread, SIGUSR1));
	sleep_ms(20);
	CHECK(write(ends[1], "a", 1) == 1);
	return 0;
}

static void *kill_later(void *main_thread)
{
	sleep_ms(20);
	OK(pthread_kill(*(pthread_t *)main_thread, SIGUSR1));
	return 0;
}

int main(void)
{
	sigset_t mask, old, pending;
	setvbuf(stdout, 0, _IOLBF, 0);
	set(SIGUSR1, count, 0);
	CHECK(raise(SIGUSR1) == 0 && seen == 1);
	CHECK(kill(getpid(), SIGUSR1) == 0 && seen == 2);
	printf("handled %d\n", seen);

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &mask, &old) == 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK(seen == 2 && sigpending(&pending) == 0);
	printf("blocked, pending %d\n", sigismember(&pending, SIGUSR1));
	CHECK(sigprocmask(SIG_SETMASK, &old, 0) == 0);
	printf("once for two: %d\n", seen);

	set(SIGUSR2, nest, SA_NODEFER);
	raise(SIGUSR2);
	printf("nested: depth %d\n", most);
	nested = most = 0;
	set(SIGUSR2, nest, 0);
	raise(SIGUSR2);
	printf("not nested: depth %d\n", most);
	set(SIGUSR2, count, SA_RESETHAND);
	raise(SIGUSR2);
	struct sigaction now;
	CHECK(sigaction(SIGUSR2, 0, &now) == 0);
	printf("reset to default: %d\n", now.sa_handler == SIG_DFL);
	set(SIGUSR2, SIG_IGN, 0);
	raise(SIGUSR2);

	static char area[64 << 10];
	stack_t stack = {.ss_sp = area, .ss_size = sizeof area};
	CHECK(sigaltstack(&stack, 0) == 0);
	struct sigaction action = {.sa_sigaction = inform, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	CHECK(sigaction(SIGUSR2, &action, 0) == 0);
	CHECK(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 42}) == 0);
	printf("on the alternate stack: %d\n", stack_of_handler >= (uintptr_t)area && stack_of_handler < (uintptr_t)area + sizeof area);

	volatile int *nowhere = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	set(SIGSEGV, jump, 0);
	set(SIGFPE, jump, 0);
	set(SIGILL, jump, 0);
	int came = sigsetjmp(back, 1);
	if (came == 0)
		*nowhere = 1;
	printf("jumped out of %d\n", came);
	came = sigsetjmp(back, 1);
	volatile int zero = 0;
	if (came == 0)
		zero = 100 / zero;
	printf("jumped out of %d\n", came);
	came = sigsetjmp(back, 1);
	if (came == 0)
		__builtin_trap();
	printf("jumped out of %d\n", came);
	action.sa_sigaction = skip;
	action.sa_flags = SA_SIGINFO;
	CHECK(sigaction(SIGSEGV, &action, 0) == 0);
	long value = 5;
	__asm__ volatile ("lea 1f(%%rip), %%rbx\n\tmov 8, %0\n1:" : "+r"(value) : : "rbx", "memory");
	printf("went on behind it, value %ld\n", value);

	/* Calls that are interrupted: with SA_RESTART they go on, without they say so. */
	pthread_t thread, self = pthread_self();
	char byte;
	CHECK(pipe(ends) == 0);
	set(SIGUSR1, count, SA_RESTART);
	seen = 0;
	OK(pthread_create(&thread, 0, write_later, &self));
	ssize_t got = read(ends[0], &byte, 1);
	printf("restarted: read %zd, handled %d\n", got, seen);
	OK(pthread_join(thread, 0));
	set(SIGUSR1, count, 0);
	OK(pthread_create(&thread, 0, kill_later, &self));
	got = read(ends[0], &byte, 1);
	printf("interrupted: read %zd, %s\n", got, strerror(errno));
	OK(pthread_join(thread, 0));
	OK(pthread_create(&thread, 0, kill_later, &self));
	CHECK(pause() == -1);
	printf("paused: %s\n", strerror(errno));
	OK(pthread_join(thread, 0));
	struct timespec left, whole = {5, 0};
	OK(pthread_create(&thread, 0, kill_later, &self));
	CHECK(nanosleep(&whole, &left) == -1);
	printf("slept: %s, left %s\n", strerror(errno), left.tv_sec == 4 ? "most" : "else");
	OK(pthread_join(thread, 0));

	int number;
	CHECK(sigprocmask(SIG_BLOCK, &mask, 0) == 0);
	OK(pthread_create(&thread, 0, kill_later, &self));
	OK(sigwait(&mask, &number));
	printf("waited for %d\n", number == SIGUSR1);
	OK(pthread_join(thread, 0));
	siginfo_t info;
	struct timespec soon = {0, 20000000};
	CHECK(sigtimedwait(&mask, &info, &soon) == -1);
	printf("waited in vain: %s\n", strerror(errno));
	OK(pthread_create(&thread, 0, kill_later, &self));
	seen = 0;
	CHECK(sigsuspend(&old) == -1);
	printf("suspended: %s, handled %d\n", strerror(errno), seen);
	OK(pthread_join(thread, 0));

	set(SIGALRM, count, 0);
	seen = 0;
	struct itimerval often = {{0, 5000}, {0, 5000}};
	CHECK(setitimer(ITIMER_REAL, &often, 0) == 0);
	while (seen < 5)
		pause();
	CHECK(setitimer(ITIMER_REAL, &(struct itimerval){{0}}, 0) == 0);
	printf("alarms came\n");
	volatile unsigned long turns = 0;
	seen = 0;
	alarm(1);
	while (!seen)
		turns++;                        /* no call: the signal comes by itself */
	printf("in the middle of computing\n");
	printf("kill nobody: %s\n", kill(999999, 0) ? strerror(errno) : "fine");
	printf("no such signal: %s\n", raise(200) ? strerror(errno) : "fine");
	return 0;
}
