#include <stddef.h>

/// How often memory was asked for since the process began.
long allocation_count(void);
