// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage

/// What was erased, what was not, and what no program can erase.
struct ForgetReport {
    let erased: [(path: FilePath, outcome: Erasure.Outcome)]
    let failures: [FileError]
    /// What stands beside the documents still.
    let kept: [FilePath]

    func show(in workplace: Workplace) {
        if workplace.speaksJSON { return Console.data(json) }
        for line in lines(workplace.language) { Console.note(line) }
    }

    private func lines(_ language: Language) -> [String] {
        let english = language == .english
        var lines = erased.map { path, outcome in
            let what =
                switch outcome {
                case .overwritten: english ? "overwritten once and removed" : "已覆写一次并删除"
                case .hasOtherNames:
                    english
                        ? "name removed, NOT overwritten: the same bytes have other names (hard links)"
                        : "已删除名称,未覆写:同一内容另有名称(硬链接)"
                case .wasLink: english ? "link removed, NOT what it points to" : "已删除链接,未动其所指"
                case .removed: english ? "removed" : "已删除"
                }
            return Shown.path(path) + (english ? ": " : ":") + what
        }
        for failure in failures { lines.append(english ? "NOT ERASED: \(failure)" : "未能抹除:\(failure)") }
        for path in kept { lines.append(english ? "\(Shown.path(path)): still there" : "\(Shown.path(path)):仍在") }
        lines.append(english ? "What this does not reach, and may still hold it:" : "以下各处无法抹除,可能仍有留存:")
        return lines + Self.beyond(language).map { "  " + $0 }
    }

    /// What may still tell of it. No program can say that these are clean.
    static func beyond(_ language: Language) -> [String] {
        switch language {
        case .english:
            [
                "old blocks: the file system's journal, and what a flash disk keeps of blocks that were written again",
                "snapshots, backups, and synchronised copies elsewhere",
                "swap, hibernation, and what other programs had open or keep as recent files and thumbnails",
                "the shell's history, which names the files",
                "the documents wherever else they are: the camera, the telephone, mail, whoever has them",
                "proofs, private files and papers that were handed out",
                "the log's entry: it stays for ever; it shows the key and the time, and no text",
            ]
        case .chinese:
            [
                "旧数据块:文件系统日志,闪存盘因磨损均衡而留下的旧块",
                "快照、备份、同步到别处的副本",
                "交换区、休眠文件,其他程序打开过的内容、最近文件列表、缩略图",
                "命令行历史记录,其中有文件名",
                "别处的原件:相机、手机、邮件、他人手中",
                "已交给他人的凭证、私存件、纸张",
                "登记册中的条目:永远保留;其中有密钥和时间,没有正文",
            ]
        }
    }

    private var json: JSON {
        .object([
            JSON.Member(
                "erased",
                .array(
                    erased.map { path, outcome in
                        .object([
                            JSON.Member("path", .text(Shown.path(path))),
                            JSON.Member("overwritten", .bool(outcome == .overwritten)),
                        ])
                    })),
            JSON.Member("not_erased", .array(failures.map { .text("\($0)") })),
            JSON.Member("still_there", .array(kept.map { .text(Shown.path($0)) })),
            JSON.Member("beyond_reach", .array(Self.beyond(.english).map { .text($0) })),
        ])
    }
}
