#include "disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct disk_file {
    struct disk_file *next;
    char name[64];
    int exists;
    /// Its name is not durable yet.
    int is_new;
    /// `current` is what reads give, `durable` what the disk has; `touched` marks bytes written since the last sync, and
    /// those that go to the disk beside them.
    uint8_t *current, *durable, *touched;
    /// By sector: taken for clean, but not on the disk.
    uint8_t *lost;
    int64_t current_size, durable_size, capacity;
    /// Shortest the file was since the last sync, if that is shorter than the durable length; else `durable_size`.
    int64_t cut;
    /// Nothing outside is touched.
    int64_t touched_from, touched_to;
};

/// A deleted file whose name a power cut may bring back.
typedef struct ghost {
    struct ghost *next;
    char name[64];
    uint8_t *bytes;
    int64_t size;
} ghost;

struct disk {
    uint64_t state;
    int64_t sector;
    disk_file *files;
    ghost *ghosts;
};

uint64_t disk_random(disk *disk) {
    uint64_t z = (disk->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t below(disk *disk, uint64_t bound) { return bound ? disk_random(disk) % bound : 0; }

disk *disk_new(uint64_t seed, int sector) {
    disk *new = calloc(1, sizeof *new);
    if (!new) abort();
    new->state = seed;
    new->sector = sector;
    return new;
}

static void forget_ghosts(disk *disk) {
    while (disk->ghosts) {
        ghost *first = disk->ghosts;
        disk->ghosts = first->next;
        free(first->bytes);
        free(first);
    }
}

void disk_free(disk *disk) {
    forget_ghosts(disk);
    while (disk->files) {
        disk_file *first = disk->files;
        disk->files = first->next;
        free(first->current);
        free(first->durable);
        free(first->touched);
        free(first->lost);
        free(first);
    }
    free(disk);
}

static void *grown(void *old, int64_t from, int64_t to) {
    uint8_t *new = realloc(old, (size_t)to);
    if (!new) abort();
    memset(new + from, 0, (size_t)(to - from));
    return new;
}

/// Everything behind the sizes is zero, always.
static void reserve(disk *disk, disk_file *file, int64_t size) {
    if (size <= file->capacity) return;
    int64_t capacity = file->capacity ? file->capacity : 64 * 1024;
    while (capacity < size) capacity *= 2;
    file->current = grown(file->current, file->capacity, capacity);
    file->durable = grown(file->durable, file->capacity, capacity);
    file->touched = grown(file->touched, file->capacity, capacity);
    file->lost = grown(file->lost, file->capacity / disk->sector, capacity / disk->sector);
    file->capacity = capacity;
}

static disk_file *find(disk *disk, const char *name) {
    for (disk_file *file = disk->files; file; file = file->next) {
        if (!strcmp(file->name, name)) return file;
    }
    return NULL;
}

static void load(disk *disk, disk_file *file, const char *path) {
    FILE *stream = fopen(path, "rb");
    if (!stream) return;
    uint8_t buffer[65536];
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, stream)) > 0) {
        reserve(disk, file, file->current_size + (int64_t)count);
        memcpy(file->current + file->current_size, buffer, count);
        memcpy(file->durable + file->current_size, buffer, count);
        file->current_size += (int64_t)count;
    }
    fclose(stream);
    file->cut = file->durable_size = file->current_size;
}

disk_file *disk_open(disk *disk, const char *name, const char *path) {
    disk_file *file = find(disk, name);
    if (!file) {
        if (!(file = calloc(1, sizeof *file))) abort();
        snprintf(file->name, sizeof file->name, "%s", name);
        file->next = disk->files;
        disk->files = file;
        // The only reading of the real file: closing it again would let go the locks SQLite has on it by then.
        load(disk, file, path);
        file->exists = file->current_size > 0;
    }
    if (!file->exists) {
        file->exists = 1;
        file->is_new = 1;
    }
    return file;
}

enum { UNTOUCHED, WRITTEN, BESIDE };

static void touch(disk *disk, disk_file *file, int64_t from, int64_t to) {
    if (from >= to) return;
    memset(file->touched + from, WRITTEN, (size_t)(to - from));
    int64_t first = from / disk->sector * disk->sector, end = ((to - 1) / disk->sector + 1) * disk->sector;
    if (file->touched_to == 0 || first < file->touched_from) file->touched_from = first;
    if (end > file->touched_to) file->touched_to = end;
    for (int64_t sector = from / disk->sector; sector <= (to - 1) / disk->sector; sector++) {
        if (!file->lost[sector]) continue;
        // The kernel writes whole pages: with the new bytes goes what it had kept in memory of the others.
        file->lost[sector] = 0;
        for (int64_t at = sector * disk->sector; at < (sector + 1) * disk->sector; at++) {
            if (!file->touched[at]) file->touched[at] = BESIDE;
        }
    }
}

void disk_write(disk *disk, disk_file *file, const void *bytes, int64_t length, int64_t offset) {
    reserve(disk, file, offset + length);
    touch(disk, file, file->current_size < offset ? file->current_size : offset, offset + length);
    memcpy(file->current + offset, bytes, (size_t)length);
    if (offset + length > file->current_size) file->current_size = offset + length;
}

void disk_truncate(disk *disk, disk_file *file, int64_t size) {
    reserve(disk, file, size);
    if (size > file->current_size) {
        touch(disk, file, file->current_size, size);
    } else {
        memset(file->current + size, 0, (size_t)(file->current_size - size));
        memset(file->touched + size, 0, (size_t)(file->current_size - size));
    }
    file->current_size = size;
    if (size < file->cut) file->cut = size;
}

static void forget_touched(disk_file *file) {
    if (file->touched_to) memset(file->touched + file->touched_from, 0, (size_t)(file->touched_to - file->touched_from));
    file->touched_from = file->touched_to = 0;
}

void disk_sync(disk *disk, disk_file *file) {
    (void)disk;
    for (int64_t at = file->touched_from; at < file->touched_to; at++) {
        if (file->touched[at]) file->durable[at] = file->current[at];
    }
    forget_touched(file);
    if (file->current_size < file->durable_size) {
        memset(file->durable + file->current_size, 0, (size_t)(file->durable_size - file->current_size));
    }
    file->cut = file->durable_size = file->current_size;
}

static int is_touched(disk *disk, disk_file *file, int64_t sector) {
    int64_t from = sector * disk->sector;
    if (from < file->touched_from || from >= file->touched_to) return 0;
    return memchr(file->touched + from, WRITTEN, (size_t)disk->sector)
           || memchr(file->touched + from, BESIDE, (size_t)disk->sector);
}

void disk_fail_sync(
    disk *disk, disk_file *file, void (*evict)(void *, const void *, int64_t, int64_t), void *context) {
    int64_t sectors = (file->current_size + disk->sector - 1) / disk->sector;
    // A length that was cut is metadata, which has its own journal.
    if (file->cut < file->durable_size) {
        memset(file->durable + file->cut, 0, (size_t)(file->durable_size - file->cut));
        file->durable_size = file->cut;
    }
    int evicts = below(disk, 2) == 0;
    for (int64_t sector = 0; sector < sectors; sector++) {
        if (!is_touched(disk, file, sector)) continue;
        int64_t from = sector * disk->sector;
        int lands = below(disk, 2) == 0;
        for (int64_t at = from; at < from + disk->sector; at++) {
            if (file->touched[at] && lands) file->durable[at] = file->current[at];
        }
        if (lands && from + disk->sector > file->durable_size) {
            int64_t end = from + disk->sector;
            file->durable_size = end < file->current_size ? end : file->current_size;
        }
        if (lands) continue;
        if (evicts) {
            int64_t end = from + disk->sector < file->current_size ? from + disk->sector : file->current_size;
            memcpy(file->current + from, file->durable + from, (size_t)(end - from));
            evict(context, file->durable + from, end - from, from);
        } else {
            file->lost[sector] = 1;
        }
    }
    file->cut = file->durable_size;
    forget_touched(file);
}

void disk_sync_names(disk *disk) {
    forget_ghosts(disk);
    for (disk_file *file = disk->files; file; file = file->next) file->is_new = 0;
}

/// Each image leans to one side: much kept, much dropped, or anything.
typedef struct mood {
    uint64_t keep, drop, tear, garble;
} mood;

static mood pick_mood(disk *disk) {
    static const mood moods[] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {1, 1, 0, 0}, {8, 1, 0, 0},
                                 {1, 8, 0, 0}, {6, 1, 1, 1}, {1, 1, 1, 1}, {0, 0, 0, 1}};
    return moods[below(disk, sizeof moods / sizeof *moods)];
}

/// What is left of a file: `size` bytes, to be freed.
static uint8_t *left(disk *disk, disk_file *file, mood mood, int64_t *size) {
    // A cut is there or it is not; what was written behind it needs it. Growth may have come any part of the way.
    int is_uncut = file->cut < file->durable_size && below(disk, 2);
    int64_t base = is_uncut ? file->durable_size : file->cut;
    int64_t writable = is_uncut ? file->cut : file->current_size;
    *size = base;
    if (!is_uncut && file->current_size > base) {
        uint64_t grown = (uint64_t)(file->current_size - base);
        *size += (int64_t)(below(disk, 2) ? grown : below(disk, 3) ? below(disk, grown + 1) : 0);
    }
    uint8_t *bytes = calloc(1, (size_t)*size + 1);
    if (!bytes) abort();
    if (base) memcpy(bytes, file->durable, (size_t)base);
    if (writable > *size) writable = *size;
    for (int64_t sector = 0; sector * disk->sector < writable; sector++) {
        if (!is_touched(disk, file, sector)) continue;
        uint64_t choice = below(disk, mood.keep + mood.drop + mood.tear + mood.garble);
        if (choice >= mood.keep && choice < mood.keep + mood.drop) continue;
        int64_t from = sector * disk->sector;
        int is_torn = choice >= mood.keep && choice < mood.keep + mood.drop + mood.tear;
        int is_garbled = choice >= mood.keep + mood.drop + mood.tear;
        int64_t torn = from + (is_torn ? (int64_t)below(disk, (uint64_t)disk->sector) : disk->sector);
        for (int64_t at = from; at < torn && at < writable; at++) {
            // SQLite relies on it that bytes beside those of a write come to no harm (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
            if (is_garbled && file->touched[at] == WRITTEN) bytes[at] = (uint8_t)disk_random(disk);
            if (!is_garbled && file->touched[at]) bytes[at] = file->current[at];
        }
    }
    return bytes;
}

void disk_delete(disk *disk, const char *name) {
    disk_file *file = find(disk, name);
    if (!file || !file->exists) return;
    ghost *new = calloc(1, sizeof *new);
    if (!new) abort();
    snprintf(new->name, sizeof new->name, "%s", name);
    new->bytes = left(disk, file, pick_mood(disk), &new->size);
    if (file->is_new) {
        // Its name may never have been there.
        free(new->bytes);
        free(new);
    } else {
        new->next = disk->ghosts;
        disk->ghosts = new;
    }
    file->exists = 0;
    forget_touched(file);
    file->current_size = file->durable_size = file->cut = 0;
    if (!file->capacity) return;
    memset(file->current, 0, (size_t)file->capacity);
    memset(file->durable, 0, (size_t)file->capacity);
    memset(file->lost, 0, (size_t)(file->capacity / disk->sector));
}

static int store(const char *into, const char *name, const uint8_t *bytes, int64_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", into, name);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return -1;
    int64_t done = 0;
    while (done < size) {
        ssize_t count = write(descriptor, bytes + done, (size_t)(size - done));
        if (count <= 0) break;
        done += count;
    }
    close(descriptor);
    return done == size ? 0 : -1;
}

int disk_image(disk *disk, const char *into) {
    mood mood = pick_mood(disk);
    int result = 0;
    for (disk_file *file = disk->files; file; file = file->next) {
        if (!file->exists || (file->is_new && below(disk, 2))) continue;
        int64_t size;
        uint8_t *bytes = left(disk, file, mood, &size);
        result |= store(into, file->name, bytes, size);
        free(bytes);
    }
    for (ghost *old = disk->ghosts; old; old = old->next) {
        if (below(disk, 2)) result |= store(into, old->name, old->bytes, old->size);
    }
    return result;
}
