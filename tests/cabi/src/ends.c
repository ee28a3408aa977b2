/* How a program ends: by the number given, with atexit functions, flushed streams and constructors before. */
#include "check.h"
#include <signal.h>
#include <unistd.h>

__attribute__((constructor)) static void first(void)
{
	printf("constructor\n");
}

__attribute__((destructor)) static void last(void)
{
	printf("destructor\n");
}

static void at_exit(void)
{
	printf("at exit\n");
}

static void *end(void *unused)
{
	exit(5);
}

int main(int argc, char **argv, char **environment)
{
	CHECK(atexit(at_exit) == 0);
	printf("%d arguments, last '%s'\n", argc, argc > 1 ? argv[argc - 1] : "");
	for (int i = 0; environment[i]; i++)
		if (!strncmp(environment[i], "GIVEN", 5))
			printf("%s\n", environment[i]);
	const char *how = argc > 1 ? argv[1] : "";
	printf("not yet flushed ");
	if (!strcmp(how, "exit"))
		exit(300);
	if (!strcmp(how, "_exit"))
		_exit(4);
	if (!strcmp(how, "quick"))
		quick_exit(9);
	if (!strcmp(how, "thread")) {
		pthread_t thread;
		OK(pthread_create(&thread, 0, end, 0));
		pthread_join(thread, 0);
	}
	return 0;
}
