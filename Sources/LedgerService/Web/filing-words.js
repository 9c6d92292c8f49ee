// SPDX-License-Identifier: Apache-2.0
//
// The words of both pages that file something with a log: English, Simplified Chinese.

const filingWords = {
  languages: ["Language", "语言"],
  logLine: ["Log “{origin}” · trust list {fingerprint}", "登记册“{origin}” · 信任清单 {fingerprint}"],
  saveFiling: ["Save {name}", "保存 {name}"],
  heldTitle: ["Logged, but not yet published", "已入册，但尚未公布"],
  refusedTitle: ["The log does not take it", "登记册未接受"],
  answerTitle: ["The log's answer does not hold", "登记册的应答未通过核对"],
  whyForm: ["it is not in the form of a proof", "其形式不是凭证"],
  whyLog: ["the log's signature does not verify", "登记册的签名未通过核对"],
  whyQuorum: ["too few servers cosigned", "联署的服务器不足"],
  whyCosignature: ["a cosignature does not verify", "有联署未通过核对"],
  whyInclusion: ["the path does not lead from the entry to the log's root", "路径不能由条目通向登记册的根"],
  logSays: ["The log says:", "登记册称："],
  retry: ["Try again", "重试"],
};
