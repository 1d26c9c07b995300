/*
 * Runs sequences of system calls on a tmpfs of its own and says what Linux answers.
 *
 * usage: tmpfs_oracle DIRECTORY, as root. Each sequence has a tmpfs of its own, mounted there in a mount namespace of its
 * own, which has nothing else: the host's tree is unmounted in it. So every simulated process, whatever its root or its
 * working directory becomes, can reach nothing of the host by a path.
 *
 * The first line of output is "ready" with the settings of fs.protected_*, or "missing" with what is missing. A sequence
 * is lines on standard input:
 *
 *   tmpfs PAGES INODES MODE
 *   process UID GID GROUP,GROUP,...      one for each process; "-" for no groups
 *   N CALL ARGUMENT ...                  process N makes a call
 *   run
 *
 * and the answer a line with the time of its start, a line for each call, one for each inode of the final tree, and
 * ".". Strings are quoted; %HH is a byte and %xHH,N; N times that byte. A call is a function and a row of `calls`.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum {
  PROCESSES = 8,
  DESCRIPTORS = 32, /* RLIMIT_NOFILE of a simulated process */
  COMMANDS = 200,   /* descriptors of a simulated process beyond that limit, for our own use */
  ANSWERS,
  MAIL_IN,
  MAIL_OUT,
  OPEN_FILES, /* /proc/self/fd */
  HANG_SECONDS = 60,
  BUFFER = 1 << 20,
  MOST_VECTORS = 1100,
};

static const char *directory;
static FILE *answers;
static char *cursor;
static unsigned char buffer[BUFFER];

static void die(const char *what) {
  fprintf(stderr, "tmpfs_oracle: %s: %s\n", what, strerror(errno));
  exit(1);
}

/* ---- the text of arguments and answers -------------------------------------------------------------------------- */

static void skip_spaces(void) {
  while (*cursor == ' ') cursor++;
}

static long long number(void) { return strtoll(cursor, &cursor, 0); }

static char *word(void) {
  skip_spaces();
  char *start = cursor;
  while (*cursor != ' ' && *cursor != '\n' && *cursor) cursor++;
  if (*cursor) *cursor++ = 0;
  return start;
}

static int hex(const char *at) {
  char two[3] = {at[0], at[1], 0};
  return (int)strtol(two, NULL, 16);
}

/* A quoted string; the caller frees it. */
static char *text(void) {
  skip_spaces();
  size_t room = 16, length = 0;
  char *result = malloc(room);
  for (cursor++; *cursor != '"'; cursor++) {
    int byte = (unsigned char)*cursor;
    long times = 1;
    if (byte == '%' && cursor[1] == 'x') {
      byte = hex(cursor + 2);
      times = strtol(cursor + 5, &cursor, 10);
    } else if (byte == '%') {
      byte = hex(cursor + 1);
      cursor += 2;
    }
    if (length + times + 1 > room) result = realloc(result, room = 2 * (length + times + 1));
    memset(result + length, byte, times);
    length += times;
  }
  cursor++;
  result[length] = 0;
  return result;
}

static const struct flag {
  const char *name;
  int value;
} open_flags[] = {
    {"O_WRONLY", O_WRONLY},       {"O_RDWR", O_RDWR},         {"O_CREAT", O_CREAT},       {"O_EXCL", O_EXCL},
    {"O_NOCTTY", O_NOCTTY},       {"O_TRUNC", O_TRUNC},       {"O_APPEND", O_APPEND},     {"O_NONBLOCK", O_NONBLOCK},
    {"O_SYNC", O_SYNC},           {"O_DSYNC", O_DSYNC},       {"O_NOFOLLOW", O_NOFOLLOW}, {"O_NOATIME", O_NOATIME},
    {"O_TMPFILE", O_TMPFILE},     {"O_DIRECTORY", O_DIRECTORY}, {"O_CLOEXEC", O_CLOEXEC}, {"O_PATH", O_PATH},
    {NULL, 0},
};

/* Names of flags with | between them, or 0. */
static int flags(void) {
  int result = 0;
  for (char *each = strtok(word(), "|"); each; each = strtok(NULL, "|")) {
    const struct flag *flag = open_flags;
    while (flag->name && strcmp(flag->name, each)) flag++;
    result |= flag->value;
  }
  return result;
}

static void say_flags(int value) {
  const char *separator = "";
  for (const struct flag *flag = open_flags; flag->name; flag++) {
    if ((value & flag->value) == flag->value) {
      fprintf(answers, "%s%s", separator, flag->name);
      separator = "|";
      value &= ~flag->value;
    }
  }
  if (!*separator) fputc('0', answers);
}

static struct timespec a_time(void) {
  const char *which = word();
  if (!strcmp(which, "now")) return (struct timespec){0, UTIME_NOW};
  if (!strcmp(which, "omit")) return (struct timespec){0, UTIME_OMIT};
  long long nanos = atoll(which);
  long long rest = ((nanos % 1000000000) + 1000000000) % 1000000000;
  return (struct timespec){(nanos - rest) / 1000000000, rest};
}

static int whence(void) {
  static const char *const names[] = {"SET", "CUR", "END", "DATA", "HOLE"};
  static const int values[] = {SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE};
  const char *name = word();
  int i = 0;
  while (strcmp(name, names[i])) i++;
  return values[i];
}

static void say_errno(void) {
  const char *name = errno == EOPNOTSUPP ? "EOPNOTSUPP" : strerrorname_np(errno);
  fputs(name ? name : "unknown", answers);
}

static void say_result(long long result) {
  if (result < 0) {
    say_errno();
  } else {
    fprintf(answers, "%lld", result);
  }
}

static void say_text(const char *bytes, size_t length) {
  fputc('"', answers);
  for (size_t i = 0; i < length;) {
    unsigned char c = (unsigned char)bytes[i];
    size_t run = 1;
    while (i + run < length && (unsigned char)bytes[i + run] == c) run++;
    if (run >= 8) {
      fprintf(answers, "%%x%02x,%zu;", c, run);
      i += run;
      continue;
    }
    if (c <= ' ' || c >= 127 || c == '"' || c == '%') {
      fprintf(answers, "%%%02x", c);
    } else {
      fputc(c, answers);
    }
    i++;
  }
  fputc('"', answers);
}

static char type_letter(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return 'f';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    case S_IFCHR: return 'c';
    case S_IFBLK: return 'b';
  }
  return '?';
}

static long long nanos(struct timespec time) { return time.tv_sec * 1000000000LL + time.tv_nsec; }

static void say_stat(const struct stat *st) {
  fprintf(answers, "%c 0%o %u:%u links=%lu size=%lld blocks=%lld ino=%lx:%lx atime=%lld mtime=%lld ctime=%lld",
          type_letter(st->st_mode), st->st_mode & 07777, st->st_uid, st->st_gid, (unsigned long)st->st_nlink,
          (long long)st->st_size, (long long)st->st_blocks, (unsigned long)st->st_dev, (unsigned long)st->st_ino,
          nanos(st->st_atim), nanos(st->st_mtim), nanos(st->st_ctim));
  if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)) {
    fprintf(answers, " rdev=%u:%u", major(st->st_rdev), minor(st->st_rdev));
  }
}

static uint64_t digest(uint64_t hash, const unsigned char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 1099511628211ULL;
  return hash;
}

static const uint64_t EMPTY = 14695981039346656037ULL;

/* ---- calls -------------------------------------------------------------------------------------------------------- */

static void call_openat(void) {
  int at = (int)number();
  char *path = text();
  int how = flags();
  say_result(openat(at, path, how, (mode_t)number()));
  free(path);
}

static void call_close(void) { say_result(close((int)number())); }

static void call_dupfd(void) {
  int fd = (int)number();
  say_result(fcntl(fd, F_DUPFD, (int)number()));
}

static void call_dup2(void) {
  int from = (int)number();
  say_result(dup2(from, (int)number()));
}

static void call_dup3(void) {
  int from = (int)number();
  int to = (int)number();
  say_result(dup3(from, to, flags()));
}

static void call_send(void) {
  char byte = 0;
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec data = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  int fd = (int)number();
  memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
  say_result(sendmsg(MAIL_OUT, &message, 0) < 0 ? -1 : 0);
}

static void call_receive(void) {
  char byte;
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec data = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  int fd;
  if (recvmsg(MAIL_IN, &message, 0) < 0) {
    say_errno();
  } else if (message.msg_flags & MSG_CTRUNC) {
    fputs("EMFILE", answers);
  } else {
    memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
    fprintf(answers, "%d", fd);
  }
}

/* Reads as many bytes as were asked for, and says how many came and what they are. */
static void say_read(ssize_t count) {
  if (count < 0) {
    say_errno();
  } else {
    fprintf(answers, "%zd %016llx", count, (unsigned long long)digest(EMPTY, buffer, (size_t)count));
  }
}

static void call_read(void) {
  int fd = (int)number();
  say_read(read(fd, buffer, (size_t)number()));
}

static void call_pread(void) {
  int fd = (int)number();
  size_t length = (size_t)number();
  say_read(pread(fd, buffer, length, number()));
}

/* The bytes that a call writes: they depend on a number and their place. */
static void fill(size_t length) {
  unsigned start = (unsigned)number();
  for (size_t i = 0; i < length; i++) buffer[i] = (unsigned char)(start + i * 7 + i / 256);
}

static void call_write(void) {
  int fd = (int)number();
  size_t length = (size_t)number();
  fill(length);
  say_result(write(fd, buffer, length));
}

static void call_pwrite(void) {
  int fd = (int)number();
  size_t length = (size_t)number();
  long long at = number();
  fill(length);
  say_result(pwrite(fd, buffer, length, at));
}

/* So many buffers one behind the other, every other one half as long. */
static struct iovec vectors[MOST_VECTORS];

static int some_vectors(size_t *total) {
  int count = (int)number();
  size_t length = (size_t)number();
  *total = 0;
  for (int i = 0; i < count; i++) {
    vectors[i] = (struct iovec){buffer + *total, i % 2 ? length / 2 : length};
    *total += vectors[i].iov_len;
  }
  return count;
}

static void call_readv(void) {
  size_t total;
  int fd = (int)number();
  int count = some_vectors(&total);
  say_read(readv(fd, vectors, count));
}

static void call_preadv(void) {
  size_t total;
  int fd = (int)number();
  int count = some_vectors(&total);
  say_read(preadv(fd, vectors, count, number()));
}

static void call_writev(void) {
  size_t total;
  int fd = (int)number();
  int count = some_vectors(&total);
  fill(total);
  say_result(writev(fd, vectors, count));
}

static void call_pwritev(void) {
  size_t total;
  int fd = (int)number();
  int count = some_vectors(&total);
  long long at = number();
  fill(total);
  say_result(pwritev(fd, vectors, count, at));
}

static void call_lseek(void) {
  int fd = (int)number();
  long long offset = number();
  say_result(lseek(fd, offset, whence()));
}

static void call_ftruncate(void) {
  int fd = (int)number();
  say_result(ftruncate(fd, number()));
}

static void call_fallocate(void) {
  int fd = (int)number();
  int mode = (int)number();
  long long offset = number();
  say_result(fallocate(fd, mode, offset, number()));
}

static void call_fsync(void) { say_result(fsync((int)number())); }

static void call_fdatasync(void) { say_result(fdatasync((int)number())); }

static void call_futimens(void) {
  int fd = (int)number();
  struct timespec times[2];
  times[0] = a_time();
  times[1] = a_time();
  say_result(futimens(fd, times));
}

static void call_fchmod(void) {
  int fd = (int)number();
  say_result(fchmod(fd, (mode_t)number()));
}

static void call_fchown(void) {
  int fd = (int)number();
  uid_t uid = (uid_t)number();
  say_result(fchown(fd, uid, (gid_t)number()));
}

static void call_fstat(void) {
  struct stat st;
  if (fstat((int)number(), &st) < 0) {
    say_errno();
  } else {
    say_stat(&st);
  }
}

static void call_getfl(void) {
  int status = fcntl((int)number(), F_GETFL);
  if (status < 0) {
    say_errno();
  } else {
    say_flags(status);
  }
}

static void call_setfl(void) {
  int fd = (int)number();
  say_result(fcntl(fd, F_SETFL, flags()));
}

static void call_pipe(void) {
  int ends[2];
  if (pipe2(ends, flags()) < 0) {
    say_errno();
  } else {
    fprintf(answers, "%d %d", ends[0], ends[1]);
  }
}

struct entry {
  char name[256];
  unsigned char type;
  unsigned long ino;
};

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

struct entries {
  struct entry *all;
  size_t count, room;
};

/*
 * Adds entries from here on, at most so many and at least one, and stays behind the last one; -1 if it is no directory, or removed.
 * The caller frees them.
 */
static int list(int fd, struct entries *entries, size_t most) {
  struct {
    uint64_t ino;
    int64_t next;
    unsigned short length;
    unsigned char type;
    char name[];
  } *each;
  static char raw[1 << 16];
  ssize_t got;
  size_t end = entries->count + most;
  while ((got = syscall(SYS_getdents64, fd, raw, sizeof raw)) > 0) {
    for (ssize_t at = 0; at < got; at += each->length) {
      each = (void *)(raw + at);
      if (entries->count == entries->room) {
        entries->room = 2 * entries->room + 16;
        entries->all = realloc(entries->all, entries->room * sizeof *entries->all);
      }
      struct entry *entry = entries->all + entries->count++;
      strcpy(entry->name, each->name);
      entry->type = each->type;
      entry->ino = each->ino;
      if (entries->count == end) {
        lseek(fd, each->next, SEEK_SET);
        return 0;
      }
    }
  }
  return got < 0 ? -1 : 0;
}

/* All entries from here on, sorted. */
static int list_all(int fd, struct entries *entries) {
  if (list(fd, entries, SIZE_MAX / 2)) return -1;
  qsort(entries->all, entries->count, sizeof *entries->all, by_name);
  return 0;
}

static void rewind_directory(int fd, struct stat *st) {
  if (!fstat(fd, st) && S_ISDIR(st->st_mode)) lseek(fd, 0, SEEK_SET);
}

static void call_readdir(void) {
  int fd = (int)number();
  struct entries entries = {NULL, 0, 0};
  struct stat st;
  rewind_directory(fd, &st);
  if (list_all(fd, &entries)) {
    say_errno();
  } else {
    fprintf(answers, "%zu", entries.count);
    for (size_t i = 0; i < entries.count; i++) {
      fputc(' ', answers);
      say_text(entries.all[i].name, strlen(entries.all[i].name));
      fprintf(answers, " %c ino=%lx:%lx", type_letter(DTTOIF(entries.all[i].type)), (unsigned long)st.st_dev,
              entries.all[i].ino);
    }
  }
  free(entries.all);
}

/*
 * Reads so many entries, makes one and removes another, and reads on; and once more from there. In what order they come,
 * and whether those two do, is the filesystem's own business.
 */
static void call_scan(void) {
  int fd = (int)number();
  size_t first = (size_t)number();
  char *made = text(), *removed = text();
  struct entries entries = {NULL, 0, 0}, again = {NULL, 0, 0};
  struct stat st;
  rewind_directory(fd, &st);
  if (list(fd, &entries, first)) {
    say_errno();
  } else {
    size_t before = entries.count;
    off_t from = lseek(fd, 0, SEEK_CUR);
    say_result(mknodat(fd, made, S_IFREG | 0644, 0));
    fputc(' ', answers);
    say_result(unlinkat(fd, removed, 0));
    list(fd, &entries, SIZE_MAX / 2);
    lseek(fd, from, SEEK_SET);
    list(fd, &again, SIZE_MAX / 2);
    int same = entries.count - before == again.count;
    for (size_t i = 0; same && i < again.count; i++) {
      same = !strcmp(entries.all[before + i].name, again.all[i].name);
    }
    fputs(same ? " same " : " other ", answers);
    qsort(entries.all, entries.count, sizeof *entries.all, by_name);
    const char *separator = "";
    for (size_t i = 0; i < entries.count; i++) {
      const char *name = entries.all[i].name;
      if (strcmp(name, made) && strcmp(name, removed)) {
        fputs(separator, answers);
        say_text(name, strlen(name));
        separator = " ";
      }
    }
  }
  free(entries.all);
  free(again.all);
  free(made);
  free(removed);
}

static void call_mknodat(void) {
  int at = (int)number();
  char *path = text();
  mode_t mode = (mode_t)number();
  say_result(mknodat(at, path, mode, (dev_t)number()));
  free(path);
}

static void call_mkdirat(void) {
  int at = (int)number();
  char *path = text();
  say_result(mkdirat(at, path, (mode_t)number()));
  free(path);
}

static void remove_name(int flags) {
  int at = (int)number();
  char *path = text();
  say_result(unlinkat(at, path, flags));
  free(path);
}

static void call_rmdir(void) { remove_name(AT_REMOVEDIR); }

static void call_unlinkat(void) { remove_name(0); }

static void call_symlinkat(void) {
  char *target = text();
  int at = (int)number();
  char *path = text();
  say_result(symlinkat(target, at, path));
  free(path);
  free(target);
}

static void call_readlinkat(void) {
  int at = (int)number();
  char *path = text();
  ssize_t length = readlinkat(at, path, (char *)buffer, sizeof buffer);
  if (length < 0) {
    say_errno();
  } else {
    say_text((char *)buffer, (size_t)length);
  }
  free(path);
}

static void call_linkat(void) {
  int from_at = (int)number();
  char *from = text();
  int at = (int)number();
  char *to = text();
  say_result(linkat(from_at, from, at, to, number() ? AT_SYMLINK_FOLLOW : 0));
  free(from);
  free(to);
}

static void call_renameat2(void) {
  int from_at = (int)number();
  char *from = text();
  int at = (int)number();
  char *to = text();
  say_result(renameat2(from_at, from, at, to, (unsigned)number()));
  free(from);
  free(to);
}

static void call_utimensat(void) {
  int at = (int)number();
  char *path = text();
  struct timespec times[2];
  times[0] = a_time();
  times[1] = a_time();
  say_result(utimensat(at, path, times, number() ? 0 : AT_SYMLINK_NOFOLLOW));
  free(path);
}

static void call_fstatat(void) {
  int at = (int)number();
  char *path = text();
  struct stat st;
  if (fstatat(at, path, &st, number() ? 0 : AT_SYMLINK_NOFOLLOW) < 0) {
    say_errno();
  } else {
    say_stat(&st);
  }
  free(path);
}

static void call_access(void) {
  char *path = text();
  int mask = (int)number();
  say_result(syscall(SYS_faccessat2, AT_FDCWD, path, mask, AT_EACCESS | (number() ? 0 : AT_SYMLINK_NOFOLLOW)));
  free(path);
}

static void call_truncate(void) {
  char *path = text();
  say_result(truncate(path, number()));
  free(path);
}

static void call_fchmodat(void) {
  int at = (int)number();
  char *path = text();
  say_result(fchmodat(at, path, (mode_t)number(), 0));
  free(path);
}

static void call_fchownat(void) {
  int at = (int)number();
  char *path = text();
  uid_t uid = (uid_t)number();
  gid_t gid = (gid_t)number();
  say_result(fchownat(at, path, uid, gid, number() ? 0 : AT_SYMLINK_NOFOLLOW));
  free(path);
}

static void say_statfs(int result, const struct statfs *st) {
  if (result < 0) {
    say_errno();
  } else {
    fprintf(answers, "size=%ld name=%ld blocks=%llu free=%llu inodes=%llu free=%llu", (long)st->f_bsize,
            (long)st->f_namelen, (unsigned long long)st->f_blocks, (unsigned long long)st->f_bfree, (unsigned long long)st->f_files,
            (unsigned long long)st->f_ffree);
  }
}

static void call_statfs(void) {
  char *path = text();
  struct statfs st;
  int result = statfs(path, &st);
  say_statfs(result, &st);
  free(path);
}

static void call_fstatfs(void) {
  struct statfs st;
  int result = fstatfs((int)number(), &st);
  say_statfs(result, &st);
}

static void call_dupfd_cloexec(void) {
  int fd = (int)number();
  say_result(fcntl(fd, F_DUPFD_CLOEXEC, (int)number()));
}

static void call_getfd(void) { say_result(fcntl((int)number(), F_GETFD)); }

static void call_setfd(void) {
  int fd = (int)number();
  say_result(fcntl(fd, F_SETFD, (int)number()));
}

static void call_linkempty(void) {
  int fd = (int)number();
  int at = (int)number();
  char *path = text();
  say_result(linkat(fd, "", at, path, AT_EMPTY_PATH));
  free(path);
}

/* By the link in /proc/self/fd. */
static void call_linkfd(void) {
  char link[16];
  snprintf(link, sizeof link, "%d", (int)number());
  char *path = text();
  say_result(linkat(OPEN_FILES, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
  free(path);
}

static void call_statx(void) {
  int at = (int)number();
  char *path = text();
  struct stat st;
  struct statx more;
  int flags = number() ? 0 : AT_SYMLINK_NOFOLLOW;
  if (statx(at, path, flags, STATX_BASIC_STATS | STATX_BTIME, &more) < 0) {
    say_errno();
  } else if (fstatat(at, path, &st, flags) < 0) {
    say_errno();
  } else {
    say_stat(&st);
    fprintf(answers, " mask=%x btime=%lld root=%d", more.stx_mask & (STATX_BASIC_STATS | STATX_BTIME),
            more.stx_btime.tv_sec * 1000000000LL + more.stx_btime.tv_nsec,
            (more.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0);
  }
  free(path);
}

static void call_faccessat2(void) {
  int at = (int)number();
  char *path = text();
  int mask = (int)number();
  say_result(syscall(SYS_faccessat2, at, path, mask, (int)number()));
  free(path);
}

/* Extended attributes: a path to follow or not, or a descriptor, then a name. */

static void call_setxattr(void) {
  char *path = text(), *name = text();
  size_t length = (size_t)number();
  fill(length);
  int how = (int)number();
  say_result((number() ? setxattr : lsetxattr)(path, name, buffer, length, how));
  free(name);
  free(path);
}

static void call_fsetxattr(void) {
  int fd = (int)number();
  char *name = text();
  size_t length = (size_t)number();
  fill(length);
  say_result(fsetxattr(fd, name, buffer, length, (int)number()));
  free(name);
}

/* A length of 0 asks for the length of the value alone. */
static void say_xattr(ssize_t count, size_t length) {
  if (count >= 0 && length == 0) {
    fprintf(answers, "%zd", count);
  } else {
    say_read(count);
  }
}

static void call_getxattr(void) {
  char *path = text(), *name = text();
  size_t length = (size_t)number();
  say_xattr((number() ? getxattr : lgetxattr)(path, name, buffer, length), length);
  free(name);
  free(path);
}

static void call_fgetxattr(void) {
  int fd = (int)number();
  char *name = text();
  size_t length = (size_t)number();
  say_xattr(fgetxattr(fd, name, buffer, length), length);
  free(name);
}

static void call_removexattr(void) {
  char *path = text(), *name = text();
  say_result((number() ? removexattr : lremovexattr)(path, name));
  free(name);
  free(path);
}

static void call_fremovexattr(void) {
  int fd = (int)number();
  char *name = text();
  say_result(fremovexattr(fd, name));
  free(name);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The names, sorted: their order is the filesystem's own business. */
static void say_names(ssize_t length) {
  char *names[1024];
  size_t count = 0;
  if (length < 0) {
    say_errno();
    return;
  }
  for (char *at = (char *)buffer; at < (char *)buffer + length; at += strlen(at) + 1) names[count++] = at;
  qsort(names, count, sizeof *names, by_text);
  fprintf(answers, "%zu", count);
  for (size_t i = 0; i < count; i++) {
    fputc(' ', answers);
    say_text(names[i], strlen(names[i]));
  }
}

static void call_listxattr(void) {
  char *path = text();
  say_names((number() ? listxattr : llistxattr)(path, (char *)buffer, XATTR_LIST_MAX));
  free(path);
}

static void call_flistxattr(void) { say_names(flistxattr((int)number(), (char *)buffer, XATTR_LIST_MAX)); }

static short lock_type(void) {
  const char *name = word();
  return *name == 'R' ? F_RDLCK : *name == 'W' ? F_WRLCK : F_UNLCK;
}

/* The request of a record lock, and whether it is an open file description's. */
static struct flock lock_request(int *of_description) {
  struct flock request = {.l_type = lock_type()};
  request.l_whence = (short)whence();
  request.l_start = number();
  request.l_len = number();
  *of_description = number() != 0;
  return request;
}

static void call_setlk(void) {
  int fd = (int)number(), of_description;
  struct flock request = lock_request(&of_description);
  say_result(fcntl(fd, of_description ? F_OFD_SETLK : F_SETLK, &request));
}

static void call_getlk(void) {
  int fd = (int)number(), of_description;
  struct flock request = lock_request(&of_description);
  if (fcntl(fd, of_description ? F_OFD_GETLK : F_GETLK, &request) < 0) {
    say_errno();
  } else if (request.l_type == F_UNLCK) {
    fputs("NONE", answers);
  } else {
    fprintf(answers, "%s %lld+%lld pid=%d", request.l_type == F_RDLCK ? "READ" : "WRITE", (long long)request.l_start,
            (long long)request.l_len, request.l_pid);
  }
}

static void call_flock(void) {
  int fd = (int)number();
  short type = lock_type();
  say_result(flock(fd, (type == F_RDLCK ? LOCK_SH : type == F_WRLCK ? LOCK_EX : LOCK_UN) | LOCK_NB));
}

/* An offset, or "own" for that of the description. */
static off_t *offset(off_t *room) {
  skip_spaces();
  if (*cursor == 'o') {
    word();
    return NULL;
  }
  *room = number();
  return room;
}

static void transfer(ssize_t (*call)(int, off_t *, int, off_t *, size_t, unsigned)) {
  off_t from, to;
  int in = (int)number();
  off_t *in_at = offset(&from);
  int out = (int)number();
  off_t *out_at = offset(&to);
  size_t length = (size_t)number();
  say_result(call(in, in_at, out, out_at, length, (unsigned)number()));
}

static void call_copy_file_range(void) { transfer(copy_file_range); }

static void call_splice(void) { transfer(splice); }

static void call_sendfile(void) {
  off_t from;
  int out = (int)number();
  int in = (int)number();
  off_t *in_at = offset(&from);
  say_result(sendfile(out, in, in_at, (size_t)number()));
}

static void with_path(int (*call)(const char *)) {
  char *path = text();
  say_result(call(path));
  free(path);
}

static void call_chdir(void) { with_path(chdir); }

static void call_chroot(void) { with_path(chroot); }

static void call_fchdir(void) { say_result(fchdir((int)number())); }

/* What lies outside the root is told with a mark by the kernel; the C library says ENOENT. */
static void call_getcwd(void) {
  long length = syscall(SYS_getcwd, buffer, sizeof buffer);
  if (length >= 0 && *buffer != '/') {
    length = -1;
    errno = ENOENT;
  }
  if (length < 0) {
    say_errno();
  } else {
    say_text((char *)buffer, (size_t)length - 1);
  }
}

static void call_umask(void) {
  say_result(umask((mode_t)number()));
}

/* Waits until every timestamp from now on is later than every one before; answers with the border. */
static void call_tick(void) {
  struct timespec before, now, pause = {0, 500000};
  clock_gettime(CLOCK_REALTIME, &before);
  do {
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
  } while (nanos(now) <= nanos(before));
  fprintf(answers, "%lld", nanos(now));
}

/* What only the other filesystem does: here it changes nothing. */
static void call_snapshot(void) { say_result(0); }

#define CALL(name) {#name, call_##name}

static const struct call {
  const char *name;
  void (*run)(void);
} calls[] = {
    CALL(openat), CALL(close), CALL(dupfd), CALL(dup2), CALL(dup3), CALL(send), CALL(receive), CALL(read),
    CALL(pread), CALL(write), CALL(pwrite), CALL(readv), CALL(preadv), CALL(writev), CALL(pwritev), CALL(lseek),
    CALL(ftruncate), CALL(fallocate), CALL(fsync), CALL(fdatasync), CALL(futimens), CALL(fstat), CALL(getfl),
    CALL(setfl), CALL(pipe), CALL(readdir), CALL(scan), CALL(mkdirat), CALL(rmdir), CALL(unlinkat), CALL(symlinkat),
    CALL(readlinkat), CALL(linkat), CALL(renameat2), CALL(utimensat), CALL(fstatat), CALL(access), CALL(truncate),
    CALL(fchmodat), CALL(fchownat), CALL(statfs), CALL(chdir), CALL(chroot), CALL(getcwd), CALL(umask), CALL(tick),
    CALL(snapshot), CALL(mknodat), CALL(fchmod), CALL(fchown), CALL(fstatfs), CALL(fchdir), CALL(getfd), CALL(setfd),
    CALL(linkfd), CALL(statx), CALL(linkempty), CALL(faccessat2), CALL(setxattr), CALL(fsetxattr), CALL(getxattr),
    CALL(fgetxattr), CALL(removexattr), CALL(fremovexattr), CALL(listxattr), CALL(flistxattr), CALL(setlk),
    CALL(getlk), CALL(flock), CALL(copy_file_range), CALL(sendfile), CALL(splice), CALL(dupfd_cloexec),
    {NULL, NULL},
};

/* ---- a simulated process ------------------------------------------------------------------------------------------ */

struct process {
  uid_t uid;
  gid_t gid;
  gid_t groups[16];
  int group_count;
  pid_t pid;
  FILE *commands;
  FILE *answers;
};

/* Root has no capability beyond files: CAP_SYS_ADMIN would let it have trusted attributes. */
static void drop_administration(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, sets)) die("capget");
  sets[0].effective &= ~(1U << CAP_SYS_ADMIN);
  sets[0].permitted &= ~(1U << CAP_SYS_ADMIN);
  if (syscall(SYS_capset, &header, sets)) die("capset");
}

static void become(const struct process *process) {
  struct rlimit descriptors = {DESCRIPTORS, DESCRIPTORS};
  if (chdir("/") || setrlimit(RLIMIT_NOFILE, &descriptors) ||
      setgroups((size_t)process->group_count, process->groups) || setresgid(process->gid, process->gid, process->gid) ||
      setresuid(process->uid, process->uid, process->uid)) {
    die("become");
  }
  drop_administration();
  umask(022);
  signal(SIGPIPE, SIG_IGN);
  alarm(HANG_SECONDS);
}

static void serve(void) {
  char *line = NULL;
  size_t room = 0;
  FILE *commands = fdopen(COMMANDS, "r");
  answers = fdopen(ANSWERS, "w");
  while (getline(&line, &room, commands) > 0) {
    cursor = line;
    const char *name = word();
    const struct call *call = calls;
    while (call->name && strcmp(call->name, name)) call++;
    if (call->name) {
      call->run();
    } else {
      fputs("no such call", answers);
    }
    fputc('\n', answers);
    fflush(answers);
  }
  _exit(0);
}

static void start(struct process *process, const int mail[2], int proc) {
  int down[2], up[2];
  if (pipe2(down, O_CLOEXEC) || pipe2(up, O_CLOEXEC)) die("pipe");
  process->pid = fork();
  if (process->pid < 0) die("fork");
  if (process->pid == 0) {
    int own_files = openat(proc, "self/fd", O_PATH | O_DIRECTORY);
    if (own_files < 0 || dup2(own_files, OPEN_FILES) < 0 || dup2(down[0], COMMANDS) < 0 || dup2(up[1], ANSWERS) < 0 || dup2(mail[0], MAIL_IN) < 0 ||
        dup2(mail[1], MAIL_OUT) < 0 || close_range(0, COMMANDS - 1, 0) || close_range(OPEN_FILES + 1, ~0U, 0)) {
      die("descriptors");
    }
    become(process);
    serve();
  }
  close(down[0]);
  close(up[1]);
  process->commands = fdopen(down[1], "w");
  process->answers = fdopen(up[0], "r");
}

/* ---- the final tree ----------------------------------------------------------------------------------------------- */

static void say_content(int fd, off_t size) {
  uint64_t hash = EMPTY;
  off_t data = 0, hole = 0;
  fputs(" data", answers);
  while (hole < size && (data = lseek(fd, hole, SEEK_DATA)) >= 0) {
    hole = lseek(fd, data, SEEK_HOLE);
    fprintf(answers, " %lld-%lld", (long long)data, (long long)hole);
    while (data < hole) {
      size_t want = hole - data < BUFFER ? (size_t)(hole - data) : BUFFER;
      ssize_t got = pread(fd, buffer, want, data);
      if (got <= 0) die("read");
      hash = digest(hash, buffer, (size_t)got);
      data += got;
    }
  }
  fprintf(answers, " %016llx", (unsigned long long)hash);
}

/* A line for what is at a path, and for all below. Recursion is as deep as the generator makes directories. */
static void say_tree(int parent, const char *name, const char *path) {
  struct stat st;
  if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0) die("stat");
  say_text(path, strlen(path));
  fputc(' ', answers);
  say_stat(&st);
  if (S_ISLNK(st.st_mode)) {
    ssize_t length = readlinkat(parent, name, (char *)buffer, sizeof buffer);
    fputc(' ', answers);
    say_text((char *)buffer, (size_t)length);
  }
  if (S_ISREG(st.st_mode)) {
    int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NOATIME);
    if (fd < 0) die("open");
    say_content(fd, st.st_size);
    close(fd);
  }
  fputc('\n', answers);
  if (S_ISDIR(st.st_mode)) {
    struct entries entries = {NULL, 0, 0};
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NOATIME);
    if (fd < 0 || list_all(fd, &entries)) die("list");
    for (size_t i = 0; i < entries.count; i++) {
      const char *entry = entries.all[i].name;
      if (strcmp(entry, ".") && strcmp(entry, "..")) {
        char *below = NULL;
        if (asprintf(&below, "%s/%s", path, entry) < 0) die("memory");
        say_tree(fd, entry, below);
        free(below);
      }
    }
    free(entries.all);
    close(fd);
  }
}

/* ---- sequences ---------------------------------------------------------------------------------------------------- */

static struct process processes[PROCESSES];
static int process_count;
static char **operations;
static size_t operation_count, operation_room;
static char options[128];

/* Makes the tmpfs all that there is; answers with a descriptor of /proc, which is not in it. */
static int enter_tmpfs(void) {
  int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0 || unshare(CLONE_NEWNS)) die("unshare");
  /* Without devices: what stands behind them is no part of the filesystem, and not to be touched. */
  if (mount("oracle", directory, "tmpfs", MS_NODEV, options)) die("mount");
  /* The old root comes to lie over the new one, and is taken away with all that is in it. */
  if (chdir(directory) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/")) die("pivot_root");
  return proc;
}

static void run_sequence(void) {
  char *answer = NULL;
  size_t room = 0;
  struct timespec now;
  int mail[2];
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  int proc = enter_tmpfs();
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, mail)) die("socketpair");
  for (int i = 0; i < process_count; i++) start(&processes[i], mail, proc);
  close(mail[0]);
  close(mail[1]);
  close(proc);
  printf("%lld\n", nanos(now));
  for (size_t i = 0; i < operation_count; i++) {
    char *call;
    struct process *process = &processes[strtol(operations[i], &call, 10)];
    fputs(call + 1, process->commands);
    fflush(process->commands);
    if (getline(&answer, &room, process->answers) > 0) {
      fputs(answer, stdout);
    } else {
      puts("the process has ended");
    }
  }
  int root = open("/", O_RDONLY | O_DIRECTORY);
  say_tree(root, ".", "");
  for (int i = 0; i < process_count; i++) {
    fclose(processes[i].commands);
    fclose(processes[i].answers);
    waitpid(processes[i].pid, NULL, 0);
  }
  puts(".");
  fflush(stdout);
}

/* In a process of its own: with it, the namespace goes, and the tmpfs. */
static void run(void) {
  int status;
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid == 0) {
    run_sequence();
    _exit(0);
  }
  if (waitpid(pid, &status, 0) < 0 || status != 0) die("the sequence has not ended");
}

static void forget(void) {
  for (size_t i = 0; i < operation_count; i++) free(operations[i]);
  operation_count = 0;
  process_count = 0;
}

static void add_process(void) {
  if (process_count == PROCESSES) die("too many processes");
  struct process *process = &processes[process_count++];
  *process = (struct process){.uid = (uid_t)number(), .gid = 0};
  process->gid = (gid_t)number();
  char *groups = word();
  for (char *each = strtok(groups, ","); each && *each != '-'; each = strtok(NULL, ",")) {
    process->groups[process->group_count++] = (gid_t)atol(each);
  }
}

static void add_operation(const char *line) {
  if (operation_count == operation_room) {
    operation_room = 2 * operation_room + 64;
    operations = realloc(operations, operation_room * sizeof *operations);
  }
  operations[operation_count++] = strdup(line);
}

static long setting(const char *name) {
  char path[64];
  long value = 0;
  snprintf(path, sizeof path, "/proc/sys/fs/protected_%s", name);
  FILE *file = fopen(path, "r");
  if (file) {
    if (fscanf(file, "%ld", &value) != 1) value = 0;
    fclose(file);
  }
  return value;
}

/* What is missing for a sequence to run, or NULL. */
static const char *missing(void) {
  if (geteuid() != 0) return "root";
  if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
    return "permission to make a mount namespace (CAP_SYS_ADMIN)";
  }
  if (mount("oracle", directory, "tmpfs", 0, "huge=never")) return "permission to mount a tmpfs";
  umount2(directory, MNT_DETACH);
  return NULL;
}

int main(int count, char **arguments) {
  char *line = NULL;
  size_t room = 0;
  if (count != 2) {
    fputs("usage: tmpfs_oracle DIRECTORY\n", stderr);
    return 2;
  }
  directory = arguments[1];
  answers = stdout;
  const char *what = missing();
  if (what) {
    printf("missing %s\n", what);
    return 0;
  }
  printf("ready hardlinks=%ld symlinks=%ld regular=%ld fifos=%ld\n", setting("hardlinks"), setting("symlinks"),
         setting("regular"), setting("fifos"));
  fflush(stdout);
  while (getline(&line, &room, stdin) > 0) {
    cursor = line;
    if (line[0] >= '0' && line[0] <= '9') {
      add_operation(line);
      continue;
    }
    const char *what_next = word();
    if (!strcmp(what_next, "tmpfs")) {
      forget();
      long pages = (long)number(), inodes = (long)number();
      snprintf(options, sizeof options, "huge=never,size=%ld,nr_inodes=%ld,mode=%o", pages * 4096, inodes,
               (unsigned)number());
    } else if (!strcmp(what_next, "process")) {
      add_process();
    } else if (!strcmp(what_next, "run")) {
      run();
    }
  }
  return 0;
}
