// What a disk would have of the files of one directory. Not thread-safe: its user holds a lock.
#ifndef DISK_H
#define DISK_H

#include <stdint.h>

typedef struct disk disk;
typedef struct disk_file disk_file;

disk *disk_new(uint64_t seed, int sector);
void disk_free(disk *);

/// A number of the disk's own small generator (splitmix64).
uint64_t disk_random(disk *);

/// The file of that name; `path` is read if the disk does not know it yet.
disk_file *disk_open(disk *, const char *name, const char *path);

void disk_write(disk *, disk_file *, const void *bytes, int64_t length, int64_t offset);
void disk_truncate(disk *, disk_file *, int64_t size);
void disk_sync(disk *, disk_file *);
/// `evict` is told of ranges the kernel no longer has in memory: reads must give these old bytes.
void disk_fail_sync(disk *, disk_file *, void (*evict)(void *, const void *, int64_t, int64_t), void *);
void disk_sync_names(disk *);
void disk_delete(disk *, const char *name);

/// Writes what a power cut now would leave. 0, or -1 if a file cannot be written.
int disk_image(disk *, const char *into);

#endif
