/* Unix-domain datagrams and records (SOCK_SEQPACKET), and abstract names. */
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

static int pipes_broken;
static char big[300000];

static void on_pipe(int number)
{
	(void)number;
	pipes_broken++;
}

/* "@x" is the abstract name "\0x". */
static socklen_t name_of(struct sockaddr_un *name, const char *text)
{
	memset(name, 0, sizeof *name);
	name->sun_family = AF_UNIX;
	strcpy(name->sun_path, text);
	if (*text != '@')
		return sizeof *name;
	name->sun_path[0] = 0;
	return offsetof(struct sockaddr_un, sun_path) + strlen(text);
}

static void show(const char *what, const struct sockaddr_un *name, socklen_t length)
{
	printf("%s: %u ", what, length);
	for (int i = 0; i < (int)length - 2; i++)
		putchar(name->sun_path[i] ? name->sun_path[i] : '@');
	putchar('\n');
}

static void show_names(int fd)
{
	struct sockaddr_un name;
	socklen_t length = sizeof name;
	CHECK(!getsockname(fd, (void *)&name, &length));
	show("own", &name, length);
	length = sizeof name;
	if (getpeername(fd, (void *)&name, &length))
		printf("no peer (%d)\n", errno);
	else
		show("peer", &name, length);
}

static void receive(int fd, int flags)
{
	struct sockaddr_un name;
	socklen_t length = sizeof name;
	char text[64] = "";
	errno = 0;
	ssize_t got = recvfrom(fd, text, sizeof text - 1, flags, (void *)&name, &length);
	printf("received %zd (%d) '%s' ", got, errno, text);
	if (got >= 0)
		show("from", &name, length);
	else
		putchar('\n');
}

static int polled(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN | POLLOUT };
	CHECK(poll(&ready, 1, 0) >= 0);
	return ready.revents;
}

static int connected(int fd, const char *text)
{
	struct sockaddr_un name;
	return connect(fd, (void *)&name, name_of(&name, text));
}

static int bound(int fd, const char *text)
{
	struct sockaddr_un name;
	return bind(fd, (void *)&name, name_of(&name, text));
}

static ssize_t sent(int fd, const char *bytes, const char *text)
{
	struct sockaddr_un name;
	return sendto(fd, bytes, strlen(bytes), MSG_DONTWAIT, (void *)&name, name_of(&name, text));
}

static void whole_message(int fd)
{
	char small[3];
	struct iovec part = { small, sizeof small };
	struct sockaddr_un name;
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_name = &name, .msg_namelen = sizeof name };
	ssize_t got = recvmsg(fd, &message, 0);
	printf("message: %zd, truncated %d, %.3s ", got, !!(message.msg_flags & MSG_TRUNC), small);
	show("from", &name, message.msg_namelen);
}

static void datagram_pair(void)
{
	int pair[2], count = 0, value;
	socklen_t length = sizeof value;
	CHECK(!socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
	CHECK(!getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &length) && value == SOCK_DGRAM);
	show_names(pair[0]);
	TELL(write(pair[0], "one", 3));
	TELL(send(pair[0], "two longer", 10, 0));
	TELL(write(pair[0], "", 0));
	TELL(polled(pair[1]));
	CHECK(!ioctl(pair[1], FIONREAD, &count));
	printf("next has %d\n", count);
	receive(pair[1], MSG_PEEK);
	receive(pair[1], 0);
	whole_message(pair[1]);
	receive(pair[1], 0);
	receive(pair[1], MSG_DONTWAIT);
	TELL(send(pair[0], "abcdef", 6, 0));
	TELL(recv(pair[1], big, 2, MSG_TRUNC));
	TELL(send(pair[0], big, 212960, 0));
	TELL(recv(pair[1], big, sizeof big, 0));
	TELL(send(pair[0], big, 212961, 0));
	for (count = 0; send(pair[0], "x", 1, MSG_DONTWAIT) == 1; count++)
		;
	printf("%d, then %d, writable %d\n", count, errno, polled(pair[0]) & POLLOUT);
	while (recv(pair[1], big, 1, MSG_DONTWAIT) == 1)
		count--;
	printf("left %d, writable %d\n", count, polled(pair[0]) & POLLOUT);
	TELL(shutdown(pair[1], SHUT_RD));
	TELL(send(pair[0], "x", 1, 0));
	TELL(recv(pair[1], big, 1, 0));
	TELL(recv(pair[1], big, 1, MSG_DONTWAIT));
	TELL(shutdown(pair[0], SHUT_WR));
	TELL(write(pair[0], "x", 1));
	TELL(close(pair[1]));
	CHECK(!close(pair[0]));
	CHECK(!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) && !close(pair[1]));
	TELL(send(pair[0], "x", 1, 0));
	TELL(send(pair[0], "x", 1, 0));
	TELL(polled(pair[0]));
	CHECK(!close(pair[0]));
	printf("signals: %d\n", pipes_broken);
}

static void *send_later(void *argument)
{
	sleep_ms(50);
	CHECK(sent((int)(long)argument, "late", "place") == 4);
	return 0;
}

static void *read_later(void *argument)
{
	sleep_ms(50);
	CHECK(recv((int)(long)argument, big, sizeof big, 0) == 1);
	return 0;
}

static void datagrams(void)
{
	int server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
	int stream = socket(AF_UNIX, SOCK_STREAM, 0), count;
	struct sockaddr_un none = { .sun_family = AF_UNSPEC };
	pthread_t thread;
	CHECK(server >= 0 && client >= 0 && other >= 0 && stream >= 0);
	show_names(server);
	TELL(sent(client, "x", "place"));
	TELL(send(client, "x", 1, 0));
	TELL(bound(server, "place"));
	TELL(bound(client, "place"));
	TELL(bound(server, "elsewhere"));
	TELL(bound(stream, "stream"));
	show_names(server);
	TELL(sent(client, "hello", "place"));
	TELL(bound(client, "client"));
	TELL(sent(client, "again", "place"));
	TELL(sent(client, "x", "stream"));
	TELL(connected(stream, "place"));
	TELL(connected(client, "stream"));
	receive(server, 0);
	receive(server, 0);
	TELL(sent(server, "answer", "client"));
	receive(client, 0);
	TELL(connected(client, "place"));
	show_names(client);
	TELL(send(client, "to the peer", 11, 0));
	receive(server, 0);
	TELL(connected(server, "client"));
	TELL(sent(other, "x", "place"));
	TELL(connected(other, "place"));
	TELL(connect(server, (void *)&none, sizeof none));
	TELL(connected(other, "place"));
	OK(pthread_create(&thread, 0, send_later, (void *)(long)other));
	receive(server, 0);
	OK(pthread_join(thread, 0));
	for (count = 0; sent(other, "x", "place") == 1; count++)
		;
	printf("%d, then %d, writable %d\n", count, errno, polled(other) & POLLOUT);
	OK(pthread_create(&thread, 0, read_later, (void *)(long)server));
	TELL(send(other, "x", 1, 0));
	OK(pthread_join(thread, 0));
	TELL(listen(server, 1));
	TELL(accept(server, 0, 0));
	TELL(close(server));
	TELL(send(other, "x", 1, 0));
	TELL(send(other, "x", 1, 0));
	TELL(sent(other, "x", "place"));
	TELL(unlink("place"));
	TELL(sent(other, "x", "place"));
	close(client);
	close(other);
	close(stream);
}

static struct sockaddr_un seen;          /* what the last server saw as its name */
static socklen_t seen_length;

static void *serve(void *argument)
{
	int fd = accept((int)(long)argument, 0, 0);
	ssize_t got;
	CHECK(fd >= 0);
	seen_length = sizeof seen;
	CHECK(!getsockname(fd, (void *)&seen, &seen_length));
	while ((got = read(fd, big, sizeof big)) > 0)
		CHECK(write(fd, big, got) == got);
	CHECK(got == 0 && !close(fd));
	return 0;
}

static void abstract_names(void)
{
	int one = socket(AF_UNIX, SOCK_DGRAM, 0), two = socket(AF_UNIX, SOCK_DGRAM, 0), stream = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t length = sizeof name;
	pthread_t thread;
	TELL(bound(one, "@name"));
	TELL(bound(two, "@name"));
	TELL(bound(two, "@name2"));
	TELL(bound(stream, "@name"));
	TELL(access("name", F_OK));
	show_names(one);
	TELL(sent(two, "x", "@name"));
	TELL(sent(two, "x", "@nam"));
	receive(one, 0);
	TELL(connected(client, "@name"));
	TELL(connected(client, "@name2"));
	TELL(listen(stream, 1));
	OK(pthread_create(&thread, 0, serve, (void *)(long)stream));
	TELL(connected(client, "@name"));
	show_names(client);
	TELL(write(client, "abc", 3));
	receive(client, 0);
	CHECK(!close(client));
	OK(pthread_join(thread, 0));
	show("server", &seen, seen_length);
	CHECK(!close(one));
	TELL(sent(two, "x", "@name"));
	CHECK((one = socket(AF_UNIX, SOCK_DGRAM, 0)) >= 0);
	TELL(bind(one, (void *)&name, sizeof(sa_family_t)));
	CHECK(!getsockname(one, (void *)&name, &length));
	printf("chosen: %u, %d\n", length, name.sun_path[0]);
	CHECK(sendto(two, "x", 1, 0, (void *)&name, length) == 1);
	receive(one, 0);
	close(one);
	close(two);
	close(stream);
}

static void records(void)
{
	int pair[2], count = 0, listener, fd;
	pthread_t thread;
	CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	show_names(pair[0]);
	TELL(write(pair[0], "one", 3));
	TELL(write(pair[0], "two longer", 10));
	TELL(write(pair[0], "abcdef", 6));
	CHECK(!ioctl(pair[1], FIONREAD, &count));
	printf("there are %d\n", count);
	TELL(polled(pair[1]));
	receive(pair[1], MSG_PEEK);
	receive(pair[1], 0);
	whole_message(pair[1]);
	TELL(recv(pair[1], big, 2, MSG_TRUNC));
	receive(pair[1], MSG_DONTWAIT);
	TELL(send(pair[0], big, 212960, 0));
	TELL(recv(pair[1], big, sizeof big, 0));
	TELL(send(pair[0], big, 212961, 0));
	TELL(write(pair[0], "last", 4));
	TELL(shutdown(pair[0], SHUT_WR));
	receive(pair[1], 0);
	receive(pair[1], 0);
	TELL(write(pair[1], "back", 4));
	TELL(close(pair[0]));
	TELL(write(pair[1], "x", 1));
	TELL(send(pair[1], "x", 1, 0));
	CHECK(!close(pair[1]));

	listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	CHECK(listener >= 0 && fd >= 0);
	TELL(write(fd, "x", 1));
	TELL(read(fd, big, 1));
	TELL(bound(listener, "records"));
	TELL(connected(fd, "records"));
	TELL(listen(listener, 1));
	OK(pthread_create(&thread, 0, serve, (void *)(long)listener));
	TELL(connected(fd, "records"));
	TELL(sent(fd, "to whom it concerns", "nobody"));
	receive(fd, 0);
	CHECK(!close(fd));
	OK(pthread_join(thread, 0));
	show("server", &seen, seen_length);
	CHECK(!close(listener));
	printf("signals: %d\n", pipes_broken);
}

int main(void)
{
	signal(SIGPIPE, on_pipe);
	datagram_pair();
	datagrams();
	abstract_names();
	records();
	TELL(socket(AF_INET, SOCK_SEQPACKET, 0) < 0);
	return 0;
}
