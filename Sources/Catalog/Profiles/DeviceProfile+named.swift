package import Telemetry

/// A profile that was asked for and is not there.
package struct UnknownProfile: Error, Equatable, CustomStringConvertible {
    package let description: String

    fileprivate init(_ id: String, among profiles: [DeviceProfile]) {
        let domain = id.prefix { $0 != "/" } + "/"
        let near = profiles.map(\.id).filter { $0.hasPrefix(domain) }
        let known = near.isEmpty ? profiles.map(\.id) : near
        description = "there is no profile \(id); known: \(known.joined(separator: ", "))"
    }
}

extension [DeviceProfile] {
    /// The one whose id is `id`.
    /// - Throws: `UnknownProfile`, which names those of its domain.
    package func named(_ id: String) throws(UnknownProfile) -> DeviceProfile { self[try index(named: id)] }

    package func index(named id: String) throws(UnknownProfile) -> Int {
        guard let index = firstIndex(where: { $0.id == id }) else { throw UnknownProfile(id, among: self) }
        return index
    }
}
