// A power cut for SQLite, without pulling a plug: a VFS over the default one that knows what a disk would have kept.
//
// Files of an armed directory are written as ever, so the database works on; beside them the VFS keeps what the last
// successful sync made durable. At any sync, write or truncation it can write to another directory the files a power cut at
// that moment would have left. Paths that are not armed go straight to the default VFS, file methods included.
//
// What is assumed of a disk, as SQLite itself assumes it of the default VFS:
// - A sync that succeeds makes the file's content and length durable. Names (files made and deleted) become durable when the
//   directory is synced, which the default VFS does at the first sync of a log or journal.
// - Since then, every sector is kept, dropped, torn or garbled on its own, in no order. A file that has grown has any length
//   in between; one that was cut is cut, or as long as it was.
// - Only bytes that were written can be garbled (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
// - After a sync that failed, each sector may be on the disk or not, and the kernel takes it for clean: it is lost for good
//   unless it is written again, and reads may give its old content.
// The -shm file is an index that is made anew: it is in no image.
#ifndef CCRASHVFS_H
#define CCRASHVFS_H

#include <stdint.h>

typedef struct crash_plan crash_plan;

typedef enum { CRASH_SYNC = 0, CRASH_WRITE = 1, CRASH_TRUNCATE = 2 } crash_operation;
typedef enum { CRASH_ANY_FILE = 0, CRASH_DATABASE = 1, CRASH_LOG = 2 } crash_role;

/// Makes the VFS the default of this process. Safe to call again, from any thread.
/// Returns 0, or an error code of SQLite.
int crash_install(void);

/// Watches the files directly inside a directory, from the next opening on. `sector` is 512 or 4096.
/// Returns NULL if there is no such directory.
crash_plan *crash_arm(const char *directory, uint64_t seed, int sector);

/// Ends what crash_arm began; what is still open is let go when it is closed.
void crash_disarm(crash_plan *plan);

/// A number that images carry from now on: how far the workload has come.
void crash_note(crash_plan *plan, int64_t note);

/// Takes an image at the n-th operation of a kind (1 is the first since arming), before or after it takes effect.
/// The directory must exist. Returns the number of the image, or -1 if there are too many.
int crash_schedule(crash_plan *plan, crash_operation operation, uint64_t number, int after, const char *into);

/// Takes an image now. Returns its number, or -1.
int crash_now(crash_plan *plan, const char *into);

/// The note of an image; -1 if it was not taken (yet), -2 if it could not be written.
int64_t crash_taken(crash_plan *plan, int image);

/// Lets operations of a kind on files of a role fail with `code`, from the n-th from now on, `times` times.
/// A failing write may write a part. A failing sync leaves the disk as described above.
void crash_fail(crash_plan *plan, crash_operation operation, crash_role role, uint64_t number, uint64_t times, int code);

/// How many operations have failed so.
uint64_t crash_failed(crash_plan *plan);

/// Codes of SQLite that tests inject.
extern const int crash_code_sync;
extern const int crash_code_write;
extern const int crash_code_truncate;
extern const int crash_code_full;

#endif
