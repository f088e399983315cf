/*
 * A disk that loses power, for one folder of one process. Loaded with LD_PRELOAD; see README.md beside this file.
 *
 * Files below FAULT_FS_ROOT behave as on a disk with a volatile cache: a write is certain only after fsync of its file, a
 * new, removed or renamed name only after fsync of its folder. Every write, truncation, sync, creation, removal and rename
 * is counted. At the chosen one the power goes: what was not synced survives by chance, whole, in single 512-byte sectors
 * or not at all; names survive up to a point in their order, as a journalling file system keeps them. From then on every
 * call on the folder fails with EIO (or the process ends at once) until the driver resets the control block.
 *
 * Shared memory files (-shm) and lock files are not storage and pass through. fsync does not reach the real disk: what
 * survives is decided here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, SYNC, TRUNCATE, CREATE, RENAME, UNLINK, KINDS };
enum mode { DIE_IN_PLACE, EXIT, FAIL };

/* Shared with the driver, which reads and writes it as a file. All numbers are 64 bit. */
struct control {
  uint64_t reset;      /* driver: 1 = forget everything, all is on the disk; the library answers with 0 */
  uint64_t cut_at;     /* driver: operation since the reset; 0 = never */
  uint64_t seed;       /* driver */
  uint64_t mode;       /* driver: enum mode */
  uint64_t survival;   /* driver: chance of an unsynced write, per 1000; above 1000 = drawn from the seed */
  uint64_t fail_count; /* driver, mode FAIL: so many operations fail, from cut_at on */
  uint64_t fail_errno; /* driver, mode FAIL */
  uint64_t dead;       /* library */
  uint64_t operations; /* library: since the reset */
  uint64_t cut_kind;   /* library: kind of the operation that was cut */
  uint64_t counts[KINDS]; /* library: of all time */
  uint64_t undone;     /* library: writes that did not survive, of all time */
  uint64_t torn;       /* library: writes that survived in part, of all time */
  uint64_t paused;     /* driver: 1 = files that are opened now are none of the library's business */
};

struct node { /* a file, whatever its name */
  struct change *first, *last; /* not synced */
};
struct change {
  struct change *next, *before;
  int truncation;
  off_t offset, old_size, new_size;
  size_t length, old_length;
  char *new_bytes, *old_bytes;
  int fd; /* a descriptor of our own */
};
struct name_change {
  struct name_change *next, *before;
  enum kind kind;
  char from[512], to[512], hidden[512]; /* hidden: where a removed file waits for the folder's sync */
};

#define FDS 65536
static struct node *node_of[FDS];
static char folder_of[FDS][512];
static uint64_t generation_of[FDS];
static struct name_change *names, *names_last;
static struct { dev_t device; ino_t inode; struct node *node; } known[4096];
static int known_count;
static uint64_t generation = 1, hidden_count, random_state;
static struct control *control;
static const char *root;
static size_t root_length;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name, type) static __typeof__(type) real; if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)
static int real_close(int fd) { REAL("close", int (*)(int)); return real(fd); }
static int real_rename(const char *a, const char *b) { REAL("rename", int (*)(const char *, const char *)); return real(a, b); }
static int real_unlink(const char *a) { REAL("unlink", int (*)(const char *)); return real(a); }
static int real_open(const char *path, int flags, mode_t mode) { REAL("open", int (*)(const char *, int, ...)); return real(path, flags, mode); }
static int real_ftruncate(int fd, off_t size) { REAL("ftruncate", int (*)(int, off_t)); return real(fd, size); }
static ssize_t real_pwrite(int fd, const void *b, size_t n, off_t at) { REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t)); return real(fd, b, n, at); }
static ssize_t real_pread(int fd, void *b, size_t n, off_t at) { REAL("pread", ssize_t (*)(int, void *, size_t, off_t)); return real(fd, b, n, at); }

__attribute__((constructor)) static void start(void) {
  const char *file = getenv("FAULT_FS_CONTROL");
  const char *folder = getenv("FAULT_FS_ROOT");
  if (!file || !folder) return;
  int fd = real_open(file, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  real_close(fd);
  if (shared == MAP_FAILED) return;
  root = strdup(folder);
  root_length = strlen(root);
  control = shared;
}

static uint64_t draw(void) { /* splitmix64 */
  uint64_t z = (random_state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static int ends(const char *path, const char *end) {
  size_t n = strlen(path), m = strlen(end);
  return n >= m && strcmp(path + n - m, end) == 0;
}
static int ours(const char *path) {
  return control && !control->paused && path && strncmp(path, root, root_length) == 0 && path[root_length] == '/' && !ends(path, "-shm") &&
         !ends(path, ".lock") && !ends(path, ".lock-journal");
}
static void parent_of(const char *path, char *out) {
  snprintf(out, 512, "%s", path);
  char *slash = strrchr(out, '/');
  if (slash) *slash = 0;
}

static void forget_change(struct change *c) {
  free(c->new_bytes);
  free(c->old_bytes);
  real_close(c->fd);
  free(c);
}
static void forget_changes(struct node *node) {
  for (struct change *c = node->first, *next; c; c = next) {
    next = c->next;
    forget_change(c);
  }
  node->first = node->last = NULL;
}
static void forget_names(const char *folder) { /* NULL: all */
  char parent[512];
  struct name_change *n = names;
  names = names_last = NULL;
  for (struct name_change *next; n; n = next) {
    next = n->next;
    n->next = NULL;
    parent_of(n->from, parent);
    if (folder && strcmp(parent, folder) != 0) {
      n->before = names_last;
      if (names_last) names_last->next = n; else names = n;
      names_last = n;
      continue;
    }
    if (n->hidden[0]) real_unlink(n->hidden);
    free(n);
  }
}
static void obey_reset(void) {
  if (!control->reset) return;
  for (int i = 0; i < known_count; i++) {
    forget_changes(known[i].node);
    free(known[i].node);
  }
  known_count = 0;
  forget_names(NULL);
  generation++;
  control->dead = control->operations = 0;
  control->reset = 0;
}

static void undo(struct change *c) {
  if (c->old_length) real_pwrite(c->fd, c->old_bytes, c->old_length, c->offset);
  real_ftruncate(c->fd, c->old_size);
}
static void redo(struct change *c, int torn) {
  if (c->truncation) {
    real_ftruncate(c->fd, c->new_size);
    return;
  }
  if (!torn) {
    real_pwrite(c->fd, c->new_bytes, c->length, c->offset);
    return;
  }
  off_t end = c->offset + (off_t)c->length;
  for (off_t at = c->offset; at < end;) {
    off_t next = (at / 512 + 1) * 512;
    if (next > end) next = end;
    if (draw() & 1) real_pwrite(c->fd, c->new_bytes + (at - c->offset), (size_t)(next - at), at);
    at = next;
  }
}

static void lose_power(enum kind kind) {
  random_state = control->seed;
  static const uint64_t chances[] = {0, 300, 700, 1000};
  uint64_t chance = control->survival > 1000 ? chances[draw() % 4] : control->survival;
  for (int i = 0; i < known_count; i++) {
    struct node *node = known[i].node;
    for (struct change *c = node->last; c; c = c->before) undo(c);
    for (struct change *c = node->first; c; c = c->next) {
      if (draw() % 1000 >= chance) {
        control->undone++;
        continue;
      }
      int torn = chance < 1000 && !c->truncation && c->length > 512 && draw() % 4 == 0;
      control->torn += torn;
      redo(c, torn);
    }
  }
  uint64_t count = 0;
  for (struct name_change *n = names; n; n = n->next) count++;
  uint64_t kept = chance == 1000 ? count : chance == 0 ? 0 : draw() % (count + 1);
  for (struct name_change *n = names_last; n && count > kept; n = n->before, count--) {
    if (n->kind == CREATE) real_unlink(n->from);
    if (n->kind == RENAME) real_rename(n->to, n->from);
    if (n->hidden[0]) real_rename(n->hidden, n->kind == RENAME ? n->to : n->from);
    n->hidden[0] = 0;
  }
  control->cut_kind = kind;
  control->dead = 1;
  if (control->mode == EXIT) _exit(137);
}

/* Counts an operation. Returns -1 with errno where it fails. `cut` tells that the power goes once it is under way. */
static int operation(enum kind kind, int *cut) {
  control->counts[kind]++;
  uint64_t now = ++control->operations;
  *cut = 0;
  if (!control->cut_at || now < control->cut_at) return 0;
  if (control->mode == FAIL) {
    if (now >= control->cut_at + control->fail_count) return 0;
    control->cut_kind = kind;
    errno = (int)control->fail_errno;
    return -1;
  }
  *cut = now == control->cut_at;
  return 0;
}
static int die(void) {
  errno = EIO;
  return -1;
}

static struct node *node_for(int fd) {
  struct stat s;
  if (fstat(fd, &s) != 0) return NULL;
  for (int i = 0; i < known_count; i++)
    if (known[i].device == s.st_dev && known[i].inode == s.st_ino) return known[i].node;
  if (known_count == 4096) abort();
  known[known_count].device = s.st_dev;
  known[known_count].inode = s.st_ino;
  return known[known_count++].node = calloc(1, sizeof(struct node));
}
static void add_name(enum kind kind, const char *from, const char *to, const char *hidden) {
  struct name_change *n = calloc(1, sizeof *n);
  n->kind = kind;
  snprintf(n->from, sizeof n->from, "%s", from);
  if (to) snprintf(n->to, sizeof n->to, "%s", to);
  if (hidden) snprintf(n->hidden, sizeof n->hidden, "%s", hidden);
  n->before = names_last;
  if (names_last) names_last->next = n; else names = n;
  names_last = n;
}

static int opened(const char *path, int flags, mode_t mode) {
  if (!ours(path)) {
    int fd = real_open(path, flags, mode);
    if (fd >= 0 && fd < FDS) { node_of[fd] = NULL; folder_of[fd][0] = 0; }
    return fd;
  }
  pthread_mutex_lock(&lock);
  obey_reset();
  int fd = -1, cut = 0;
  struct stat before;
  int there = stat(path, &before) == 0;
  if (control->dead) die();
  else if (!there && (flags & O_CREAT) && operation(CREATE, &cut) != 0) fd = -1;
  else {
    int old_truncate = there && (flags & O_TRUNC) && before.st_size > 0;
    fd = real_open(path, old_truncate ? flags & ~O_TRUNC : flags, mode);
    if (fd >= 0 && fd < FDS) {
      if (!there) add_name(CREATE, path, NULL, NULL);
      struct stat s;
      int folder = fstat(fd, &s) == 0 && S_ISDIR(s.st_mode);
      snprintf(folder_of[fd], sizeof folder_of[fd], "%s", folder ? path : "");
      node_of[fd] = folder ? NULL : node_for(fd);
      generation_of[fd] = generation;
      if (cut) {
        lose_power(CREATE);
        real_close(fd);
        node_of[fd] = NULL;
        fd = die();
      } else if (old_truncate && ftruncate(fd, 0) != 0) {
        real_close(fd);
        node_of[fd] = NULL;
        fd = -1;
      }
    }
  }
  pthread_mutex_unlock(&lock);
  return fd;
}
#define MODE_OF(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, mode_t); va_end(l); }
int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) {
  MODE_OF(flags)
  if (path[0] == '/') return opened(path, flags, mode);
  REAL("openat", int (*)(int, const char *, int, ...));
  return real(at, path, flags, mode);
}

int close(int fd) {
  if (control && fd >= 0 && fd < FDS) { node_of[fd] = NULL; folder_of[fd][0] = 0; }
  return real_close(fd);
}

static int tracked(int fd) { return control && fd >= 0 && fd < FDS && (node_of[fd] || folder_of[fd][0]); }
static int gone(int fd) { return control->dead || generation_of[fd] != generation; }

static int own_descriptor(int fd) {
  int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own >= 0 && own < FDS) { node_of[own] = NULL; folder_of[own][0] = 0; }
  return own;
}
static ssize_t written(int fd, const void *bytes, size_t length, off_t offset) {
  pthread_mutex_lock(&lock);
  obey_reset();
  ssize_t result = -1;
  int cut = 0;
  if (gone(fd)) die();
  else if (operation(WRITE, &cut) == 0) {
    struct stat s;
    fstat(fd, &s);
    struct change *c = calloc(1, sizeof *c);
    c->offset = offset;
    c->length = length;
    c->old_size = s.st_size;
    c->new_bytes = malloc(length);
    memcpy(c->new_bytes, bytes, length);
    size_t overlap = offset < s.st_size ? (size_t)(s.st_size - offset) : 0;
    c->old_length = overlap < length ? overlap : length;
    c->old_bytes = malloc(c->old_length ? c->old_length : 1);
    c->fd = own_descriptor(fd);
    if (c->old_length) real_pread(c->fd, c->old_bytes, c->old_length, offset);
    struct node *node = node_of[fd];
    c->before = node->last;
    if (node->last) node->last->next = c; else node->first = c;
    node->last = c;
    result = real_pwrite(fd, bytes, length, offset);
    if (cut) {
      lose_power(WRITE);
      result = die();
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t at) { return tracked(fd) ? written(fd, b, n, at) : real_pwrite(fd, b, n, at); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t at) { return pwrite(fd, b, n, at); }
ssize_t write(int fd, const void *b, size_t n) {
  REAL("write", ssize_t (*)(int, const void *, size_t));
  if (!tracked(fd)) return real(fd, b, n);
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t result = written(fd, b, n, at);
  if (result > 0) lseek(fd, at + result, SEEK_SET);
  return result;
}

ssize_t pread(int fd, void *b, size_t n, off_t at) {
  if (tracked(fd)) {
    pthread_mutex_lock(&lock);
    obey_reset();
    int bad = gone(fd);
    pthread_mutex_unlock(&lock);
    if (bad) return die();
  }
  return real_pread(fd, b, n, at);
}
ssize_t pread64(int fd, void *b, size_t n, off_t at) { return pread(fd, b, n, at); }

int ftruncate(int fd, off_t size) {
  if (!tracked(fd)) return real_ftruncate(fd, size);
  pthread_mutex_lock(&lock);
  obey_reset();
  int result = -1, cut = 0;
  if (gone(fd)) die();
  else if (operation(TRUNCATE, &cut) == 0) {
    struct stat s;
    fstat(fd, &s);
    struct change *c = calloc(1, sizeof *c);
    c->fd = own_descriptor(fd);
    c->truncation = 1;
    c->old_size = s.st_size;
    c->new_size = size;
    c->offset = size;
    c->old_length = s.st_size > size ? (size_t)(s.st_size - size) : 0;
    c->old_bytes = malloc(c->old_length ? c->old_length : 1);
    if (c->old_length) real_pread(c->fd, c->old_bytes, c->old_length, size);
    struct node *node = node_of[fd];
    c->before = node->last;
    if (node->last) node->last->next = c; else node->first = c;
    node->last = c;
    result = real_ftruncate(fd, size);
    if (cut) {
      lose_power(TRUNCATE);
      result = die();
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int fsync(int fd) {
  if (!tracked(fd)) {
    REAL("fsync", int (*)(int));
    return real(fd);
  }
  pthread_mutex_lock(&lock);
  obey_reset();
  int result = -1, cut = 0;
  if (gone(fd)) die();
  else if (operation(SYNC, &cut) == 0) {
    if (cut) {
      lose_power(SYNC);
      die();
    } else {
      if (folder_of[fd][0]) forget_names(folder_of[fd]);
      else forget_changes(node_of[fd]);
      result = 0;
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}
int fdatasync(int fd) { return fsync(fd); }

static void hide(const char *path, char *hidden) {
  char parent[512];
  parent_of(path, parent);
  snprintf(hidden, 512, "%s/.gone-%llu", parent, (unsigned long long)hidden_count++);
  real_rename(path, hidden);
}
int unlink(const char *path) {
  if (!ours(path)) return real_unlink(path);
  pthread_mutex_lock(&lock);
  obey_reset();
  int result = -1, cut = 0;
  struct stat s;
  if (control->dead) die();
  else if (stat(path, &s) != 0) errno = ENOENT;
  else if (operation(UNLINK, &cut) == 0) {
    char hidden[512];
    hide(path, hidden);
    add_name(UNLINK, path, NULL, hidden);
    result = 0;
    if (cut) {
      lose_power(UNLINK);
      result = die();
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}
int rename(const char *from, const char *to) {
  if (!ours(from) && !ours(to)) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  obey_reset();
  int result = -1, cut = 0;
  struct stat s;
  if (control->dead) die();
  else if (stat(from, &s) != 0) errno = ENOENT;
  else if (operation(RENAME, &cut) == 0) {
    char hidden[512] = "";
    if (stat(to, &s) == 0) hide(to, hidden);
    result = real_rename(from, to);
    add_name(RENAME, from, to, hidden);
    if (cut) {
      lose_power(RENAME);
      result = die();
    }
  }
  pthread_mutex_unlock(&lock);
  return result;
}
