import Foundation
import Store

/// JSON in the words of the HTTP answers, one document with a newline behind it.
enum JSONText {
    static func document(_ value: some Encodable) throws -> String {
        String(decoding: try AnswerCoding.encoder.encode(value), as: UTF8.self) + "\n"
    }
}
