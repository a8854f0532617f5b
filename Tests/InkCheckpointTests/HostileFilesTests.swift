import Foundation
import InkCheckpoint
import InkSupport
import InkTestSupport
import Testing

/// Damaged and malicious files: refused with an error, or read; never a crash.
@Suite struct HostileFilesTests {
    private struct Manifest: Decodable {
        struct Entry: Decodable {
            let file: String
            let wrong: String
        }
        let refused: [Entry]
        let survived: [Entry]
        let sound: [Entry]

        static func read() throws -> Manifest { try Fixture.json(Manifest.self, "hostile/manifest.json") }
    }

    private static func readEverything(_ url: URL) throws {
        let checkpoint = try Checkpoint(contentsOf: url)
        for entry in checkpoint.entries {
            _ =
                entry.type.isFloatingPoint
                ? try checkpoint.tensor(entry.key).values.count : try checkpoint.integers(entry.key).count
        }
    }

    @Test func refusedFilesAreNamed() throws {
        for entry in try Manifest.read().refused {
            var thrown: (any Error)?
            do { try Self.readEverything(Fixture.url("hostile/\(entry.file)")) } catch { thrown = error }
            let error = try #require(thrown as? InputError, "\(entry.file): \(entry.wrong)")
            #expect(error.kind == .data)
            #expect(error.location.contains("hostile/"), "\(error)")
        }
    }

    @Test func oddFilesAreSurvived() throws {
        for entry in try Manifest.read().survived {
            do { try Self.readEverything(Fixture.url("hostile/\(entry.file)")) } catch is InputError {}
        }
    }

    @Test func soundFilesAreRead() throws {
        for entry in try Manifest.read().sound { try Self.readEverything(Fixture.url("hostile/\(entry.file)")) }
    }

    @Test(arguments: ["global-os-system", "global-eval", "global-stack", "global-getattr", "legacy-global"])
    func forbiddenNamesAreNamedWithTheRemedy(_ name: String) throws {
        let error = try #require(throws: InputError.self) {
            _ = try Checkpoint(contentsOf: Fixture.url("hostile/\(name).bin"))
        }
        #expect(error.found?.contains(".") == true)
        #expect(error.remedy?.contains("safetensors") == true)
    }

    @Test func pointersOfGitLFSAreRecognised() throws {
        let error = try #require(throws: InputError.self) {
            _ = try Checkpoint(contentsOf: Fixture.url("hostile/git-lfs-pointer.safetensors"))
        }
        #expect(error.remedy?.contains("git lfs pull") == true)
    }

    /// Cuts and flipped bits, chosen by a fixed rule, in a valid file of each form.
    @Test(arguments: [
        "safetensors-f16/model.safetensors", "zip-f16/pytorch_model.bin", "zip-protocol4/pytorch_model.bin",
        "legacy-f16/pytorch_model.bin", "odd/training-run-zip.bin", "odd/layouts-legacy.bin",
    ])
    func damagedFilesNeverCrash(_ path: String) throws {
        let whole = try [UInt8](Fixture.data(path))
        try withTemporaryFolder { folder in
            let file = folder.appending(path: URL(filePath: path).lastPathComponent)
            func survives(_ bytes: [UInt8]) throws -> Bool {
                try Data(bytes).write(to: file)
                do { try Self.readEverything(file) } catch is InputError { return false }
                return true
            }
            #expect(try survives(whole))
            for cut in 0..<20 { #expect(try !survives(Array(whole.prefix(whole.count * cut / 20)))) }
            for cut in 1...10 { #expect(try !survives(Array(whole.dropLast(cut)))) }
            var state: UInt64 = 0x1234_5678
            for round in 0..<60 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var damaged = whole
                // Headers, pickles and directories are at either end; most damage goes there.
                let reach = round % 4 == 0 ? whole.count : min(whole.count, 2500)
                let distance = Int(state >> 33) % reach
                let place = round % 2 == 0 ? distance : whole.count - 1 - distance
                damaged[place] = round % 3 == 0 ? 0xFF : damaged[place] ^ 1 << UInt8(state >> 29 & 7)
                _ = try survives(damaged)
            }
        }
    }
}
