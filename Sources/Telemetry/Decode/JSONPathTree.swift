/// The JSON Pointers (RFC 6901) of a profile as one tree, so that a payload is walked once.
package struct JSONPathTree: Sendable {
    struct Node: BitwiseCopyable, Sendable {
        var firstEdge: Int32 = 0
        var edgeCount: Int32 = 0
        var edges: Range<Int32> { firstEdge..<firstEdge + edgeCount }
        /// Child for every element or member: a `*` level.
        var any: Int32 = -1
        /// Slot the value is kept in, negative if none.
        var slot: Int32 = -1
        /// Leaf that keeps the same value in one more slot, reduced in another way; negative if there is none.
        var also: Int32 = -1
        /// Range in `keys` of the member by which elements are found; empty unless the edges are selections.
        var memberStart: Int32 = 0
        var memberCount: Int32 = 0
        var isInRecord = false
        /// Every element met here begins a record.
        var isRecord = false
        /// All records below are of one device.
        var isOfOneDevice = false
        /// That device is named by the member's key; otherwise by a leaf.
        var isKeyedByDevice = false
        /// The value is that device, and not of the record at hand.
        var isOwner = false
        var reduction: Reduction?
        var numbersAreText = false
        var decimal = UInt8(ascii: ".")
        var sentinels = SentinelRange()
        /// Whether a value met here is put into its slot as it is, and that is all.
        var isPlainLeaf = false
    }

    struct Edge: BitwiseCopyable, Sendable {
        var keyStart: Int32
        var keyCount: Int32
        /// The first bytes of the key, zeros behind them: most keys are told apart by it.
        var beginning: UInt64
        /// Whether the key stands in JSON as it is.
        var isPlain: Bool
        /// The key as an array index, negative if it is none.
        var index: Int32
        var child: Int32
    }

    private(set) var nodes: [Node] = [Node()]
    private(set) var edges: [Edge] = []
    private(set) var keys: [UInt8] = []
    /// Whether any pointer begins a record per element.
    package private(set) var hasRecords = false

    /// The tree while it is built: edges are laid out flat at the end.
    package struct Builder {
        private final class Branch {
            var children: [(key: String, branch: Branch)] = []
            var any: Branch?
            var member: String?
            var node = Node()
            /// Further slots of the same value.
            var more: [Node] = []
        }
        private let root = Branch()
        private var hasRecords = false

        package init() {}

        /// - Parameter path: of the records; a `*` in its tokens is every element.
        package mutating func addRecords(at path: FieldPath) {
            branch(path.tokens).node.isRecord = true
            hasRecords = true
            guard let levels = path.ownerLevels else { return }
            let owner = branch(Array(path.tokens[..<levels]))
            owner.node.isOfOneDevice = true
            owner.node.isKeyedByDevice = path.isKeyedByDevice
        }

        /// - Parameter tokens: of the name of a device that stands above its records.
        package mutating func addOwner(at tokens: [String]) {
            let branch = branch(tokens)
            branch.node.isOwner = true
        }

        package mutating func add(
            _ tokens: [String], slot: RecordPlan.Slot, reduction: Reduction? = nil,
            numbersAreText: Bool = false, decimal: UInt8 = UInt8(ascii: "."),
            sentinels: SentinelRange = SentinelRange()
        ) {
            let branch = branch(tokens)
            var node = branch.node.slot < 0 ? branch.node : Node()
            node.slot = Int32(slot.index)
            node.isInRecord = slot.isInRecord
            node.reduction = reduction
            node.numbersAreText = numbersAreText
            node.decimal = decimal
            node.sentinels = sentinels
            if branch.node.slot < 0 { branch.node = node } else { branch.more.append(node) }
        }

        private func branch(_ tokens: [String]) -> Branch {
            var current = root
            for token in tokens {
                let selection = ElementSelection(token)
                if let selection { current.member = selection.member }
                let token = selection?.word ?? token
                if token == "*", selection == nil {
                    let next = current.any ?? Branch()
                    current.any = next
                    current = next
                } else if let found = current.children.first(where: { $0.key == token }) {
                    current = found.branch
                } else {
                    let next = Branch()
                    current.children.append((token, next))
                    current = next
                }
            }
            return current
        }

        package func build() -> JSONPathTree {
            var tree = JSONPathTree()
            tree.hasRecords = hasRecords
            tree.nodes = []
            _ = Self.lay(root, &tree)
            return tree
        }

        private static func lay(_ branch: Branch, _ tree: inout JSONPathTree) -> Int32 {
            let index = tree.nodes.count
            tree.nodes.append(branch.node)
            var last = index
            for node in branch.more {
                tree.nodes[last].also = Int32(tree.nodes.count)
                last = tree.nodes.count
                tree.nodes.append(node)
            }
            if let any = branch.any { tree.nodes[index].any = lay(any, &tree) }
            if let member = branch.member {
                tree.nodes[index].memberStart = Int32(tree.keys.count)
                tree.nodes[index].memberCount = Int32(member.utf8.count)
                tree.keys.append(contentsOf: member.utf8)
            }
            let children = branch.children.map { ($0.key, lay($0.branch, &tree)) }
            tree.nodes[index].firstEdge = Int32(tree.edges.count)
            tree.nodes[index].edgeCount = Int32(children.count)
            for (key, child) in children {
                let edge = Edge(
                    keyStart: Int32(tree.keys.count), keyCount: Int32(key.utf8.count),
                    beginning: key.utf8.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) },
                    isPlain: key.utf8.allSatisfy {
                        $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
                    },
                    index: JSONPathTree.index(key), child: child)
                tree.edges.append(edge)
                tree.keys.append(contentsOf: key.utf8)
            }
            let node = tree.nodes[index]
            tree.nodes[index].isPlainLeaf =
                node.edgeCount == 0 && node.any < 0 && node.slot >= 0 && node.also < 0
                && node.reduction == nil
                && !node.isRecord && !node.isOfOneDevice && !node.isOwner
            return Int32(index)
        }
    }

    /// `key` as an array index, negative if it is none: no sign, no leading zero (RFC 6901 section 4).
    private static func index(_ key: String) -> Int32 {
        guard let index = Int32(key), index >= 0, String(index) == key else { return -1 }
        return index
    }

    /// The tokens of a JSON Pointer, nil if it is none (RFC 6901 section 3).
    ///
    /// By scalars: to Swift a slash with an accent behind it is another character than a slash.
    package static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.unicodeScalars.first == "/" else { return nil }
        var tokens: [String] = []
        for part in pointer.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        {
            var token = String.UnicodeScalarView()
            var escaped = false
            for scalar in part {
                switch (escaped, scalar) {
                case (false, "~"): escaped = true
                case (false, _): token.append(scalar)
                case (true, "0"):
                    token.append("~")
                    escaped = false
                case (true, "1"):
                    token.append("/")
                    escaped = false
                default: return nil
                }
            }
            guard !escaped else { return nil }
            tokens.append(String(token))
        }
        return tokens
    }
}
