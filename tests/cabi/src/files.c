/* Files and directories, in the working directory: what is written is there, what is gone is gone, errors have their names. */
#define _GNU_SOURCE
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

static void said(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "fine");
}

static int visited;

static int visit(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	visited += kind == FTW_DP ? 1 : kind == FTW_SL ? 100 : 10000;     /* directories come in no order */
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
	char text[100], where[PATH_MAX];
	struct stat status;
	umask(022);
	int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0640);
	CHECK(fd >= 0);
	said("again", open("file", O_RDWR | O_CREAT | O_EXCL, 0640));
	CHECK(write(fd, "hello, world\n", 13) == 13 && lseek(fd, 7, SEEK_SET) == 7 && read(fd, text, sizeof text) == 6);
	printf("read %.5s\n", text);
	CHECK(pwrite(fd, "HELLO", 5, 0) == 5 && pread(fd, text, 5, 0) == 5 && lseek(fd, 0, SEEK_CUR) == 13);
	CHECK(lseek(fd, 5000, SEEK_END) == 5013 && write(fd, "!", 1) == 1 && fstat(fd, &status) == 0);
	printf("size %ld, mode %o, links %ld\n", (long)status.st_size, status.st_mode, (long)status.st_nlink);
	CHECK(pread(fd, text, 3, 3000) == 3 && !text[0] && !text[1] && !text[2]);
	CHECK(ftruncate(fd, 5) == 0 && fstat(fd, &status) == 0);
	printf("cut to %ld\n", (long)status.st_size);
	struct iovec parts[2] = {{"one,", 4}, {"two", 3}}, into[2] = {{text, 3}, {text + 50, 40}};
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && writev(fd, parts, 2) == 7 && lseek(fd, 0, SEEK_SET) == 0 && readv(fd, into, 2) == 7);
	printf("parts %.3s %.4s\n", text, text + 50);
	int append = open("file", O_WRONLY | O_APPEND);
	CHECK(append >= 0 && pwrite(append, "", 0, 0) == 0 && lseek(append, 0, SEEK_SET) == 0 && write(append, "+", 1) == 1);
	CHECK(fstat(fd, &status) == 0);
	printf("appended: %ld\n", (long)status.st_size);
	said("write to a reader", write(open("file", O_RDONLY), "x", 1));
	said("read of a writer", read(append, text, 1));
	int copy = dup(fd), at = fcntl(fd, F_DUPFD_CLOEXEC, 50);
	CHECK(lseek(fd, 3, SEEK_SET) == 3 && lseek(copy, 0, SEEK_CUR) == 3);
	printf("duplicate %d, flags %d and %d\n", at, fcntl(at, F_GETFD), fcntl(copy, F_GETFD));
	CHECK(dup2(fd, 60) == 60 && close(60) == 0);
	said("closed", close(60));

	said("mkdir", mkdir("dir", 0755));
	said("mkdir again", mkdir("dir", 0755));
	said("mkdir in nothing", mkdir("nothing/dir", 0755));
	said("rmdir of a file", rmdir("file"));
	said("unlink of a directory", unlink("dir") < 0 && (errno == EISDIR || errno == EPERM) ? 0 : -1);
	said("symlink", symlink("file", "link"));
	said("dangling", symlink("nowhere", "dir/dangling"));
	said("through it", open("dir/dangling", O_RDONLY));
	said("nofollow", open("link", O_RDONLY | O_NOFOLLOW));
	said("circle", symlink("circle", "circle") < 0 ? -1 : open("circle", O_RDONLY));
	CHECK(lstat("link", &status) == 0 && S_ISLNK(status.st_mode) && stat("link", &status) == 0 && S_ISREG(status.st_mode));
	ssize_t length = readlink("link", text, sizeof text);
	printf("link to %.*s\n", (int)length, text);
	said("hard link", link("file", "dir/hard"));
	CHECK(stat("file", &status) == 0);
	printf("links %ld\n", (long)status.st_nlink);
	said("rename", rename("dir/hard", "dir/renamed"));
	said("rmdir not empty", rmdir("dir"));
	said("rename over", rename("dir/renamed", "file"));
	said("chmod", chmod("file", 0604));
	CHECK(stat("file", &status) == 0);
	printf("mode %o\n", status.st_mode & 07777);
	said("is there", access("file", R_OK));
	said("is not there", access("other", F_OK));
	said("a file as a directory", access("file/x", F_OK));
	struct timespec times[2] = {{1000000000, 5000}, {1100000000, 7000}};
	said("utimensat", utimensat(AT_FDCWD, "file", times, 0));
	CHECK(stat("file", &status) == 0);
	printf("times %ld.%09ld %ld.%09ld\n", (long)status.st_atim.tv_sec, status.st_atim.tv_nsec, (long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	memset(text, 'x', sizeof text);
	char longest[400];
	memset(longest, 'n', sizeof longest);
	longest[399] = 0;
	said("name too long", open(longest, O_RDONLY));

	for (int i = 0; i < 100; i++) {
		sprintf(text, "dir/n%02d", i);
		CHECK(close(open(text, O_CREAT | O_WRONLY, 0600)) == 0);
	}
	DIR *dir = opendir("dir");
	CHECK(dir);
	struct dirent *entry;
	int count = 0, dots = 0;
	char *names[200];
	while ((entry = readdir(dir)))
		if (entry->d_name[0] == '.')
			dots++;
		else
			CHECK(names[count++] = strdup(entry->d_name));
	qsort(names, count, sizeof *names, by_name);
	printf("entries %d, dots %d, first %s, last %s\n", count, dots, names[0], names[count - 1]);
	rewinddir(dir);
	CHECK(readdir(dir));
	int dirfd_ = dirfd(dir);
	said("openat", openat(dirfd_, "n00", O_RDONLY));
	said("unlinkat", unlinkat(dirfd_, "n00", 0));
	said("fstatat", fstatat(dirfd_, "n00", &status, 0));
	closedir(dir);
	for (int i = 1; i < 100; i++) {
		sprintf(text, "dir/n%02d", i);
		CHECK(unlink(text) == 0);
	}
	said("mkdir inner", mkdir("dir/inner", 0700));
	CHECK(nftw(".", visit, 10, FTW_PHYS | FTW_DEPTH) == 0);
	printf("visited %06d\n", visited);
	CHECK(chdir("dir/inner") == 0 && getcwd(where, sizeof where));
	printf("in %s\n", strstr(where, "/dir/inner"));
	said("up", chdir("../.."));
	int folder = open("dir/inner", O_RDONLY | O_DIRECTORY), above = open(".", O_RDONLY);
	CHECK(folder >= 0 && above >= 0);
	said("fchdir", fchdir(folder));
	CHECK(getcwd(where, sizeof where));
	printf("in %s\n", strstr(where, "/dir/inner"));
	said("fchdir back", fchdir(above));
	close(folder);
	close(above);
	said("fchdir closed", fchdir(folder));
	said("fchdir to a file", fchdir(folder = open("file", O_RDONLY)));
	close(folder);
	CHECK(realpath("dir/../link", where));
	printf("real %s\n", strrchr(where, '/'));
	glob_t found;
	CHECK(glob("[fl]i*", 0, 0, &found) == 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		printf("glob %s\n", found.gl_pathv[i]);

	char template[] = "tempXXXXXX";
	int temporary = mkstemp(template);
	CHECK(temporary >= 0 && unlink(template) == 0 && write(temporary, "gone but open", 13) == 13);
	CHECK(pread(temporary, text, 4, 0) == 4);
	printf("removed, but open: %.4s\n", text);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 3};
	said("record lock", fcntl(fd, F_SETLK, &lock));
	struct statvfs system;
	said("statvfs", statvfs(".", &system));
	FILE *stream = fopen("stream", "w+");
	CHECK(stream && fprintf(stream, "%d %s %5.2f\n", 42, "words here", 3.14159) == 20 && fseek(stream, 0, SEEK_SET) == 0);
	int n;
	float f;
	CHECK(fscanf(stream, "%d %*s %*s %f", &n, &f) == 2 && ungetc('q', stream) == 'q' && fgetc(stream) == 'q' && fclose(stream) == 0);
	printf("stream %d %.2f\n", n, f);
	CHECK(unlink("stream") == 0 && unlink("link") == 0 && unlink("circle") == 0 && unlink("dir/dangling") == 0 && unlink("dir/renamed") == 0 && rmdir("dir/inner") == 0 && rmdir("dir") == 0);
	CHECK(unlink("file") == 0);
	return 0;
}
