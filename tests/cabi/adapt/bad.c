/* What `demitasse adapt` must see, and what it must not: each line that ends in a comment "// level: what" is a finding, no other is. */
#include <stdio.h>
#include <unistd.h>
#include <linux/fs.h>           // blocks: #include <linux/fs.h>
#include <sys/queue.h>          // blocks: #include <sys/queue.h>
#include "linux/own.h"
#define SPAWN() fork()          // blocks: fork()
/* fork() in a comment, and // fork() */
static const char *text = "fork() in a string, /proc in the middle";
static const char *path = "/proc/self/maps";            // differs: "/proc/self/maps"
static const char *fine = "/dev/null", *also = "/process/x";
static const char *device = "/dev/sda";                 // differs: "/dev/sda"
pid_t fork(void);
extern int execve(const char *, char *const *, char *const *);

int reboot(int how)
{
	return how;             /* the program's own */
}

struct operations { int (*fork)(void); int (*system)(const char *); };

#ifdef _WIN32
int other(void) { return system("dir"); }
#elif defined(__linux__) && !defined(__APPLE__)
int other(void) { return system("ls"); }                // blocks: system()
#else
int other(void) { return popen("ls", "r") != 0; }
#endif
#if 0
int never(void) { return fork(); }
#else
int ever(void) { return vfork(); }                      // blocks: vfork()
#endif
#if SOMETHING > 3 || defined(OTHER)
int maybe(void) { return ptrace(0, 0, 0, 0); }          // blocks: ptrace()
#endif

int main(int argc, char **argv)
{
	struct operations operations = {0};
	operations.fork();
	(&operations)->system("x");
	pid_t fork(void);
	char c = '"'; printf("a \" fork() \\"); c = '\'';
	if (fork() == 0)                                // blocks: fork()
		execv(argv[0], argv);                   // blocks: execv()
	reboot(1);
	long r = syscall(SYS_io_uring_setup, 1, 0);     // blocks: syscall(SYS_io_uring_setup)
	r = syscall(SYS_gettid) + syscall(__NR_fork);   // blocks: syscall(__NR_fork)
	__asm__ volatile ("mov $39, %%eax\n\tsyscall" : "=a"(r) : : "rcx", "r11");      // blocks: asm: syscall
	asm("int $0x80");                               // blocks: asm: int $0x80
	asm("call my_syscall_helper; nop");
	void *p = mmap(0, 4096, 3, MAP_SHARED              // differs: MAP_SHARED
		| MAP_FIXED, 3, 0);
	getxattr("f", "user.x", 0, 0);                  // differs: getxattr()
	socket(2, 1, 0);
	sbrk(4096);                                     // differs: sbrk()
	kill(getpid(), SIGSTOP);                        // differs: SIGSTOP
	return fork ();                                 // blocks: fork()
}

__BEGIN_DECLS                       // blocks: __BEGIN_DECLS
int declared(void);
__END_DECLS                         // blocks: __END_DECLS
