/* Unix-domain sockets: pairs, and streams that meet at a path. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "check.h"

#define TELL(call) do { \
	errno = 0; \
	long result_ = (call); \
	printf("%s: %ld (%d)\n", #call, result_, errno); \
	} while (0)

static struct sockaddr_un name_of(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	strcpy(name.sun_path, path);
	return name;
}

static void show_names(const char *what, int fd)
{
	struct sockaddr_un name;
	socklen_t length = sizeof name;
	memset(&name, 0, sizeof name);
	CHECK(!getsockname(fd, (void *)&name, &length));
	printf("%s: own %d %u '%s'", what, name.sun_family, length, length > 2 ? name.sun_path : "");
	length = sizeof name;
	memset(&name, 0, sizeof name);
	if (getpeername(fd, (void *)&name, &length))
		printf(", no peer (%d)\n", errno);
	else
		printf(", peer %d %u '%s'\n", name.sun_family, length, length > 2 ? name.sun_path : "");
}

static socklen_t lengths[3];             /* of the addresses that accept told */

static void *serve(void *argument)
{
	int listener = (int)(long)argument;
	for (int i = 0; i < 3; i++) {
		struct sockaddr_un name;
		socklen_t length = sizeof name;
		char text[100];
		ssize_t got;
		int fd = accept(listener, (void *)&name, &length);
		CHECK(fd >= 0);
		lengths[i] = length;
		while ((got = read(fd, text, sizeof text)) > 0)
			CHECK(write(fd, text, got) == got);
		CHECK(got == 0 && !close(fd));
	}
	return 0;
}

static void pairs(void)
{
	int pair[2], count;
	char text[32];
	struct pollfd ready = { .events = POLLIN };
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	CHECK(fcntl(pair[0], F_GETFD) == FD_CLOEXEC && !(fcntl(pair[0], F_GETFL) & O_NONBLOCK));
	show_names("pair", pair[0]);
	ready.fd = pair[1];
	TELL(poll(&ready, 1, 0));
	TELL(write(pair[0], "hello", 5));
	TELL(poll(&ready, 1, 0));
	CHECK(!ioctl(pair[1], FIONREAD, &count) && count == 5);
	TELL(recv(pair[1], text, sizeof text, MSG_PEEK));
	TELL(read(pair[1], text, sizeof text));
	TELL(recv(pair[1], text, sizeof text, MSG_DONTWAIT));
	TELL(send(pair[1], "back", 4, 0));
	TELL(read(pair[0], text, 2));
	TELL(shutdown(pair[1], SHUT_WR));
	TELL(read(pair[0], text, sizeof text));
	TELL(read(pair[0], text, sizeof text));
	TELL(write(pair[0], "still", 5));
	CHECK(!close(pair[1]));
	TELL(send(pair[0], "gone", 4, MSG_NOSIGNAL));
	TELL(read(pair[0], text, 1));
	TELL(read(pair[0], text, 1));
	CHECK(!close(pair[0]));
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair) && write(pair[0], "unread", 6) == 6 && !close(pair[1]));
	TELL(send(pair[0], "gone", 4, MSG_NOSIGNAL));
	TELL(read(pair[0], text, 1));
	TELL(send(pair[0], "gone", 4, MSG_NOSIGNAL));
	TELL(read(pair[0], text, 1));
	CHECK(!close(pair[0]));
	TELL(socketpair(AF_INET, SOCK_STREAM, 0, pair));
	TELL(socketpair(1234, SOCK_STREAM, 0, pair));
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
	TELL(read(pair[0], text, 1));
	CHECK(!close(pair[0]) && !close(pair[1]));
}

int main(void)
{
	struct sockaddr_un name = name_of("door"), other = name_of("missing"), plain = name_of("plain");
	struct stat status;
	struct ucred user;
	socklen_t length = sizeof user;
	pthread_t server;
	int listener, fd, value;
	char text[32];

	pairs();
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(listener >= 0);
	show_names("new", listener);
	TELL(bind(listener, (void *)&name, sizeof name));
	TELL(bind(listener, (void *)&other, sizeof other));
	CHECK(!lstat("door", &status));
	printf("a socket: %d\n", S_ISSOCK(status.st_mode));
	TELL(open("door", O_RDONLY));
	show_names("bound", listener);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	TELL(connect(fd, (void *)&name, sizeof name));
	TELL(bind(fd, (void *)&name, offsetof(struct sockaddr_un, sun_path) + 5));
	TELL(connect(fd, (void *)&other, sizeof other));
	close(open("plain", O_CREAT | O_RDWR, 0600));
	TELL(connect(fd, (void *)&plain, sizeof plain));
	TELL(listen(listener, 5));
	OK(pthread_create(&server, 0, serve, (void *)(long)listener));
	TELL(connect(fd, (void *)&name, sizeof name));
	TELL(connect(fd, (void *)&name, sizeof name));
	show_names("connected", fd);
	TELL(sendto(fd, "x", 1, 0, (void *)&name, sizeof name));
	TELL(write(fd, "ping", 4));
	TELL(read(fd, text, sizeof text));
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &length) && length == sizeof user && user.pid == getpid() && user.uid == getuid());
	length = sizeof value;
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &length) && value == AF_UNIX);
	CHECK(!getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length) && value == SOCK_STREAM);
	close(fd);

	CHECK((fd = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	other = name_of("./client");
	TELL(bind(fd, (void *)&other, sizeof other));
	TELL(connect(fd, (void *)&name, sizeof name));
	show_names("named", fd);
	CHECK(write(fd, "a", 1) == 1 && read(fd, text, 1) == 1 && !close(fd));

	CHECK(!mkdir("folder", 0755) && !rename("door", "folder/moved"));
	CHECK((fd = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	TELL(connect(fd, (void *)&name, sizeof name));
	name = name_of("folder/moved");
	TELL(connect(fd, (void *)&name, sizeof name));
	show_names("through its new name", fd);
	close(fd);
	OK(pthread_join(server, 0));
	printf("accepted: %u %u %u\n", lengths[0], lengths[1], lengths[2]);
	close(listener);
	CHECK((fd = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	TELL(connect(fd, (void *)&name, sizeof name));
	TELL(unlink("folder/moved"));
	TELL(connect(fd, (void *)&name, sizeof name));
	return 0;
}
