/// One line of text in pieces of different style.
struct StyledLine: Sendable, Equatable {
    struct Piece: Sendable, Equatable {
        var text: String
        var style: Style
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: Style = .plain) { append(text, style) }

    mutating func append(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: Printable.line(text), style: style)) }
    }

    var text: String { pieces.map(\.text).joined() }

    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    func indented(_ margin: String, _ style: Style = .plain) -> StyledLine {
        var line = StyledLine(margin, style)
        line.pieces += pieces
        return line
    }

    /// Cut so that it takes at most `limit` columns.
    func fitted(to limit: Int) -> StyledLine {
        var line = StyledLine()
        var rest = limit
        for piece in pieces where rest > 0 {
            let text = DisplayWidth.truncate(piece.text, to: rest)
            line.append(text, piece.style)
            if text != piece.text { break }
            rest -= DisplayWidth.of(text)
        }
        return line
    }

    /// All of it in one style, filled up with spaces to `width`.
    func uniform(_ style: Style, width: Int) -> StyledLine {
        StyledLine(DisplayWidth.pad(fitted(to: width).text, to: width, .left), style)
    }

    /// For a screen of `width` columns, over what stood there before. Behind a full line the cursor stays on its last column:
    /// to erase from there would take that away.
    func redrawn(_ paint: Paint, width: Int) -> String {
        painted(paint) + (self.width < width ? "\u{1B}[K" : "")
    }

    func painted(_ paint: Paint) -> String { pieces.map { paint($0.text, $0.style) }.joined() }
}
