/* Memory: maps and what they say of it, protection, files in memory, growing, brk, alignment, a lot of allocation in threads. */
#define _GNU_SOURCE
#include "check.h"
#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
static sigjmp_buf back;

static void jump(int signal)
{
	siglongjmp(back, signal);
}

static int faults(volatile char *at, int writing)
{
	int came = sigsetjmp(back, 1);
	if (!came) {
		if (writing)
			*at = 1;
		else
			(void)*at;
	}
	return came;
}

static void *churn(void *number)
{
	unsigned seed = (long)number + 1;
	char *kept[64] = {0};
	size_t sizes[64] = {0};
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		int slot = seed >> 16 & 63;
		for (size_t j = 0; j < sizes[slot]; j += 97)
			CHECK(kept[slot][j] == (char)(slot + (long)number));
		size_t size = seed >> 8 & (i % 50 ? 1023 : 200000);
		kept[slot] = realloc(kept[slot], size + 1);
		CHECK(kept[slot]);
		memset(kept[slot], slot + (long)number, size);
		sizes[slot] = size;
	}
	for (int i = 0; i < 64; i++)
		free(kept[i]);
	return 0;
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	struct sigaction action = {.sa_handler = jump};
	CHECK(sigaction(SIGSEGV, &action, 0) == 0 && sigaction(SIGBUS, &action, 0) == 0);
	char *p = mmap(0, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED && (uintptr_t)p % page == 0);
	for (long i = 0; i < 16 * page; i++)
		CHECK(p[i] == 0);
	memset(p, 'm', 16 * page);
	CHECK(mprotect(p + 4 * page, page, PROT_READ) == 0 && mprotect(p + 6 * page, page, PROT_NONE) == 0);
	printf("read-only: read %d, write %d\n", faults(p + 4 * page, 0), faults(p + 4 * page, 1));
	printf("no access: read %d, beside it %d %d\n", faults(p + 6 * page, 0), faults(p + 6 * page - 1, 0), faults(p + 7 * page, 1));
	CHECK(munmap(p + 8 * page, page) == 0);
	printf("beside a hole: %d %d\n", faults(p + 8 * page - 1, 0), faults(p + 9 * page, 0));
	char *again = mmap(p + 8 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("fixed into the hole: %d, zero %d\n", again == p + 8 * page, *again == 0);
	char *over = mmap(p, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("fixed over: %d, zero %d, next kept %d\n", over == p, *over == 0, p[page] == 'm');
	CHECK(madvise(p + page, page, MADV_DONTNEED) == 0);
	printf("not needed: %d\n", p[page]);
	CHECK(munmap(p, 16 * page) == 0);
	printf("bad length: %s\n", mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? strerror(errno) : "mapped");
	printf("bad file: %s\n", mmap(0, page, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED ? strerror(errno) : "mapped");
	printf("bad address: %s\n", munmap((void *)1, page) ? strerror(errno) : "fine");

	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0 && ftruncate(fd, 2 * page) == 0 && pwrite(fd, "in the file", 11, page) == 11);
	char *copy = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *shared = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page);
	CHECK(copy != MAP_FAILED && shared != MAP_FAILED);
	printf("of a file: %.11s, %.11s\n", copy + page, shared);
	memcpy(copy + page, "PRIVATE", 7);
	char text[20];
	CHECK(pread(fd, text, 11, page) == 11);
	printf("private stays: %.11s\n", text);
	memcpy(shared, "SHARED", 6);
	CHECK(msync(shared, page, MS_SYNC) == 0 && pread(fd, text, 11, page) == 11);
	printf("shared goes: %.11s\n", text);
	CHECK(pwrite(fd, "back", 4, page + 6) == 4);
	printf("and comes: %.11s\n", shared);
	CHECK(munmap(copy, 2 * page) == 0 && munmap(shared, page) == 0 && close(fd) == 0 && unlink("mapped") == 0);

	p = mmap(0, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(p, "moved along");
	p = mremap(p, 4 * page, 400 * page, MREMAP_MAYMOVE);
	CHECK(p != MAP_FAILED);
	printf("grown: %s, %d\n", p, p[399 * page]);
	p = mremap(p, 400 * page, 2 * page, 0);
	CHECK(p != MAP_FAILED);
	printf("shrunk: %s\n", p);

	size_t huge = 1UL << 46;
	printf("too much: %s\n", malloc(huge) ? "there" : strerror(errno));
	char *reserved = mmap(0, 1UL << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(reserved != MAP_FAILED && mprotect(reserved + (512 << 20), page, PROT_READ | PROT_WRITE) == 0);
	reserved[512 << 20] = 1;
	printf("reserved: %d\n", faults(reserved, 0));
	CHECK(munmap(reserved, 1UL << 30) == 0);
	for (size_t alignment = 16; alignment <= 1 << 20; alignment <<= 4) {
		void *aligned;
		OK(posix_memalign(&aligned, alignment, 100));
		CHECK((uintptr_t)aligned % alignment == 0);
		free(aligned);
	}
	run_threads(4, churn);
	printf("churned\n");
	return 0;
}
