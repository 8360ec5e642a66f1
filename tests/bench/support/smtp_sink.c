// smtp_sink: an SMTP server that takes every message and keeps none. It counts, so that what is measured is the sender:
// one thread, epoll, no limit of its own. Listens on a free port of 127.0.0.1, prints "listening on 127.0.0.1:PORT" and
// serves until it is killed. It says what it counted to the command STAT, which is no SMTP:
//   250 MESSAGES BYTES CONNECTIONS
// BYTES are those of the contents as they came, dots doubled, without the final one. Commands may be sent ahead.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  kInputBytes = 256 * 1024,
  kOutputBytes = 64 * 1024,
  kReplyBytes = 256,  // more than the longest reply has
  kMaxLineBytes = 2048,
  kEvents = 64,
};

static const char kEnd[] = "\r\n.\r\n";
enum { kEndBytes = sizeof(kEnd) - 1, kLineEndBytes = 2 };

struct Connection {
  int socket;
  bool has_sender, has_recipient, in_content, closing;
  size_t input_size, output_size;
  char input[kInputBytes];
  char output[kOutputBytes];
};

static struct { uint64_t messages, bytes, connections; } counts;

static void Fail(const char* what) {
  perror(what);
  exit(1);
}

static void Reply(struct Connection* c, const char* text) {
  c->output_size += (size_t)snprintf(c->output + c->output_size, kOutputBytes - c->output_size, "%s\r\n", text);
}

static void ReplyCounts(struct Connection* c) {
  char text[kReplyBytes];
  snprintf(text, sizeof(text), "250 %llu %llu %llu", (unsigned long long)counts.messages,
           (unsigned long long)counts.bytes, (unsigned long long)counts.connections);
  Reply(c, text);
}

static void Forget(struct Connection* c) { c->has_sender = c->has_recipient = false; }

static bool Is(const char* line, const char* command) { return strncasecmp(line, command, strlen(command)) == 0; }

static void BeginContent(struct Connection* c) {
  if (!c->has_recipient) return Reply(c, "503 5.5.1 RCPT first");
  c->in_content = true;
  Reply(c, "354 go on");
}

static void AddRecipient(struct Connection* c) {
  if (!c->has_sender) return Reply(c, "503 5.5.1 MAIL first");
  c->has_recipient = true;
  Reply(c, "250 2.1.5 ok");
}

static void SetSender(struct Connection* c) {
  if (c->has_sender) return Reply(c, "503 5.5.1 one sender only");
  c->has_sender = true;
  Reply(c, "250 2.1.0 ok");
}

// `line` ends in a null character.
static void Obey(struct Connection* c, const char* line) {
  if (Is(line, "MAIL FROM:")) return SetSender(c);
  if (Is(line, "RCPT TO:")) return AddRecipient(c);
  if (strcasecmp(line, "DATA") == 0) return BeginContent(c);
  if (strcasecmp(line, "STAT") == 0) return ReplyCounts(c);
  if (strcasecmp(line, "NOOP") == 0) return Reply(c, "250 2.0.0 ok");
  if (strcasecmp(line, "RSET") == 0) {
    Forget(c);
    return Reply(c, "250 2.0.0 ok");
  }
  if (Is(line, "EHLO ") || Is(line, "HELO ")) {
    Forget(c);
    const bool extended = Is(line, "EHLO ");
    return Reply(c, extended ? "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME" : "250 sink.example");
  }
  if (strcasecmp(line, "QUIT") == 0) {
    c->closing = true;
    return Reply(c, "221 2.0.0 bye");
  }
  Reply(c, "500 5.5.2 unknown command");
}

// Takes the next line from `text`; its length with the line end, 0 where it is not there yet. The line end of DATA
// stays, so that a content which is only a dot ends like every other.
static size_t TakeLine(struct Connection* c, const char* text, size_t size) {
  const char* end = memmem(text, size, "\r\n", kLineEndBytes);
  if (end == NULL || end - text >= kMaxLineBytes) {
    if (size >= kMaxLineBytes) {
      c->closing = true;
      Reply(c, "500 5.5.2 line too long");
    }
    return 0;
  }
  char line[kMaxLineBytes];
  const size_t length = (size_t)(end - text);
  memcpy(line, text, length);
  line[length] = '\0';
  Obey(c, line);
  return c->in_content ? length : length + kLineEndBytes;
}

// Takes content as far as it is surely content, or to its end; how many bytes.
static size_t TakeContent(struct Connection* c, const char* text, size_t size) {
  const char* end = memmem(text, size, kEnd, kEndBytes);
  if (end == NULL) {
    const size_t sure = size < kEndBytes ? 0 : size - (kEndBytes - 1);
    counts.bytes += sure;
    return sure;
  }
  const size_t length = (size_t)(end - text);
  // The line end before the dot belongs to the content, that of DATA was not part of it.
  counts.bytes += length;
  ++counts.messages;
  c->in_content = false;
  Forget(c);
  Reply(c, "250 2.0.0 counted");
  return length + kEndBytes;
}

static void Work(struct Connection* c) {
  size_t done = 0;
  while (!c->closing && done < c->input_size && c->output_size + kReplyBytes < kOutputBytes) {
    const char* text = c->input + done;
    const size_t size = c->input_size - done;
    const size_t taken = c->in_content ? TakeContent(c, text, size) : TakeLine(c, text, size);
    if (taken == 0) break;
    done += taken;
  }
  memmove(c->input, c->input + done, c->input_size - done);
  c->input_size -= done;
}

// False where the connection is over.
static bool Flush(struct Connection* c) {
  const ssize_t sent = send(c->socket, c->output, c->output_size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  memmove(c->output, c->output + sent, c->output_size - (size_t)sent);
  c->output_size -= (size_t)sent;
  return !(c->closing && c->output_size == 0);
}

static bool Receive(struct Connection* c) {
  const ssize_t count = recv(c->socket, c->input + c->input_size, kInputBytes - c->input_size, MSG_DONTWAIT);
  if (count == 0) return false;
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  c->input_size += (size_t)count;
  return true;
}

static void Watch(int epoll, struct Connection* c) {
  // One that does not read its replies is not read from either.
  struct epoll_event event = {.events = c->output_size > 0 ? EPOLLOUT : EPOLLIN, .data.ptr = c};
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, c->socket, &event) != 0) Fail("epoll_ctl");
}

static void Serve(int epoll, struct Connection* c, uint32_t events) {
  bool alive = (events & EPOLLIN) == 0 || Receive(c);
  if (alive && c->output_size > 0) alive = Flush(c);
  // What waited for room among the replies goes on as soon as there is some.
  for (size_t before = c->input_size + 1; alive && c->input_size < before && c->output_size < kOutputBytes / 2;) {
    before = c->input_size;
    Work(c);
    if (c->output_size > 0) alive = Flush(c);
  }
  if (alive && (events & (EPOLLERR | EPOLLHUP)) == 0) return Watch(epoll, c);
  close(c->socket);
  free(c);
}

static void Accept(int epoll, int listener) {
  const int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (socket < 0) return;
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  struct Connection* c = calloc(1, sizeof(*c));
  if (c == NULL) Fail("calloc");
  c->socket = socket;
  ++counts.connections;
  Reply(c, "220 sink.example ESMTP");
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) Fail("epoll_ctl");
}

static int Listen(void) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof(address);
  if (listener < 0 || bind(listener, (struct sockaddr*)&address, size) != 0 || listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, (struct sockaddr*)&address, &size) != 0) {
    Fail("listen");
  }
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  const int listener = Listen();
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) Fail("epoll");
  for (;;) {
    struct epoll_event events[kEvents];
    const int count = epoll_wait(epoll, events, kEvents, -1);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr == NULL) {
        Accept(epoll, listener);
      } else {
        Serve(epoll, events[i].data.ptr, events[i].events);
      }
    }
  }
}
