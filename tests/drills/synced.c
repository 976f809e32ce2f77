/* Preloaded into a server: tells a trace before and after each sync, and keeps each file as it was last synced.
 *
 * DRILL_FOLDER  files whose path begins so are watched
 * DRILL_TRACE   a file that gets a line "syncing PID PATH" before and "synced PID PATH" after
 * DRILL_SHADOW  a folder that gets a copy of each file once it is synced, under a lock on its file `lock`
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static int watched(int fd, char *path) {
    const char *folder = getenv("DRILL_FOLDER");
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = folder ? readlink(link, path, PATH_MAX - 1) : -1;
    if (size < 0) return 0;
    path[size] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void tell(const char *what, const char *path) {
    const char *trace = getenv("DRILL_TRACE");
    int out = trace ? open(trace, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    if (out < 0) return;
    char line[PATH_MAX + 64];
    int size = snprintf(line, sizeof line, "%s %d %s\n", what, getpid(), path);
    if (write(out, line, size) != size) abort();
    close(out);
}

/* The whole file beside its place, then in one step to it: a process that is killed leaves the earlier copy. */
static void keep(int fd, const char *path) {
    const char *shadow = getenv("DRILL_SHADOW");
    struct stat file;
    if (!shadow || fstat(fd, &file) || !S_ISREG(file.st_mode)) return;
    char beside[PATH_MAX], place[PATH_MAX], lock[PATH_MAX];
    snprintf(lock, sizeof lock, "%s/lock", shadow);
    snprintf(place, sizeof place, "%s%s", shadow, strrchr(path, '/'));
    snprintf(beside, sizeof beside, "%s%s.new", shadow, strrchr(path, '/'));
    int held = open(lock, O_RDWR | O_CLOEXEC), in = open(path, O_RDONLY | O_CLOEXEC);
    int out = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (held < 0 || in < 0 || out < 0 || flock(held, LOCK_EX)) abort();
    char block[65536];
    for (ssize_t size; (size = read(in, block, sizeof block)) > 0;)
        if (write(out, block, size) != size) abort();
    if (rename(beside, place)) abort();
    close(out), close(in), close(held);
}

static int synced(const char *name, int fd) {
    sync_call real = (sync_call)dlsym(RTLD_NEXT, name);
    char path[PATH_MAX];
    if (!watched(fd, path)) return real(fd);
    tell("syncing", path);
    int result = real(fd);
    if (result == 0) keep(fd, path), tell("synced", path);
    return result;
}

int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }
