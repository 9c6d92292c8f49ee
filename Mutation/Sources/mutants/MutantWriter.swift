// SPDX-License-Identifier: Apache-2.0
import SwiftOperators
import SwiftParser
import SwiftSyntax

/// Rewrites a source file so that it holds all of its mutants, each asleep until its number is the active one.
///
///     guard a == b, ok else { throw … }    guard madeTrue(1, flipped(0, a == b)), madeTrue(3, flipped(2, ok)) else { … }
///
/// Left alone are `precondition` and its like (they guard against our own mistakes, not against what comes from
/// outside), patterns, and whatever would not compile.
final class MutantWriter: SyntaxRewriter {
    private let file: String
    private let converter: SourceLocationConverter
    private let nextNumber: Int
    private(set) var mutants: [Mutant] = []

    /// The file's mutants and its new text.
    static func rewrite(_ source: String, file: String, from number: Int) -> (mutants: [Mutant], text: String) {
        let parsed = Parser.parse(source: source)
        let folded = OperatorTable.standardOperators.foldAll(parsed) { _ in }
        let writer = MutantWriter(file: file, tree: parsed, from: number)
        let text = writer.rewrite(folded).description
        let marks = ["@inlinable ", "@inlinable\n", "@inline(__always) ", "@inline(__always)\n"]
        // What is inlined elsewhere would need this module there.
        return (writer.mutants, "import Mutants\n" + marks.reduce(text) { $0.replacing($1, with: "") })
    }

    private init(file: String, tree: SourceFileSyntax, from number: Int) {
        self.file = file
        nextNumber = number
        converter = SourceLocationConverter(fileName: file, tree: tree)
        super.init()
    }

    private func number(_ kind: Mutant.Kind, of node: some SyntaxProtocol, as text: String? = nil) -> Int {
        let line = node.startLocation(converter: converter).line
        let words = (text ?? node.trimmedDescription).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let mutant = Mutant(
            number: nextNumber + mutants.count, file: file, line: line, kind: kind, text: words)
        mutants.append(mutant)
        return mutant.number
    }

    private static func expression(_ text: String) -> ExprSyntax {
        var parser = Parser(text)
        return ExprSyntax.parse(from: &parser)
    }

    // MARK: Truth values

    /// Around an expression, between the white space that it had.
    private func call(_ words: String, _ expression: ExprSyntax) -> ExprSyntax {
        let call = Self.expression("\(words)\(expression.trimmedDescription))")
        return call.with(\.leadingTrivia, expression.leadingTrivia).with(\.trailingTrivia, expression.trailingTrivia)
    }

    /// A clause with its inversion, unless it has that inside it.
    private func clause(_ original: ExprSyntax, _ rewritten: ExprSyntax) -> ExprSyntax {
        var inner = original
        while let next = inner.as(TryExprSyntax.self)?.expression { inner = next }
        if let infix = inner.as(InfixOperatorExprSyntax.self), infix.isComparison || infix.isLogical {
            return rewritten
        }
        if inner.is(BooleanLiteralExprSyntax.self) { return rewritten }
        return call("flipped(\(number(.inverted, of: original)), ", rewritten)
    }

    override func visit(_ node: InfixOperatorExprSyntax) -> ExprSyntax {
        guard let sign = node.sign else { return super.visit(node) }
        let left = visit(node.leftOperand)
        let right = visit(node.rightOperand)
        if node.isLogical {
            let kind: Mutant.Kind = sign == "&&" ? .clauseHolds : .clauseFails
            let word = sign == "&&" ? "madeTrue" : "madeFalse"
            func operand(_ original: ExprSyntax, _ rewritten: ExprSyntax) -> ExprSyntax {
                if original.as(InfixOperatorExprSyntax.self)?.sign == sign { return rewritten }
                return call("\(word)(\(number(kind, of: original)), ", clause(original, rewritten))
            }
            return ExprSyntax(
                node.with(\.leftOperand, operand(node.leftOperand, left))
                    .with(\.rightOperand, operand(node.rightOperand, right)))
        }
        let compared = ExprSyntax(node.with(\.leftOperand, left).with(\.rightOperand, right))
        guard node.isComparison else { return compared }
        let flipped = call("flipped(\(number(.inverted, of: node)), ", compared)
        let others = ["<": "<=", "<=": "<", ">": ">=", ">=": ">"]
        let hasNumber =
            node.leftOperand.is(IntegerLiteralExprSyntax.self)
            || node.rightOperand.is(IntegerLiteralExprSyntax.self)
        guard let other = others[sign], !hasNumber else { return flipped }
        let moved = number(.boundary, of: node)
        let operands = (left.trimmedDescription, right.trimmedDescription)
        let text = "(isMutant(\(moved)) ? (\(operands.0) \(other) \(operands.1)) : \(flipped.trimmedDescription))"
        return Self.expression(text).with(\.leadingTrivia, compared.leadingTrivia)
            .with(\.trailingTrivia, compared.trailingTrivia)
    }

    override func visit(_ node: TernaryExprSyntax) -> ExprSyntax {
        guard let rewritten = super.visit(node).as(TernaryExprSyntax.self) else { return ExprSyntax(node) }
        return ExprSyntax(rewritten.with(\.condition, clause(node.condition, rewritten.condition)))
    }

    override func visit(_ node: WhereClauseSyntax) -> WhereClauseSyntax {
        let rewritten = super.visit(node)
        let holds = call(
            "madeTrue(\(number(.clauseHolds, of: node.condition)), ", clause(node.condition, rewritten.condition))
        return rewritten.with(
            \.condition, call("madeFalse(\(number(.clauseFails, of: node.condition)), ", holds))
    }

    override func visit(_ node: ReturnStmtSyntax) -> StmtSyntax {
        guard let value = node.expression?.as(BooleanLiteralExprSyntax.self) else { return super.visit(node) }
        let flipped = call("flipped(\(number(.inverted, of: node)), ", ExprSyntax(value))
        return StmtSyntax(node.with(\.expression, flipped))
    }

    // MARK: Conditions

    override func visit(_ node: GuardStmtSyntax) -> StmtSyntax {
        guard let rewritten = super.visit(node).as(GuardStmtSyntax.self) else { return StmtSyntax(node) }
        let conditions = zip(node.conditions, rewritten.conditions).map { original, element in
            guard case .expression(let text) = original.condition, case .expression(let inner) = element.condition
            else { return element }
            let holds = call("madeTrue(\(number(.clauseHolds, of: text)), ", clause(text, inner))
            return element.with(\.condition, .expression(holds))
        }
        return StmtSyntax(rewritten.with(\.conditions, ConditionElementListSyntax(conditions)))
    }

    override func visit(_ node: IfExprSyntax) -> ExprSyntax {
        guard let rewritten = super.visit(node).as(IfExprSyntax.self) else { return ExprSyntax(node) }
        var conditions = zip(node.conditions, rewritten.conditions).map { original, element in
            guard case .expression(let text) = original.condition, case .expression(let inner) = element.condition
            else { return element }
            var condition = clause(text, inner)
            if node.conditions.count > 1 {
                condition = call("madeTrue(\(number(.clauseHolds, of: text)), ", condition)
            }
            return element.with(\.condition, .expression(condition))
        }
        let never = number(.never, of: node, as: "if \(node.conditions.trimmedDescription)")
        conditions[conditions.count - 1] = conditions[conditions.count - 1].trimmed.with(\.trailingComma, .commaToken())
        conditions.append(
            ConditionElementSyntax(
                leadingTrivia: .space, condition: .expression(Self.expression("!isMutant(\(never))")),
                trailingTrivia: .space))
        return ExprSyntax(rewritten.with(\.conditions, ConditionElementListSyntax(conditions)))
    }

    override func visit(_ node: WhileStmtSyntax) -> StmtSyntax {
        guard let rewritten = super.visit(node).as(WhileStmtSyntax.self) else { return StmtSyntax(node) }
        let conditions = zip(node.conditions, rewritten.conditions).map { original, element in
            guard case .expression(let text) = original.condition, case .expression(let inner) = element.condition
            else { return element }
            return element.with(\.condition, .expression(clause(text, inner)))
        }
        return StmtSyntax(rewritten.with(\.conditions, ConditionElementListSyntax(conditions)))
    }

    // MARK: Calls and numbers

    override func visit(_ node: FunctionCallExprSyntax) -> ExprSyntax {
        let name = node.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text
        if let name, Self.traps.contains(name) { return ExprSyntax(node) }
        let rewritten = super.visit(node)
        if let name, let other = ["min": "max", "max": "min"][name], node.arguments.count == 2,
            let call = rewritten.as(FunctionCallExprSyntax.self)
        {
            let swapped = call.with(\.calledExpression, Self.expression(other)).trimmedDescription
            let text = "(isMutant(\(number(.extreme, of: node))) ? \(swapped) : \(call.trimmedDescription))"
            return Self.expression(text).with(\.leadingTrivia, rewritten.leadingTrivia)
                .with(\.trailingTrivia, rewritten.trailingTrivia)
        }
        let member = node.calledExpression.as(MemberAccessExprSyntax.self)?.declName.baseName.text
        guard let member, Self.questions.contains(member), !isClause(node), !node.description.contains("?.") else {
            return rewritten
        }
        return call("flipped(\(number(.inverted, of: node)), ", rewritten)
    }

    /// Whether the expression will be inverted as a clause, or compared.
    private func isClause(_ node: some ExprSyntaxProtocol) -> Bool {
        guard let parent = node.parent else { return true }
        if parent.is(TryExprSyntax.self) || parent.is(PrefixOperatorExprSyntax.self) { return true }
        if let infix = parent.as(InfixOperatorExprSyntax.self) { return infix.isLogical || infix.isComparison }
        return parent.is(ConditionElementSyntax.self) || parent.is(TernaryExprSyntax.self)
            || parent.is(WhereClauseSyntax.self)
    }

    override func visit(_ node: IntegerLiteralExprSyntax) -> ExprSyntax {
        guard isLimit(node) else { return ExprSyntax(node) }
        let digits = node.literal.text.replacing("_", with: "")
        let isHex = digits.hasPrefix("0x")
        guard let value = Int(isHex ? String(digits.dropFirst(2)) : digits, radix: isHex ? 16 : 10) else {
            return ExprSyntax(node)
        }
        let text = "\(node.literal.text) in \((node.parent ?? Syntax(node)).trimmedDescription)"
        // Neither a byte of 256 nor a count of -1 would compile.
        var others: [String] = []
        if value != 0xFF { others.append("\(number(.more, of: node, as: text)), \(value + 1)") }
        if value != 0 { others.append("\(number(.less, of: node, as: text)), \(value - 1)") }
        return others.reduce(ExprSyntax(node)) { call("replaced(\($1), ", $0) }
    }

    private func isLimit(_ node: IntegerLiteralExprSyntax) -> Bool {
        if let infix = node.parent?.as(InfixOperatorExprSyntax.self) {
            if infix.isComparison { return true }
            guard ["..<", "..."].contains(infix.sign), let around = infix.parent else { return false }
            return !around.is(ExpressionPatternSyntax.self) && around.parent?.is(FunctionParameterSyntax.self) != true
        }
        guard let value = node.parent?.as(InitializerClauseSyntax.self),
            let variable = value.parent?.parent?.parent?.as(VariableDeclSyntax.self)
        else { return false }
        return variable.modifiers.contains { $0.name.text == "static" }
    }

    override func visit(_ node: CodeBlockItemSyntax) -> CodeBlockItemSyntax {
        let rewritten = super.visit(node)
        guard case .expr(let expression) = node.item, case .expr(let inner) = rewritten.item else { return rewritten }
        let called = (expression.as(TryExprSyntax.self)?.expression ?? expression).as(FunctionCallExprSyntax.self)
        guard let called, !givesValue(node) else { return rewritten }
        let name = called.calledExpression.trimmedDescription
        guard !Self.traps.contains(name), !name.hasSuffix(".init"), !Self.isUnseen(name) else { return rewritten }
        let number = number(.skipped, of: expression)
        let text = "if !isMutant(\(number)) { \(inner.trimmedDescription) }"
        var parser = Parser(text)
        return rewritten.with(\.item, .stmt(StmtSyntax.parse(from: &parser))).with(\.leadingTrivia, node.leadingTrivia)
            .with(\.trailingTrivia, node.trailingTrivia)
    }

    /// Whether the item is the value of the body that it is alone in.
    private func givesValue(_ item: CodeBlockItemSyntax) -> Bool {
        guard let list = item.parent?.as(CodeBlockItemListSyntax.self), list.count == 1 else { return false }
        guard let owner = list.parent else { return false }
        guard let block = owner.as(CodeBlockSyntax.self) else {
            // A case of a switch, the body of a closure or of a computed property.
            if let cases = owner.as(SwitchCaseSyntax.self)?.parent?.parent { return givesValue(cases) }
            return true
        }
        if let function = block.parent?.as(FunctionDeclSyntax.self) { return function.signature.returnClause != nil }
        if block.parent?.is(IfExprSyntax.self) == true { return block.parent.map(givesValue) ?? true }
        return block.parent?.is(AccessorDeclSyntax.self) == true
    }

    private func givesValue(_ choice: Syntax) -> Bool {
        guard let parent = choice.parent else { return true }
        if parent.is(IfExprSyntax.self) { return givesValue(parent) }
        if let item = parent.as(ExpressionStmtSyntax.self)?.parent?.as(CodeBlockItemSyntax.self) {
            return givesValue(item)
        }
        return parent.as(CodeBlockItemSyntax.self).map(givesValue) ?? true
    }

    /// Whether no test can see that a call of this name is not made: it sets room aside beforehand, gives memory back,
    /// wipes it, or empties OpenSSL's list of errors, which is read only behind what adds to it.
    private static func isUnseen(_ name: String) -> Bool {
        name.hasSuffix(".reserveCapacity") || name.hasSuffix("_free") || name == "free" || name == "sodium_memzero"
            || name == "ERR_clear_error"
    }

    private static let traps: Set<String> = [
        "precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError",
    ]
    private static let questions: Set<String> = [
        "contains", "allSatisfy", "hasPrefix", "hasSuffix", "starts", "elementsEqual",
    ]
}

extension InfixOperatorExprSyntax {
    /// The operator, such as `==`.
    var sign: String? { self.operator.as(BinaryOperatorExprSyntax.self)?.operator.text }

    var isComparison: Bool { ["==", "!=", "<", "<=", ">", ">=", "===", "!=="].contains(sign) }

    var isLogical: Bool { ["&&", "||"].contains(sign) }
}
