import CMosquitto

/// The version of the libmosquitto in use, such as `2.0.11`. What `Broker` obeys was read in 2.0.11; Debian's fixes
/// for CVE-2024-10525 do not change the number, so the package version is for the packager to check.
package func mosquittoLibraryVersion() -> String {
    var major: Int32 = 0
    var minor: Int32 = 0
    var revision: Int32 = 0
    mosquitto_lib_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
}

/// Initialises the library once per process, on first use; it is never cleaned up, as clients may live until the
/// exit.
let libraryIsReady: Bool = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue
