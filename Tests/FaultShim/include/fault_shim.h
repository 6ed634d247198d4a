/// The words of the control file, by which a test works the shim inside a running service. Each is an int64_t that both
/// sides map; the test writes the first five, the shim the rest.
enum fault_word {
    /// errno of every sync of a file, 0 for none.
    FAULT_SYNC_ERROR,
    /// Microseconds that every sync of a file takes longer.
    FAULT_SYNC_DELAY,
    /// Milliseconds that the clock of the day is ahead.
    FAULT_CLOCK_OFFSET,
    /// One of `fault_point`: where the process ends itself, as by kill -9.
    FAULT_KILL_POINT,
    /// How many times that point is still passed before.
    FAULT_KILL_COUNTDOWN,
    /// The point at which the process ended itself.
    FAULT_KILLED_AT,
    /// Syncs of files so far.
    FAULT_SYNCS,
    FAULT_WORDS
};

/// Points of the cycle read → commit → acknowledge, as system calls show them.
enum fault_point {
    FAULT_POINT_NONE,
    /// A message has been read whole, and the next is asked for.
    FAULT_POINT_AFTER_READ,
    /// The transaction is written and not yet synced.
    FAULT_POINT_BEFORE_COMMIT,
    /// The transaction is synced and nobody was told.
    FAULT_POINT_AFTER_COMMIT,
    /// Some acknowledgements of a burst have left, others have not.
    FAULT_POINT_IN_ACKNOWLEDGEMENTS
};
