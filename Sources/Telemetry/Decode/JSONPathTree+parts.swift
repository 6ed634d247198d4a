extension JSONPathTree {
    /// A tree as plain memory, for the time of a walk: its arrays would be counted at every member.
    struct Parts: BitwiseCopyable {
        let nodes: UnsafePointer<Node>
        private let edges: UnsafeBufferPointer<Edge>
        private let keys: UnsafeBufferPointer<UInt8>

        fileprivate init(
            _ nodes: UnsafePointer<Node>, _ edges: UnsafeBufferPointer<Edge>,
            _ keys: UnsafeBufferPointer<UInt8>
        ) {
            self.nodes = nodes
            self.edges = edges
            self.keys = keys
        }
    }

    @inline(__always)
    func withParts<Result>(_ body: (Parts) -> Result) -> Result {
        nodes.withUnsafeBufferPointer { nodes in
            edges.withUnsafeBufferPointer { edges in
                keys.withUnsafeBufferPointer { keys in body(Parts(nodes.baseAddress!, edges, keys)) }
            }
        }
    }
}

extension JSONPathTree.Parts {
    @inline(__always)
    func edge(_ index: Int32) -> JSONPathTree.Edge { edges[Int(index)] }

    /// The node behind an edge.
    @inline(__always)
    func child(_ edge: Int32) -> Int32 { edges[Int(edge)].child }

    func key(_ edge: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = Int(edges[Int(edge)].keyStart)
        return UnsafeBufferPointer(rebasing: keys[start..<start + Int(edges[Int(edge)].keyCount)])
    }

    /// The member by which elements are found.
    func member(_ node: JSONPathTree.Node) -> UnsafeBufferPointer<UInt8> {
        let start = Int(node.memberStart)
        return UnsafeBufferPointer(rebasing: keys[start..<start + Int(node.memberCount)])
    }

    /// The edge of `key`, negative if there is none.
    /// - Parameter beginning: the first bytes of it, zeros behind them.
    func find(_ key: UnsafeBufferPointer<UInt8>, _ beginning: UInt64, among range: Range<Int32>) -> Int32 {
        for index in range {
            let edge = edges[Int(index)]
            guard edge.beginning == beginning, Int(edge.keyCount) == key.count else { continue }
            if key.count <= 8 || self.key(index).isSame(as: key) { return index }
        }
        return -1
    }

    /// The edge of a key that is written with escapes. They are rare.
    func find(escaped key: UnsafeBufferPointer<UInt8>, among range: Range<Int32>) -> Int32 {
        JSONKey.unescape(key).withUnsafeBufferPointer { plain in
            range.first { self.key($0).isSame(as: plain) } ?? -1
        }
    }

    /// The edge of the element at `position`, negative if there is none.
    @inline(__always)
    func find(at position: Int32, among range: Range<Int32>) -> Int32 {
        for index in range where edges[Int(index)].index == position { return index }
        return -1
    }

    /// The edge whose key is what `word` says, negative if there is none.
    func find(_ word: FieldValue, in bytes: UnsafePointer<UInt8>, among range: Range<Int32>) -> Int32 {
        range.first { word.says(key($0), in: bytes) } ?? -1
    }
}
