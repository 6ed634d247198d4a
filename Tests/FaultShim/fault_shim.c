// Faults inside an unmodified service: loaded with LD_PRELOAD, it stands between the service and the C library at the system
// calls of the cycle read → commit → acknowledge. What a test orders stands in a small file mapped by both
// (IOC_FAULT_CONTROL). The service itself holds no hook, so there is nothing to cost anything when it runs without.
#define _GNU_SOURCE
#include "fault_shim.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t *control;
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_gettimeofday)(struct timeval *restrict, void *restrict);

// The loader may run other libraries' constructors, which read the clock, before ours: so each call looks its function up.
#define REAL(name) \
    if (!real_##name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void map_control(void) {
    const char *path = getenv("IOC_FAULT_CONTROL");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *words = mmap(NULL, FAULT_WORDS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (words != MAP_FAILED) control = words;
}

static int64_t order(enum fault_word word) { return control ? atomic_load(&control[word]) : 0; }

static void pass(enum fault_point point) {
    if (order(FAULT_KILL_POINT) != point || atomic_fetch_sub(&control[FAULT_KILL_COUNTDOWN], 1) > 0) return;
    atomic_store(&control[FAULT_KILLED_AT], point);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static bool is_socket(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

// libmosquitto reads the first byte of a packet alone (packet__read, lib/packet_mosq.c), and nothing else of ours reads so.
ssize_t read(int descriptor, void *bytes, size_t count) {
    static _Thread_local bool took_message;
    REAL(read);
    bool begins_packet = count == 1 && order(FAULT_KILL_POINT) == FAULT_POINT_AFTER_READ && is_socket(descriptor);
    if (begins_packet && took_message) {
        took_message = false;
        pass(FAULT_POINT_AFTER_READ);
    }
    ssize_t result = real_read(descriptor, bytes, count);
    if (begins_packet && result == 1) took_message = (*(unsigned char *)bytes & 0xF0) == 0x30;
    return result;
}

// An MQTT PUBACK is a packet of four bytes that begins with 0x40. Every other one of those that end the process is torn.
ssize_t write(int descriptor, const void *bytes, size_t count) {
    static _Thread_local int64_t acknowledgements;
    REAL(write);
    if (count >= 4 && count <= 6 && order(FAULT_KILL_POINT) == FAULT_POINT_IN_ACKNOWLEDGEMENTS &&
        *(const unsigned char *)bytes == 0x40 && is_socket(descriptor)) {
        acknowledgements += 1;
        if (acknowledgements > 1 && order(FAULT_KILL_COUNTDOWN) == 0 && acknowledgements % 2 == 0)
            (void)!real_write(descriptor, bytes, 2);
        if (acknowledgements > 1) pass(FAULT_POINT_IN_ACKNOWLEDGEMENTS);
    }
    return real_write(descriptor, bytes, count);
}

static bool is_write_ahead_log(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path);
    return length > 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static int sync_file(int (*real)(int), int descriptor) {
    if (!control) return real(descriptor);
    int64_t delay = order(FAULT_SYNC_DELAY);
    if (delay > 0) usleep((useconds_t)delay);
    int64_t error = order(FAULT_SYNC_ERROR);
    if (error != 0) {
        errno = (int)error;
        return -1;
    }
    bool is_commit = order(FAULT_KILL_POINT) != FAULT_POINT_NONE && is_write_ahead_log(descriptor);
    if (is_commit) pass(FAULT_POINT_BEFORE_COMMIT);
    int result = real(descriptor);
    atomic_fetch_add(&control[FAULT_SYNCS], 1);
    if (is_commit) pass(FAULT_POINT_AFTER_COMMIT);
    return result;
}

int fsync(int descriptor) {
    REAL(fsync);
    return sync_file(real_fsync, descriptor);
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    return sync_file(real_fdatasync, descriptor);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(clock_gettime);
    int result = real_clock_gettime(clock, time);
    if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    int64_t nanoseconds = time->tv_nsec + order(FAULT_CLOCK_OFFSET) % 1000 * 1000000;
    time->tv_sec += order(FAULT_CLOCK_OFFSET) / 1000 + (nanoseconds >= 1000000000) - (nanoseconds < 0);
    time->tv_nsec = (nanoseconds + 1000000000) % 1000000000;
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    REAL(gettimeofday);
    int result = real_gettimeofday(time, zone);
    if (result != 0) return result;
    int64_t microseconds = time->tv_usec + order(FAULT_CLOCK_OFFSET) % 1000 * 1000;
    time->tv_sec += order(FAULT_CLOCK_OFFSET) / 1000 + (microseconds >= 1000000) - (microseconds < 0);
    time->tv_usec = (microseconds + 1000000) % 1000000;
    return 0;
}
