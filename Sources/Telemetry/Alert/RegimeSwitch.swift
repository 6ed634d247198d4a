/// An operator switched a regime on or off.
package struct RegimeSwitch: Sendable, Equatable {
    package var regime: String
    package var isOn: Bool
    package var at: Milliseconds
    package var operatorName: String
    package var comment: String?

    package init(
        regime: String, isOn: Bool, at: Milliseconds = 0, operatorName: String, comment: String? = nil
    ) {
        self.regime = regime
        self.isOn = isOn
        self.at = at
        self.operatorName = operatorName
        self.comment = comment
    }
}
