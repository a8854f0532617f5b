import InkCorpus
import InkSupport

extension StageSettings {
    /// Settings written as JSON.
    init(json: String, location: String) throws {
        guard case .object(let values) = try JSONValue(parsing: json, location: "settings") else {
            throw InputError(at: "settings", "not an object")
        }
        self.init(values, location: location)
    }
}
