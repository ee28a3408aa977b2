/* Pipes, socket pairs, poll, select, epoll, eventfd, timerfd: readiness as Linux tells it. */
#define _GNU_SOURCE
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
static int ends[2];

static void *write_much(void *unused)
{
	char block[1000];
	memset(block, 'b', sizeof block);
	for (int i = 0; i < 500; i++)
		CHECK(write(ends[1], block, sizeof block) == sizeof block);
	CHECK(close(ends[1]) == 0);
	return 0;
}

static void *write_soon(void *fd)
{
	sleep_ms(20);
	CHECK(write((int)(long)fd, "12345678", 8) == 8);
	return 0;
}

static int events(int fd, int wanted, int timeout)
{
	struct pollfd one = {fd, wanted, 0};
	int count = poll(&one, 1, timeout);
	return count < 0 ? -errno : one.revents;
}

int main(void)
{
	char text[2000];
	pthread_t thread;
	long sum = 0;
	ssize_t got;
	int n;
	signal(SIGPIPE, SIG_IGN);
	CHECK(pipe(ends) == 0);
	OK(pthread_create(&thread, 0, write_much, 0));
	while ((got = read(ends[0], text, sizeof text)) > 0)
		sum += got;
	OK(pthread_join(thread, 0));
	printf("through the pipe: %ld, then %zd\n", sum, got);
	CHECK(close(ends[0]) == 0 && pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
	printf("empty: %s\n", read(ends[0], text, 1) < 0 ? strerror(errno) : "read");
	printf("poll empty %x, poll writer %x\n", events(ends[0], POLLIN, 0), events(ends[1], POLLOUT, 0));
	for (sum = 0; (got = write(ends[1], text, 1000)) > 0; sum += got)
		;
	printf("full: %s after %s\n", strerror(errno), sum >= 4096 ? "enough" : "little");
	printf("poll full %x, reader %x\n", events(ends[1], POLLOUT, 0), events(ends[0], POLLIN, 0));
	CHECK(ioctl(ends[0], FIONREAD, &n) == 0 && n == sum);
	CHECK(close(ends[0]) == 0);
	printf("nobody reads: %s, poll %x\n", write(ends[1], text, 1) < 0 ? strerror(errno) : "written", events(ends[1], POLLOUT, 0));
	CHECK(close(ends[1]) == 0);
	printf("closed: poll %x\n", events(ends[1], POLLIN, 0));

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK(write(ends[0], "ping", 4) == 4 && read(ends[1], text, sizeof text) == 4 && write(ends[1], "pong!", 5) == 5 && read(ends[0], text, sizeof text) == 5);
	printf("pair %.5s\n", text);
	printf("in time %x\n", events(ends[0], POLLIN, 10));
	OK(pthread_create(&thread, 0, write_soon, (void *)(long)ends[1]));
	printf("woken %x\n", events(ends[0], POLLIN, 5000));
	OK(pthread_join(thread, 0));
	fd_set readers;
	FD_ZERO(&readers);
	FD_SET(ends[0], &readers);
	FD_SET(ends[1], &readers);
	struct timeval zero = {0, 0};
	n = select(ends[1] + 1, &readers, 0, 0, &zero);
	printf("select %d: %d %d\n", n, FD_ISSET(ends[0], &readers), FD_ISSET(ends[1], &readers));
	CHECK(recv(ends[0], text, 3, MSG_PEEK) == 3 && recv(ends[0], text, 100, 0) == 8);
	CHECK(shutdown(ends[1], SHUT_WR) == 0);
	printf("shut: %zd\n", read(ends[0], text, 1));

	int epoll = epoll_create1(EPOLL_CLOEXEC), event = eventfd(0, EFD_NONBLOCK), timer = timerfd_create(CLOCK_MONOTONIC, 0);
	CHECK(epoll >= 0 && event >= 0 && timer >= 0);
	struct epoll_event wanted = {EPOLLIN, {.u32 = 1}}, came[4];
	CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted) == 0);
	printf("added twice: %s\n", epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted) < 0 ? strerror(errno) : "fine");
	wanted = (struct epoll_event){EPOLLIN | EPOLLONESHOT, {.u32 = 2}};
	CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &wanted) == 0);
	printf("nothing: %d\n", epoll_wait(epoll, came, 4, 0));
	uint64_t value = 3;
	CHECK(write(event, &value, 8) == 8 && write(event, &value, 8) == 8);
	n = epoll_wait(epoll, came, 4, 1000);
	printf("event: %d, data %u, events %x\n", n, came[0].data.u32, came[0].events);
	CHECK(read(event, &value, 8) == 8);
	printf("event's value %lu, then %s\n", (unsigned long)value, read(event, &value, 8) < 0 ? strerror(errno) : "more");
	struct itimerspec often = {{0, 5000000}, {0, 5000000}};
	CHECK(timerfd_settime(timer, 0, &often, 0) == 0);
	n = epoll_wait(epoll, came, 4, 1000);
	printf("timer: %d, data %u\n", n, came[0].data.u32);
	sleep_ms(30);
	CHECK(read(timer, &value, 8) == 8);
	printf("expired %s\n", value >= 3 ? "several times" : "too seldom");
	sleep_ms(10);
	printf("one shot: %d\n", epoll_wait(epoll, came, 4, 20));
	wanted.data.u32 = 9;
	CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, timer, &wanted) == 0);
	n = epoll_wait(epoll, came, 4, 1000);
	printf("armed again: %d, data %u\n", n, came[0].data.u32);
	CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, timer, 0) == 0);
	printf("deleted twice: %s\n", epoll_ctl(epoll, EPOLL_CTL_DEL, timer, 0) < 0 ? strerror(errno) : "fine");
	value = UINT64_MAX - 1;
	CHECK(write(event, &value, 8) == 8);
	value = 1;
	printf("event full: %s\n", write(event, &value, 8) < 0 ? strerror(errno) : "written");
	return 0;
}
