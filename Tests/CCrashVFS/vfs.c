#include "CCrashVFS.h"
#include "disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const int crash_code_sync = SQLITE_IOERR_FSYNC;
const int crash_code_write = SQLITE_IOERR_WRITE;
const int crash_code_truncate = SQLITE_IOERR_TRUNCATE;
const int crash_code_full = SQLITE_FULL;

enum { MAX_IMAGES = 64, MAX_FAULTS = 8 };

typedef struct image {
    char into[512];
    crash_operation operation;
    uint64_t number;
    int after;
    int64_t note;
} image;

typedef struct fault {
    crash_operation operation;
    crash_role role;
    uint64_t number, times;
    int code;
} fault;

struct crash_plan {
    crash_plan *next;
    /// Guarded by `registry`.
    int references;
    pthread_mutex_t lock;
    char prefix[512];
    disk *disk;
    uint64_t counts[3];
    uint64_t failed;
    int64_t note;
    image images[MAX_IMAGES];
    int image_count;
    fault faults[MAX_FAULTS];
    int fault_count;
};

/// A file of an armed directory. The default VFS's own file lies behind it in memory.
typedef struct crash_file {
    sqlite3_file base;
    crash_plan *plan;
    disk_file *shadow;
    sqlite3_file *real;
    crash_role role;
    /// The default VFS syncs the directory with the first sync of a log or journal.
    int syncs_names;
} crash_file;

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static crash_plan *plans;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs crash_vfs;

static void release(crash_plan *plan) {
    pthread_mutex_lock(&registry);
    int isLast = --plan->references == 0;
    pthread_mutex_unlock(&registry);
    if (!isLast) return;
    disk_free(plan->disk);
    pthread_mutex_destroy(&plan->lock);
    free(plan);
}

/// The plan of a path, held; NULL if it is not armed.
static crash_plan *hold(const char *path, const char **name) {
    if (!path) return NULL;
    const char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    size_t length = (size_t)(slash - path) + 1;
    pthread_mutex_lock(&registry);
    crash_plan *plan = plans;
    while (plan && (strlen(plan->prefix) != length || strncmp(plan->prefix, path, length))) plan = plan->next;
    if (plan) plan->references++;
    pthread_mutex_unlock(&registry);
    *name = slash + 1;
    return plan;
}

static void take_images(crash_plan *plan, crash_operation operation, int after) {
    for (int index = 0; index < plan->image_count; index++) {
        image *image = &plan->images[index];
        if (image->operation != operation || image->after != after || image->note != -1) continue;
        if (image->number != plan->counts[operation]) continue;
        image->note = disk_image(plan->disk, image->into) == 0 ? plan->note : -2;
    }
}

/// Counts an operation. Returns the code it must fail with, or 0.
static int begin(crash_file *file, crash_operation operation) {
    crash_plan *plan = file->plan;
    plan->counts[operation]++;
    take_images(plan, operation, 0);
    for (int index = 0; index < plan->fault_count; index++) {
        fault *fault = &plan->faults[index];
        if (fault->operation != operation || fault->times == 0) continue;
        if (fault->role != CRASH_ANY_FILE && fault->role != file->role) continue;
        if (fault->number > 1) {
            fault->number--;
            continue;
        }
        fault->times--;
        plan->failed++;
        return fault->code;
    }
    return 0;
}

static int file_close(sqlite3_file *base) {
    crash_file *file = (crash_file *)base;
    int code = file->real->pMethods->xClose(file->real);
    release(file->plan);
    file->base.pMethods = NULL;
    return code;
}

static int file_read(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xRead(file->real, bytes, length, offset);
}

static int file_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
    crash_file *file = (crash_file *)base;
    pthread_mutex_lock(&file->plan->lock);
    int fails = begin(file, CRASH_WRITE);
    int part = fails ? (int)(disk_random(file->plan->disk) % (uint64_t)(length + 1)) : length;
    int code = part ? file->real->pMethods->xWrite(file->real, bytes, part, offset) : SQLITE_OK;
    if (code == SQLITE_OK && part) disk_write(file->plan->disk, file->shadow, bytes, part, offset);
    take_images(file->plan, CRASH_WRITE, 1);
    pthread_mutex_unlock(&file->plan->lock);
    return fails ? fails : code;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    crash_file *file = (crash_file *)base;
    pthread_mutex_lock(&file->plan->lock);
    int code = begin(file, CRASH_TRUNCATE);
    if (!code) {
        code = file->real->pMethods->xTruncate(file->real, size);
        if (code == SQLITE_OK) disk_truncate(file->plan->disk, file->shadow, size);
    }
    take_images(file->plan, CRASH_TRUNCATE, 1);
    pthread_mutex_unlock(&file->plan->lock);
    return code;
}

static void evict(void *context, const void *bytes, int64_t length, int64_t offset) {
    sqlite3_file *real = context;
    real->pMethods->xWrite(real, bytes, (int)length, offset);
}

/// The real file is not synced: this process does not crash, and what a crash would leave is known.
static int file_sync(sqlite3_file *base, int flags) {
    (void)flags;
    crash_file *file = (crash_file *)base;
    crash_plan *plan = file->plan;
    pthread_mutex_lock(&plan->lock);
    int code = begin(file, CRASH_SYNC);
    if (code) {
        disk_fail_sync(plan->disk, file->shadow, evict, file->real);
    } else {
        disk_sync(plan->disk, file->shadow);
        if (file->syncs_names) disk_sync_names(plan->disk);
        file->syncs_names = 0;
    }
    take_images(plan, CRASH_SYNC, 1);
    pthread_mutex_unlock(&plan->lock);
    return code;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xFileSize(file->real, size);
}

static int file_lock(sqlite3_file *base, int level) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xLock(file->real, level);
}

static int file_unlock(sqlite3_file *base, int level) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xUnlock(file->real, level);
}

static int file_check_lock(sqlite3_file *base, int *result) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xCheckReservedLock(file->real, result);
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xFileControl(file->real, operation, argument);
}

static int file_sector_size(sqlite3_file *base) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xSectorSize(file->real);
}

static int file_characteristics(sqlite3_file *base) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xDeviceCharacteristics(file->real);
}

static int file_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **memory) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xShmMap(file->real, page, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xShmLock(file->real, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *base) {
    crash_file *file = (crash_file *)base;
    file->real->pMethods->xShmBarrier(file->real);
}

static int file_shm_unmap(sqlite3_file *base, int deletes) {
    crash_file *file = (crash_file *)base;
    return file->real->pMethods->xShmUnmap(file->real, deletes);
}

/// Version 2: without memory-mapped reads, which nobody here uses.
static const sqlite3_io_methods methods = {
    2, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, file_unlock,
    file_check_lock, file_control, file_sector_size, file_characteristics, file_shm_map, file_shm_lock,
    file_shm_barrier, file_shm_unmap, NULL, NULL};

static size_t own_size(void) { return (sizeof(crash_file) + 15) / 16 * 16; }

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *given) {
    (void)vfs;
    const char *name;
    crash_plan *plan = NULL;
    if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) plan = hold(path, &name);
    if (!plan) return real_vfs->xOpen(real_vfs, path, base, flags, given);
    crash_file *file = (crash_file *)base;
    memset(file, 0, sizeof *file);
    file->plan = plan;
    file->real = (sqlite3_file *)((char *)base + own_size());
    file->role = flags & SQLITE_OPEN_MAIN_DB ? CRASH_DATABASE : CRASH_LOG;
    file->syncs_names = !(flags & SQLITE_OPEN_MAIN_DB) && (flags & SQLITE_OPEN_CREATE);
    int code = real_vfs->xOpen(real_vfs, path, file->real, flags, given);
    if (code != SQLITE_OK) {
        if (file->real->pMethods) file->real->pMethods->xClose(file->real);
        release(plan);
        return code;
    }
    pthread_mutex_lock(&plan->lock);
    file->shadow = disk_open(plan->disk, name, path);
    pthread_mutex_unlock(&plan->lock);
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_names) {
    (void)vfs;
    const char *name;
    crash_plan *plan = hold(path, &name);
    if (!plan) return real_vfs->xDelete(real_vfs, path, syncs_names);
    int code = real_vfs->xDelete(real_vfs, path, 0);
    pthread_mutex_lock(&plan->lock);
    if (code == SQLITE_OK) disk_delete(plan->disk, name);
    if (code == SQLITE_OK && syncs_names) disk_sync_names(plan->disk);
    pthread_mutex_unlock(&plan->lock);
    release(plan);
    return code;
}

static int installed = SQLITE_ERROR;

static void install(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    if (!real_vfs) return;
    crash_vfs = *real_vfs;
    crash_vfs.pNext = NULL;
    crash_vfs.zName = "crash";
    crash_vfs.szOsFile = (int)own_size() + real_vfs->szOsFile;
    crash_vfs.xOpen = vfs_open;
    crash_vfs.xDelete = vfs_delete;
    installed = sqlite3_vfs_register(&crash_vfs, 1);
}

int crash_install(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    return installed;
}

crash_plan *crash_arm(const char *directory, uint64_t seed, int sector) {
    crash_plan *plan = calloc(1, sizeof *plan);
    if (!plan) abort();
    char *resolved = realpath(directory, NULL);
    int fits = resolved && snprintf(plan->prefix, sizeof plan->prefix, "%s/", resolved) < (int)sizeof plan->prefix;
    free(resolved);
    if (!fits || (sector != 512 && sector != 4096)) {
        free(plan);
        return NULL;
    }
    plan->references = 1;
    pthread_mutex_init(&plan->lock, NULL);
    plan->disk = disk_new(seed, sector);
    pthread_mutex_lock(&registry);
    plan->next = plans;
    plans = plan;
    pthread_mutex_unlock(&registry);
    return plan;
}

void crash_disarm(crash_plan *plan) {
    pthread_mutex_lock(&registry);
    crash_plan **place = &plans;
    while (*place && *place != plan) place = &(*place)->next;
    if (*place) *place = plan->next;
    pthread_mutex_unlock(&registry);
    release(plan);
}

void crash_note(crash_plan *plan, int64_t note) {
    pthread_mutex_lock(&plan->lock);
    plan->note = note;
    pthread_mutex_unlock(&plan->lock);
}

/// The caller holds the lock.
static image *add(crash_plan *plan, const char *into) {
    if (plan->image_count == MAX_IMAGES || strlen(into) >= sizeof plan->images[0].into) return NULL;
    image *new = &plan->images[plan->image_count++];
    snprintf(new->into, sizeof new->into, "%s", into);
    new->note = -1;
    return new;
}

int crash_schedule(crash_plan *plan, crash_operation operation, uint64_t number, int after, const char *into) {
    pthread_mutex_lock(&plan->lock);
    image *new = add(plan, into);
    if (new) {
        new->operation = operation;
        new->number = number;
        new->after = after != 0;
    }
    int index = new ? plan->image_count - 1 : -1;
    pthread_mutex_unlock(&plan->lock);
    return index;
}

int crash_now(crash_plan *plan, const char *into) {
    pthread_mutex_lock(&plan->lock);
    image *new = add(plan, into);
    if (new) new->note = disk_image(plan->disk, into) == 0 ? plan->note : -2;
    int index = new ? plan->image_count - 1 : -1;
    pthread_mutex_unlock(&plan->lock);
    return index;
}

int64_t crash_taken(crash_plan *plan, int image) {
    pthread_mutex_lock(&plan->lock);
    int64_t note = image >= 0 && image < plan->image_count ? plan->images[image].note : -1;
    pthread_mutex_unlock(&plan->lock);
    return note;
}

void crash_fail(
    crash_plan *plan, crash_operation operation, crash_role role, uint64_t number, uint64_t times, int code) {
    pthread_mutex_lock(&plan->lock);
    if (plan->fault_count == MAX_FAULTS) plan->fault_count = 0;
    plan->faults[plan->fault_count++] = (fault){operation, role, number, times, code};
    pthread_mutex_unlock(&plan->lock);
}

uint64_t crash_failed(crash_plan *plan) {
    pthread_mutex_lock(&plan->lock);
    uint64_t failed = plan->failed;
    pthread_mutex_unlock(&plan->lock);
    return failed;
}
