/* Sockets over the loopback interface: streams, datagrams, refusals, readiness, options, names. */
#define _GNU_SOURCE
#include "check.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
static struct sockaddr_in address;

static void *client(void *number)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[100], reply[100];
	CHECK(fd >= 0 && connect(fd, (void *)&address, sizeof address) == 0);
	int length = sprintf(text, "client %ld", (long)number), got = 0;
	for (int round = 0; round < 20; round++) {
		CHECK(send(fd, text, length, 0) == length);
		for (got = 0; got < length;) {
			int more = recv(fd, reply + got, length - got, 0);
			CHECK(more > 0);
			got += more;
		}
		CHECK(!memcmp(text, reply, length));
	}
	CHECK(shutdown(fd, SHUT_WR) == 0 && recv(fd, reply, 1, 0) == 0 && close(fd) == 0);
	return 0;
}

static void *echo(void *fd)
{
	char text[64];
	ssize_t got;
	while ((got = recv((int)(long)fd, text, sizeof text, 0)) > 0)
		CHECK(send((int)(long)fd, text, got, MSG_NOSIGNAL) == got);
	CHECK(close((int)(long)fd) == 0);
	return 0;
}

static void *serve(void *listener)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		struct sockaddr_in from;
		socklen_t size = sizeof from;
		int fd = accept((int)(long)listener, (void *)&from, &size);
		CHECK(fd >= 0 && size == sizeof from && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
		OK(pthread_create(&threads[i], 0, echo, (void *)(long)fd));
	}
	for (int i = 0; i < THREADS; i++)
		OK(pthread_join(threads[i], 0));
	return 0;
}

int main(void)
{
	int one = 1, value;
	socklen_t size = sizeof address;
	char text[2000];
	signal(SIGPIPE, SIG_IGN);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	CHECK(listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0);
	address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	CHECK(bind(listener, (void *)&address, sizeof address) == 0 && listen(listener, 16) == 0);
	CHECK(getsockname(listener, (void *)&address, &size) == 0 && address.sin_port != 0);
	pthread_t server;
	OK(pthread_create(&server, 0, serve, (void *)(long)listener));
	run_threads(THREADS, client);
	OK(pthread_join(server, 0));
	printf("%d clients served\n", THREADS);
	int other = socket(AF_INET, SOCK_STREAM, 0);
	printf("bound twice: %s\n", bind(other, (void *)&address, sizeof address) ? strerror(errno) : "fine");
	CHECK(close(listener) == 0);
	printf("nobody listens: %s\n", connect(other, (void *)&address, sizeof address) ? strerror(errno) : "connected");
	printf("not connected: %s\n", send(other, "x", 1, 0) < 0 ? strerror(errno) : "sent");
	CHECK(close(other) == 0);
	printf("no such family: %s\n", socket(99, SOCK_STREAM, 0) < 0 ? strerror(errno) : "made");
	printf("not a socket: %s\n", listen(0, 1) ? strerror(errno) : "fine");

	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
	size = sizeof to;
	CHECK(a >= 0 && b >= 0 && bind(a, (void *)&to, sizeof to) == 0 && getsockname(a, (void *)&to, &size) == 0);
	CHECK(sendto(b, "datagram", 8, 0, (void *)&to, sizeof to) == 8 && sendto(b, "", 0, 0, (void *)&to, sizeof to) == 0);
	size = sizeof from;
	CHECK(recvfrom(a, text, 4, MSG_TRUNC, (void *)&from, &size) == 8 && from.sin_port != 0);
	CHECK(recvfrom(a, text, sizeof text, 0, (void *)&from, &size) == 0);
	CHECK(connect(a, (void *)&from, sizeof from) == 0 && send(a, "back", 4, 0) == 4);
	struct pollfd ready = {b, POLLIN, 0};
	CHECK(poll(&ready, 1, 5000) == 1 && recv(b, text, sizeof text, 0) == 4);
	printf("datagrams %.4s, then %s\n", text, recv(b, text, 1, 0) < 0 ? strerror(errno) : "more");
	struct timeval wait = {0, 20000};
	CHECK(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
	printf("in time: %s\n", recv(a, text, 1, 0) < 0 ? strerror(errno) : "came");

	listener = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	size = sizeof six;
	CHECK(listener >= 0 && bind(listener, (void *)&six, sizeof six) == 0 && listen(listener, 1) == 0 && getsockname(listener, (void *)&six, &size) == 0);
	other = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	value = connect(other, (void *)&six, sizeof six);
	CHECK(value == 0 || errno == EINPROGRESS);
	ready = (struct pollfd){other, POLLOUT, 0};
	CHECK(poll(&ready, 1, 5000) == 1);
	size = sizeof value;
	CHECK(getsockopt(other, SOL_SOCKET, SO_ERROR, &value, &size) == 0 && value == 0);
	int peer = accept4(listener, 0, 0, SOCK_NONBLOCK);
	CHECK(peer >= 0 && (fcntl(peer, F_GETFL) & O_NONBLOCK));
	CHECK(setsockopt(other, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0 && getsockopt(other, IPPROTO_TCP, TCP_NODELAY, &value, &size) == 0);
	printf("version 6, no delay %d\n", !!value);
	CHECK(getsockopt(other, SOL_SOCKET, SO_TYPE, &value, &size) == 0 && value == SOCK_STREAM);
	struct iovec parts[2] = {{"one ", 4}, {"two", 3}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	CHECK(sendmsg(other, &message, 0) == 7);
	ready = (struct pollfd){peer, POLLIN, 0};
	CHECK(poll(&ready, 1, 5000) == 1 && read(peer, text, 100) == 7);
	printf("parts %.7s\n", text);
	CHECK(close(other) == 0 && poll(&ready, 1, 5000) == 1);
	printf("hung up: %zd\n", read(peer, text, 1));
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found;
	CHECK(getaddrinfo("127.0.0.1", "80", &hints, &found) == 0);
	printf("numeric %s:%d\n", inet_ntoa(((struct sockaddr_in *)found->ai_addr)->sin_addr), ntohs(((struct sockaddr_in *)found->ai_addr)->sin_port));
	freeaddrinfo(found);
	printf("not numeric: %s\n", gai_strerror(getaddrinfo("some.name", "80", &hints, &found)));
	return 0;
}
