/* Other programs: posix_spawn of this file under other names, descriptors, signals, ends and waits. */
#define _GNU_SOURCE
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t told;

static void on_child(int signal)
{
	told++;
}

static void *idle(void *unused)
{
	for (;;)
		pause();
}

/* What a child does: argv[1] says it. */
static int child(char **argv)
{
	const char *what = argv[1];
	if (!strcmp(what, "say")) {
		const char *value = getenv("CHILD");
		printf("child: %s, CHILD is %s, descriptor 9 is %s\n", argv[2], value ? value : "not there",
		       fcntl(9, F_GETFD) < 0 ? "closed" : "open");
		return 40;
	}
	if (!strcmp(what, "threads")) {
		pthread_t thread;
		for (int i = 0; i < 3; i++)
			OK(pthread_create(&thread, 0, idle, 0));
		exit(41);
	}
	if (!strcmp(what, "abort"))
		abort();
	if (!strcmp(what, "fault"))
		*(volatile int *)16 = 1;
	if (!strcmp(what, "mask")) {
		sigset_t now;
		struct sigaction action;
		CHECK(sigprocmask(SIG_BLOCK, 0, &now) == 0 && sigaction(SIGUSR2, 0, &action) == 0);
		printf("child: blocked %d, ignored %d\n", sigismember(&now, SIGUSR1), action.sa_handler == SIG_IGN);
		return 0;
	}
	for (;;)
		pause();
}

static pid_t spawn(const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *what, char *more)
{
	char *arguments[] = {"child", what, more, 0}, *environment[] = {"CHILD=its own", 0};
	pid_t id;
	fflush(stdout);
	OK(posix_spawn(&id, "/proc/self/exe", actions, attributes, arguments, environment));
	return id;
}

static void ends(const char *what, pid_t id)
{
	int status;
	CHECK(waitpid(id, &status, 0) == id);
	if (WIFEXITED(status))
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	else
		printf("%s: signal %d\n", what, WTERMSIG(status));
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return child(argv);
	struct sigaction action = {.sa_handler = on_child};
	CHECK(sigaction(SIGCHLD, &action, 0) == 0);
	posix_spawn_file_actions_t actions;
	OK(posix_spawn_file_actions_init(&actions));
	ends("plain", spawn(0, 0, "say", "hello"));
	int file = open("said", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(file >= 0 && dup3(file, 9, O_CLOEXEC) == 9);
	OK(posix_spawn_file_actions_adddup2(&actions, file, 1));
	ends("into a file", spawn(&actions, 0, "say", "into a file"));
	char text[200] = {0};
	CHECK(pread(file, text, sizeof text - 1, 0) > 0);
	printf("file: %s", text);
	CHECK(fcntl(9, F_SETFD, 0) == 0);
	ends("inherited", spawn(0, 0, "say", "inherited"));
	ends("threads", spawn(0, 0, "threads", 0));
	ends("abort", spawn(0, 0, "abort", 0));
	ends("fault", spawn(0, 0, "fault", 0));
	printf("told: %d\n", told);

	pid_t waits = spawn(0, 0, "wait", 0);
	int status;
	printf("not yet: %d\n", waitpid(waits, &status, WNOHANG));
	CHECK(kill(waits, 0) == 0 && kill(waits, SIGTERM) == 0);
	ends("terminated", waits);
	printf("gone: %s\n", kill(waits, 0) ? strerror(errno) : "there");
	printf("nobody left: %s\n", waitpid(-1, &status, 0) < 0 ? strerror(errno) : "one");

	posix_spawnattr_t attributes;
	sigset_t blocked;
	OK(posix_spawnattr_init(&attributes));
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	OK(posix_spawnattr_setsigmask(&attributes, &blocked));
	OK(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK));
	signal(SIGUSR2, SIG_IGN);
	ends("mask", spawn(0, &attributes, "mask", 0));

	int pipe_ends[2];
	CHECK(pipe(pipe_ends) == 0);
	posix_spawn_file_actions_t into;
	OK(posix_spawn_file_actions_init(&into));
	OK(posix_spawn_file_actions_adddup2(&into, pipe_ends[1], 1));
	OK(posix_spawn_file_actions_addclose(&into, pipe_ends[0]));
	pid_t writer = spawn(&into, 0, "say", "through a pipe");
	close(pipe_ends[1]);
	int size = 0, got;
	while ((got = read(pipe_ends[0], text + size, sizeof text - 1 - size)) > 0)
		size += got;
	text[size] = 0;
	printf("pipe: %s", text);
	ends("pipe", writer);

	char *arguments[] = {"nothing", 0};
	pid_t id;
	printf("missing: %s\n", strerror(posix_spawn(&id, "/not/there", 0, 0, arguments, 0)));
	printf("no program: %s\n", strerror(posix_spawn(&id, "said", 0, 0, arguments, 0)));
	for (int i = 0; i < 20; i++)
		CHECK(waitpid(spawn(&actions, 0, "say", "again"), &status, 0) > 0 && WEXITSTATUS(status) == 40);
	CHECK(unlink("said") == 0);
	printf("done\n");
	return 0;
}
