import Foundation
import TestSupport
import Testing

@testable import Console

@Suite("Access token")
struct AccessTokenTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/token" }

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ text: String, mode: Int) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("is made once, for its owner alone, and read from then on")
    func make() throws {
        let made = try AccessToken.load(path)
        #expect(made.value.count == 64)
        #expect(made.value.allSatisfy { $0.isHexDigit })
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(try AccessToken.load(path) == made)
        #expect(try AccessToken.load(directory.path + "/other") != made)
    }

    @Test("is refused if other users may read it", arguments: [0o644, 0o640, 0o604, 0o660])
    func readableByOthers(mode: Int) throws {
        try write(String(repeating: "x", count: 32), mode: mode)
        #expect(throws: AccessTokenError.readableByOthers(path, mode: UInt(mode))) {
            try AccessToken.load(path)
        }
        #expect(
            AccessTokenError.readableByOthers("/t", mode: 0o644).description
                == "/t: other users may read the access token (mode 644); run `chmod 600 /t`")
    }

    @Test(
        "is refused if it is empty, short, two words or not ASCII",
        arguments: ["", "\n", "short", "0123456789abcdef x", "mật-khẩu-mật-khẩu"])
    func notAToken(text: String) throws {
        try write(text, mode: 0o600)
        #expect(throws: AccessTokenError.notAToken(path)) { try AccessToken.load(path) }
    }

    @Test("of an operator's own making may end in a line break")
    func ownToken() throws {
        try write("0123456789abcdef\r\n", mode: 0o400)
        #expect(try AccessToken.load(path).value == "0123456789abcdef")
    }

    @Test("says where it cannot be written or read")
    func noDirectory() throws {
        #expect(throws: AccessTokenError.notWritable("/nowhere/token", reason: "No such file or directory")) {
            try AccessToken.load("/nowhere/token")
        }
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
        #expect(throws: AccessTokenError.self) { try AccessToken.load(path) }
    }

    @Test("matches itself and nothing else")
    func matches() {
        let token = AccessToken("abc")
        #expect(token.matches("abc"))
        for other in ["", "ab", "abd", "abcabc", "abcd", "xbc"] { #expect(!token.matches(other)) }
    }
}
