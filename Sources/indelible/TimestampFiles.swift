// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The options that say whose time-stamps are relied on.
struct TimestampAuthorityOptions: ParsableArguments {
    @Option(
        name: .customLong("tsa-ca"), parsing: .singleValue,
        help: ArgumentHelp(
            "A certificate that stands behind a time-stamp authority, PEM or DER (default: keys/tsa/*.pem).",
            valueName: "file"), completion: .file())
    var certificates: [String] = []
    @Option(
        name: .customLong("tsa-crl"), parsing: .singleValue,
        help: ArgumentHelp(
            "A list of certificates that were revoked, PEM or DER (default: keys/tsa/*.crl).", valueName: "file"),
        completion: .file())
    var revocationLists: [String] = []
}

extension Workplace {
    /// The folder of what is known of time-stamp authorities.
    ///
    ///     keys/tsa/NAME.pem    a certificate that stands behind one
    ///     keys/tsa/NAME.crl    a list of certificates that were revoked
    ///     keys/tsa/urls        where to ask, one address a line; a line that begins with # says something to the reader
    var timestampFolder: FilePath { keys.appending("tsa") }

    /// Whose time-stamps are relied on: those of the certificates that are named, or of all in `keys/tsa`.
    func timestampAuthorities(_ options: TimestampAuthorityOptions) throws -> TimestampAuthorities {
        let certificates = try files(options.certificates, else: "pem")
        let lists = try files(options.revocationLists, else: "crl")
        // Read one by one, so that what is wrong is said of the file that has it.
        for path in certificates { _ = try authorities([path], []) }
        for path in lists { _ = try authorities([], [path]) }
        return try authorities(certificates, lists)
    }

    /// Where to ask for time-stamps: the addresses that are named, or those in `keys/tsa/urls`.
    func timestampAddresses(_ named: [String]) throws -> [String] {
        if !named.isEmpty { return named }
        let path = timestampFolder.appending("urls")
        let bytes = try DurableFile.readIfPresent(path, limit: 1 << 16) ?? []
        let lines = bytes.split(separator: 0x0A).filter { $0.first != UInt8(ascii: "#") }
        // An editor may have left blanks or carriage returns, which no address ends in.
        let addresses = lines.map { line in
            String(decoding: line.reversed().drop { $0 == 0x20 || $0 == 0x0D }.reversed(), as: UTF8.self)
        }.filter { !$0.isEmpty }
        guard !addresses.isEmpty else {
            throw Failure(
                .usage, "no time-stamp authority is named",
                hint: "name one with --tsa URL, or put its address on a line of \(Shown.path(path))")
        }
        return addresses
    }

    private func files(_ named: [String], else kind: String) throws -> [FilePath] {
        if !named.isEmpty { return named.map { FilePath($0) } }
        guard DurableFile.isFolder(timestampFolder) else { return [] }
        return try DurableFile.names(in: timestampFolder).filter { $0.extension == kind }.map {
            timestampFolder.appending($0)
        }
    }

    private func authorities(_ certificates: [FilePath], _ lists: [FilePath]) throws -> TimestampAuthorities {
        let limit = TimestampAuthorities.maximumByteCount
        do {
            return try TimestampAuthorities(
                certificates: certificates.map { try DurableFile.read($0, limit: limit) },
                revocationLists: lists.map { try DurableFile.read($0, limit: limit) })
        } catch let error as FormatError {
            let path = (certificates + lists).first.map { Shown.path($0) } ?? ""
            throw Failure(
                .usage, "\(path): \(error)",
                hint: "certificates are .pem files with BEGIN CERTIFICATE, lists of revoked ones .crl files")
        }
    }
}
