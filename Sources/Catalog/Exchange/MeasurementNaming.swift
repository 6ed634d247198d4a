import Telemetry

/// What measurements are called here that other systems have a word for.
struct MeasurementNaming {
    private struct Row {
        var name: String
        var title: Title
        init(_ name: String, _ vi: String, _ en: String) {
            self.name = name
            title = Title(vi: vi, en: en)
        }
    }

    /// By device class of Home Assistant, and by property of Zigbee2MQTT.
    private static let known: [String: Row] = [
        "temperature": Row("temperature", "Nhiệt độ", "Temperature"),
        "device_temperature": Row("deviceTemperature", "Nhiệt độ thiết bị", "Temperature of the device"),
        "humidity": Row("relativeHumidity", "Độ ẩm", "Relative humidity"),
        "soil_moisture": Row("soilMoisture", "Độ ẩm đất", "Soil moisture"),
        "pressure": Row("atmosphericPressure", "Áp suất khí quyển", "Atmospheric pressure"),
        "atmospheric_pressure": Row("atmosphericPressure", "Áp suất khí quyển", "Atmospheric pressure"),
        "battery": Row("batteryLevel", "Pin", "Battery"),
        "illuminance": Row("illuminance", "Độ rọi", "Illuminance"),
        "illuminance_lux": Row("illuminance", "Độ rọi", "Illuminance"),
        "co2": Row("co2", "Khí CO2", "Carbon dioxide"),
        "carbon_dioxide": Row("co2", "Khí CO2", "Carbon dioxide"),
        "carbon_monoxide": Row("co", "Khí CO", "Carbon monoxide"),
        "pm25": Row("pm25", "Bụi PM2.5", "PM2.5"),
        "pm10": Row("pm10", "Bụi PM10", "PM10"),
        "voc": Row("voc", "Hợp chất hữu cơ bay hơi", "Volatile organic compounds"),
        "sound_pressure": Row("soundPressureLevel", "Mức ồn", "Sound pressure level"),
        "noise": Row("soundPressureLevel", "Mức ồn", "Sound pressure level"),
        "voltage": Row("voltage", "Điện áp", "Voltage"),
        "current": Row("current", "Dòng điện", "Current"),
        "power": Row("power", "Công suất", "Power"),
        "energy": Row("energy", "Điện năng", "Energy"),
        "frequency": Row("frequency", "Tần số", "Frequency"),
        "precipitation": Row("precipitation", "Lượng mưa", "Precipitation"),
        "wind_speed": Row("windSpeed", "Tốc độ gió", "Wind speed"),
        "distance": Row("distance", "Khoảng cách", "Distance"),
        "water": Row("waterVolume", "Lượng nước", "Volume of water"),
        "gas": Row("gasVolume", "Lượng khí", "Volume of gas"),
        "contact": Row("contact", "Cửa", "Contact"),
        "door": Row("door", "Cửa", "Door"),
        "window": Row("window", "Cửa sổ", "Window"),
        "occupancy": Row("occupancy", "Có người", "Occupied"),
        "presence": Row("presence", "Có người", "Presence"),
        "motion": Row("motion", "Chuyển động", "Motion"),
        "water_leak": Row("waterLeak", "Rò nước", "Water leak"),
        "moisture": Row("moisture", "Ẩm ướt", "Moisture"),
        "smoke": Row("smoke", "Khói", "Smoke"),
        "vibration": Row("vibration", "Rung", "Vibration"),
        "tamper": Row("tamper", "Bị tháo mở", "Tampered with"),
        "battery_low": Row("batteryLow", "Pin yếu", "Battery low"),
        "state": Row("switchState", "Bật tắt", "On or off"),
    ]

    private var taken: Set<String> = []

    /// - Parameters:
    ///   - word: what kind of value it is to the other system, or what it calls it.
    ///   - label: what it calls it for people.
    mutating func name(_ word: String, label: String?) -> (name: String, title: Title) {
        let row = Self.known[word.lowercased()]
        let name = row?.name ?? Self.camelCase(word)
        let title = row?.title ?? Title(vi: label ?? word, en: label ?? word)
        guard taken.contains(name) else {
            taken.insert(name)
            return (name, title)
        }
        var number = 2
        while !taken.insert("\(name)\(number)").inserted { number += 1 }
        guard let label, label != title.en else {
            return ("\(name)\(number)", Title(vi: "\(title.vi) \(number)", en: "\(title.en) \(number)"))
        }
        return ("\(name)\(number)", Title(vi: label, en: label))
    }

    /// `soil temperature_2` as `soilTemperature2`.
    private static func camelCase(_ word: String) -> String {
        let parts = Identifier.slug(word, ".", "_").split(separator: "-")
        let name = parts.enumerated().map {
            $0 == 0 ? String($1) : $1.prefix(1).uppercased() + $1.dropFirst()
        }
        .joined()
        return Identifier.isMeasurement(name) ? name : "value\(name)"
    }
}
