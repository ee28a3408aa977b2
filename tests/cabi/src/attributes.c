/* Extended attributes: names in user., by path, by link and by descriptor, and what is refused. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "check.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char **)a, *(char **)b);
}

/* The names of a list, in their order, and the errors of calls as numbers. */
static void show(const char *what, ssize_t length, char *list)
{
	char *names[64];
	int count = 0;
	printf("%s: %zd (%d):", what, length, length < 0 ? errno : 0);
	for (char *name = list; length > 0 && name < list + length; name += strlen(name) + 1)
		names[count++] = name;
	qsort(names, count, sizeof *names, compare);
	for (int i = 0; i < count; i++)
		printf(" %s", names[i]);
	puts("");
}

#define TELL(call) do { \
	errno = 0; \
	long result_ = (call); \
	printf("%s: %ld (%d)\n", #call, result_, errno); \
	} while (0)

int main(void)
{
	static char list[4096], value[4096], large[70000], longname[300];
	int fd = open("file", O_CREAT | O_RDWR, 0644);
	CHECK(fd >= 0 && !mkdir("folder", 0755) && !symlink("file", "link") && !symlink("nothing", "dangling"));

	TELL(setxattr("file", "user.a", "one", 3, 0));
	TELL(setxattr("file", "user.a", "four", 4, XATTR_CREATE));
	TELL(setxattr("file", "user.b", "two", 3, XATTR_REPLACE));
	TELL(setxattr("file", "user.b", "two", 3, XATTR_CREATE));
	TELL(fsetxattr(fd, "user.a", "longer than it was", 18, XATTR_REPLACE));
	TELL(setxattr("link", "user.by-link", "", 0, 0));
	TELL(setxattr("folder", "user.folder", "f", 1, 0));
	show("file", listxattr("file", list, sizeof list), list);
	show("link", listxattr("link", list, sizeof list), list);
	show("folder", listxattr("folder", list, sizeof list), list);
	show("descriptor", flistxattr(fd, list, sizeof list), list);
	show("link itself", llistxattr("link", list, sizeof list), list);
	TELL(listxattr("file", 0, 0));
	TELL(listxattr("file", list, 3));

	TELL(getxattr("file", "user.a", value, sizeof value));
	printf("%.18s\n", value);
	TELL(fgetxattr(fd, "user.b", value, 3));
	printf("%.3s\n", value);
	TELL(lgetxattr("file", "user.by-link", value, 10));
	TELL(getxattr("file", "user.a", 0, 0));
	TELL(getxattr("file", "user.a", value, 5));
	TELL(getxattr("file", "user.nothing", value, 5));

	TELL(setxattr("file", "user.a", "x", 1, 3 | 8));
	TELL(setxattr("file", "user.", "x", 1, 0));
	TELL(setxattr("file", "", "x", 1, 0));
	TELL(setxattr("file", "unheard.of", "x", 1, 0));
	TELL(getxattr("file", "unheard.of", value, 1));
	memset(longname, 'n', sizeof longname - 1);
	memcpy(longname, "user.", 5);
	TELL(setxattr("file", longname, "x", 1, 0));
	TELL(setxattr("file", "user.large", large, sizeof large, 0));
	TELL(lsetxattr("link", "user.x", "x", 1, 0));
	TELL(lremovexattr("link", "user.x"));
	TELL(lgetxattr("link", "user.x", value, 1));
	TELL(setxattr("dangling", "user.x", "x", 1, 0));
	TELL(getxattr("missing", "user.x", value, 1));
	TELL(listxattr("missing", list, 10));
	TELL(removexattr("missing", "user.x"));
	TELL(fgetxattr(99, "user.a", value, 10));

	TELL(removexattr("file", "user.a"));
	TELL(fremovexattr(fd, "user.a"));
	TELL(lremovexattr("file", "user.b"));
	show("left", listxattr("file", list, sizeof list), list);
	CHECK(!rename("file", "renamed"));
	show("renamed", listxattr("renamed", list, sizeof list), list);

	for (int i = 0; i < 40; i++) {                  /* many, and their values */
		char name[32];
		int length = snprintf(name, sizeof name, "user.number-%d", i);
		CHECK(!fsetxattr(fd, name, name, length, XATTR_CREATE));
	}
	for (int i = 0; i < 40; i++) {
		char name[32];
		int length = snprintf(name, sizeof name, "user.number-%d", i);
		CHECK(fgetxattr(fd, name, value, sizeof value) == length && !memcmp(value, name, length));
		if (i % 2)
			CHECK(!fremovexattr(fd, name));
	}
	show("half", flistxattr(fd, list, sizeof list), list);
	return 0;
}
