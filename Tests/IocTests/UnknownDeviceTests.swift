import Testing

@testable import ioc

@Suite("An unknown device")
struct UnknownDeviceTests {
    private func shellWord(_ name: String) -> String {
        UnknownDevice(name: name, profiles: [], topics: [], count: 1, firstMs: 0, lastMs: 0, payload: "")
            .shellWord
    }

    @Test("has its name as one word of a shell, whatever it is called")
    func shellWords() {
        #expect(shellWord("jr-001") == "'jr-001'")
        #expect(shellWord("a'; reboot; '") == #"'a'\''; reboot; '\'''"#)
        #expect(shellWord("a\u{1B}]0;x\u{7}") == #"'a\x1b]0;x\x07'"#)
    }
}
